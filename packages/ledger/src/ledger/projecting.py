"""Projections: pure functions from facts to writes, run by page with their checkpoint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from ledger.checkpoints import Lease, Superseded, advance, resume
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Pool
from ledger.envelope import Recorded
from ledger.feed import Cursor, Feed, Page
from ledger.registry import Registry
from ledger.sharding import By, shard_of
from ledger.writes import Write
from ledger.writing import send

PAGE = 1_000
"""Events in one transaction of a projection."""

NOT_ITS_OWN = (
    Superseded,
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
)
"""Faults of the moment or the machine. Any other is the event's, or the projection's code's."""

Project: TypeAlias = Callable[[Recorded[Any]], Sequence[Write]]


@dataclass(frozen=True, slots=True)
class Projection:
    """A read model: its name, the pure function that fills it, and the tables that it fills.

    `tables` (schema and name) are those that a rebuild makes anew beside the live ones. `by` says
    what keeps its order when it is filled in shards; without it nothing may, and one shard has all.
    """

    name: str
    project: Project
    tables: tuple[str, ...] = ()
    by: By | None = None


class ProjectionHalted(Exception):  # noqa: N818 # named for the state the projection is in
    """An event could not be projected. Nothing is skipped: a read model with holes tells lies.

    The words hold names, a position and the kind of the fault, never what the event says.
    """

    def __init__(self, projection: str, position: int, event_type: str, reason: str) -> None:
        super().__init__(f"{projection} halted at position {position}: {event_type}: {reason}")
        self.projection = projection
        self.position = position
        self.event_type = event_type
        self.reason = reason


def projected(projection: Projection, registry: Registry, stored: StoredEvent) -> Sequence[Write]:
    """Return what a projection writes for a stored event. Raises ProjectionHalted."""
    try:
        return projection.project(registry.decode(stored))
    except Exception as error:  # noqa: BLE001 # a service's own code: whatever it raises halts it
        raise halted(projection, stored, error) from None


def halted(projection: Projection, stored: StoredEvent, error: Exception) -> ProjectionHalted:
    """Return how a projection halted. Of the error the class alone: its words may quote data."""
    reason = type(error).__name__
    return ProjectionHalted(projection.name, stored.position, stored.type, reason)


class ProjectionRunner:
    """Follows the feed with one projection, from its checkpoint, as the leader of one shard.

    With several shards each takes the events that fall to it (sharding.py), with a checkpoint of
    its own, which moves past the events of the others too.
    """

    def __init__(
        self,
        feed: Feed,
        pool: Pool,
        projection: Projection,
        registry: Registry,
        lease: Lease,
        *,
        shards: int = 1,
        page: int = PAGE,
    ) -> None:
        if shards > 1 and projection.by is None:
            raise ValueError(f"{projection.name} does not say by what it may be sharded")
        self._feed = feed
        self._pool = pool
        self._projection = projection
        self._registry = registry
        self._lease = lease
        self._shards = shards
        self._page = page
        self._cursor: Cursor | None = None
        self._seen_to = 0
        # Set while the projection stands still; a gauge for whoever watches.
        self.halted: ProjectionHalted | None = None

    @property
    def projection(self) -> Projection:
        """What it runs."""
        return self._projection

    @property
    def lease(self) -> Lease:
        """By what right it writes its checkpoint."""
        return self._lease

    async def place(self) -> Cursor:
        """Return where the next step begins. Raises checkpoints.Superseded and HistoryChanged."""
        return self._cursor or await self._resume()

    def moved(self, since: Cursor, page: Page) -> None:
        """Take note that a page was written, with this checkpoint."""
        self._cursor, self._seen_to = page.end(since), max(self._seen_to, page.seen_to)

    def forget(self) -> None:
        """Begin the next step at the stored checkpoint."""
        self._cursor = None

    @property
    def seen_to(self) -> int:
        """The position up to which this shard has nothing more to do."""
        return self._seen_to

    def takes(self, stored: StoredEvent) -> bool:
        """Whether an event falls to this shard."""
        by = self._projection.by
        return (
            self._shards == 1
            or by is None
            or shard_of(stored, by, self._shards) == self._lease.shard
        )

    async def step(self, until: int | None = None) -> int:
        """Project one page with its checkpoint in the same transaction; how many events it had.

        `until`: the position that it may go up to. 0: it has caught up. Raises ProjectionHalted,
        checkpoints.Superseded and HistoryChanged; after any error the next step begins at the
        stored checkpoint.
        """
        since = await self.place()
        page = (await self._feed.page(since, self._page)).up_to(until)
        if not page.events and page.seen_to <= self._seen_to:
            return 0
        self._cursor = None
        try:
            await self._write_page(page, since)
        except Superseded:
            # If we still lead, a rebuild has moved the checkpoint: go on from there.
            await self._resume()
            return await self.step(until)
        except ProjectionHalted as error:
            self.halted = error
            raise
        self.moved(since, page)
        self.halted = None
        return len(page.events)

    async def _resume(self) -> Cursor:
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            checkpoint = await resume(connection, self._lease)
        self._cursor, self._seen_to = checkpoint.cursor, checkpoint.seen_to
        return checkpoint.cursor

    async def _write_page(self, page: Page, since: Cursor) -> None:
        try:
            writes = [write for each in page.events for write in self._writes_of(each)]
            await self._commit(writes, page, since)
        except Exception as error:
            if isinstance(error, NOT_ITS_OWN) or not page.events:
                raise
            if len(page.events) > 1:
                await self._one_by_one(page, since)
            elif isinstance(error, ProjectionHalted):
                raise
            else:
                raise halted(self._projection, page.events[0], error) from None

    async def _one_by_one(self, page: Page, since: Cursor) -> None:
        """Send a page that failed event by event: what comes before the culprit is kept."""
        for each in page.events:
            alone = Page((each,), each.position)
            await self._write_page(alone, since)
            since = alone.end(since)
        await self._commit((), Page((), page.seen_to), since)

    async def _commit(self, writes: Sequence[Write], page: Page, since: Cursor) -> None:
        async with (
            self._pool.acquire(timeout=ACQUIRE_S) as connection,
            connection.transaction(),
        ):
            # First: whoever switches a rebuilt table in holds the checkpoint and wants the table.
            await advance(connection, self._lease, since, page.end(since), page.seen_to)
            await send(connection, writes)

    def _writes_of(self, stored: StoredEvent) -> Sequence[Write]:
        if not self.takes(stored):
            return ()
        return projected(self._projection, self._registry, stored)
