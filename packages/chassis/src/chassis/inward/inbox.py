"""What a consumer remembers of others' streams: heard, refused, parked, buried."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from chassis.inward.outcome import Outcome, Stream
from ledger import heard, parked
from ledger.connect import ACQUIRE_S, Pool
from ledger.heard import Before
from ledger.parked import ParkedRecord, Waiting

if TYPE_CHECKING:
    from chassis.runtime import Runtime


class Inbox(Protocol):
    """The memory of one consumer; what it writes is committed when it answers."""

    async def before(
        self, streams: Sequence[Stream], commands: Sequence[tuple[UUID, UUID]]
    ) -> Before:
        """Return what is known of streams, and of commands by authority and id."""

    async def write(self, outcome: Outcome) -> None:
        """Write all that a batch came to, or nothing. Raises Overtaken."""

    async def next_due(self) -> Waiting | None:
        """Return a parked stream whose pause is over."""

    async def waiting(self, due: Waiting, limit: int) -> list[ParkedRecord]:
        """Return what waits of a stream, in its order."""

    async def attempted(self, record: ParkedRecord, reason: str) -> None:
        """Note that a stream's first record failed again; the next pause is longer."""

    async def applied(self, outcome: Outcome, record: ParkedRecord) -> None:
        """Write what a record that waited came to; it waits no more, unless the outcome says so.

        Raises Overtaken, Gone.
        """


class PostgresInbox:
    """Remembers in the service's own store; what was heard waits for the disk."""

    def __init__(self, runtime: "Runtime") -> None:
        self._pool: Pool = runtime.worker_pool
        self._consumer = runtime.service.name

    async def before(
        self, streams: Sequence[Stream], commands: Sequence[tuple[UUID, UUID]]
    ) -> Before:
        """Return what is known, in one exchange."""
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            return await heard.before(connection, self._consumer, streams, commands)

    async def write(self, outcome: Outcome) -> None:
        """Write it in one transaction; once more record by record, if it holds a culprit."""
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            await outcome.write(connection)

    async def next_due(self) -> Waiting | None:
        """Return a parked stream whose pause is over."""
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.next_due(connection, self._consumer)

    async def waiting(self, due: Waiting, limit: int) -> list[ParkedRecord]:
        """Return what waits of a stream, in its order."""
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.records(
                connection, self._consumer, due.tenant, due.stream_id, limit
            )

    async def attempted(self, record: ParkedRecord, reason: str) -> None:
        """Note that a stream's first record failed again."""
        stream = (record.consumer, record.tenant, record.stream_id)
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            await parked.attempted(connection, *stream, reason)

    async def applied(self, outcome: Outcome, record: ParkedRecord) -> None:
        """Write what a record came to and take it away, in one transaction."""
        async with (
            self._pool.acquire(timeout=ACQUIRE_S) as connection,
            connection.transaction(),
        ):
            await outcome.write(connection)
            if (record.tenant, record.stream_id) not in outcome.reasons:
                await parked.remove(connection, record)
