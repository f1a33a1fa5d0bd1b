"""What the relay remembers: how far it has come, and the streams of which an event cannot go."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from chassis.commands.own_events import RELAY
from ledger import checkpoints, parked
from ledger.checkpoints import Checkpoint, Lease
from ledger.connect import ACQUIRE_S
from ledger.feed import Cursor
from ledger.heard import Stream
from ledger.parked import ParkedRecord, Waiting

if TYPE_CHECKING:
    from chassis.runtime import Runtime


class Outbox(Protocol):
    """The relay's own memory, kept by its one leader."""

    async def resume(self) -> Checkpoint:
        """Return where to go on. Raises Superseded, HistoryChanged."""

    async def advance(
        self,
        since: Cursor,
        to: Cursor,
        seen_to: int,
        unsent: Sequence[ParkedRecord],
        reasons: Mapping[Stream, str],
    ) -> None:
        """Move the checkpoint; what was passed over unsent waits from then on. Raises Superseded.

        `reasons` says of some of the streams why they wait.
        """

    async def blocked(self, streams: Sequence[Stream]) -> set[Stream]:
        """Return which of the streams wait."""

    async def any_waits(self) -> bool:
        """Return whether any stream waits."""

    async def next_due(self) -> Waiting | None:
        """Return a stream that is to be tried again now."""

    async def waiting(self, due: Waiting, limit: int) -> list[ParkedRecord]:
        """Return what waits of a stream, in its order."""

    async def attempted(self, record: ParkedRecord, reason: str) -> None:
        """Note that a stream's first record failed again; the next pause is longer."""

    async def sent(self, record: ParkedRecord) -> None:
        """Take away what waits no more. Raises Gone."""


class PostgresOutbox:
    """Remembers in the service's own store.

    A checkpoint that nothing is parked with does not wait for the disk: what it says is made again.
    """

    def __init__(self, runtime: "Runtime", lease: Lease) -> None:
        self._workers = runtime.worker_pool
        self._followers = runtime.follower_pool
        self._lease = lease

    async def resume(self) -> Checkpoint:
        """Return where to go on."""
        async with self._workers.acquire(timeout=ACQUIRE_S) as connection:
            return await checkpoints.resume(connection, self._lease)

    async def advance(
        self,
        since: Cursor,
        to: Cursor,
        seen_to: int,
        unsent: Sequence[ParkedRecord],
        reasons: Mapping[Stream, str],
    ) -> None:
        """Move the checkpoint and park, in one transaction."""
        if not unsent:
            async with self._followers.acquire(timeout=ACQUIRE_S) as connection:
                await checkpoints.advance(connection, self._lease, since, to, seen_to)
            return
        async with (
            self._workers.acquire(timeout=ACQUIRE_S) as connection,
            connection.transaction(),
        ):
            await checkpoints.advance(connection, self._lease, since, to, seen_to)
            await parked.add(connection, unsent, reasons)

    async def blocked(self, streams: Sequence[Stream]) -> set[Stream]:
        """Return which of the streams wait."""
        async with self._workers.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.parked_streams(connection, RELAY, streams)

    async def any_waits(self) -> bool:
        """Return whether any stream waits."""
        async with self._workers.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.any_of(connection, RELAY)

    async def next_due(self) -> Waiting | None:
        """Return a stream that is to be tried again now."""
        async with self._workers.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.next_due(connection, RELAY)

    async def waiting(self, due: Waiting, limit: int) -> list[ParkedRecord]:
        """Return what waits of a stream, in its order."""
        async with self._workers.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.records(connection, RELAY, due.tenant, due.stream_id, limit)

    async def attempted(self, record: ParkedRecord, reason: str) -> None:
        """Note that a stream's first record failed again."""
        async with self._workers.acquire(timeout=ACQUIRE_S) as connection:
            await parked.attempted(connection, RELAY, record.tenant, record.stream_id, reason)

    async def sent(self, record: ParkedRecord) -> None:
        """Take away what waits no more."""
        async with self._workers.acquire(timeout=ACQUIRE_S) as connection:
            await parked.remove(connection, record)
