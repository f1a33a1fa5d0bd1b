"""Rebuild of a read model beside the live one: made anew, filled, caught up, switched in.

The live table answers readers all the while. Side effects never belong to a projection, so nothing
is sent twice. How far the tables beside are filled is stored with their rows: a rebuild that was
cut off goes on from there.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from ledger import filling
from ledger.beside import Beside, End, Run, TablesChanged
from ledger.connect import ACQUIRE_S, Pool
from ledger.feed import Feed
from ledger.filling import Filler, Overtaken, Part
from ledger.projecting import Projection, ProjectionHalted
from ledger.registry import Registry
from ledger.sharding import MOST_SHARDS
from ledger.side_by_side import side_by_side

SWITCH_LOCK = "250ms"
"""How long one try at the switch may make readers of the live tables wait."""

SWITCH_TRIES = 60
SWITCH_PAUSE_S = 0.25

REPORT_S = 0.5
"""Between two reports of how far the filling is."""

_LOCK_SPACE = 29545

_TRY_LOCK = "select pg_try_advisory_lock($1::integer, $2::integer)"
_STILL_THERE = "select exists (select from es.events where position = $1 and event_id = $2)"
_MADE = "select avg(position)::bigint from es.rebuilds where name = $1"


class RebuildRefused(Exception):  # noqa: N818 # named for what happened
    """The rebuild cannot begin, or cannot be ended; the words say why."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: `phase` is begun, resumed, filling, following, switching or switched.

    `position`: up to where the log is made into rows; `until`: where it ended at the beginning.
    """

    phase: str
    position: int
    until: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many events a rebuild read, and the position its tables are complete to."""

    events: int
    position: int


Report: TypeAlias = Callable[[Progress], None]
Fill: TypeAlias = Callable[[int], Coroutine[Any, Any, None]]
"""Fills one shard, in whatever process, by `fill_shard`."""


def _untold(_progress: Progress) -> None:
    """Report to nobody."""


async def rebuild(
    owner_dsn: str,
    pool: Pool,
    feed: Feed,
    registry: Registry,
    projection: Projection,
    *,
    code: str = "",
    shards: int = 1,
    fill: Fill | None = None,
    report: Report = _untold,
) -> Rebuilt:
    """Make a projection's tables anew and switch them in; `pool` is the worker's.

    The new tables are like the live ones in columns, indexes and constraints, and protected as
    `es.protect` does. A rebuild that was cut off goes on where it stood, in as many shards as it
    was begun with, unless `code` or the live tables have changed since. `fill` fills a shard in a
    process of its own; without it all are filled here.

    Raises RebuildRefused where one is under way or the projection names no tables, and
    ProjectionHalted, which lets go of what was made. After any error the live tables stand as they
    were.
    """
    if not 1 <= shards <= MOST_SHARDS:
        raise RebuildRefused(f"shards: {shards} is not from 1 to {MOST_SHARDS}")
    if projection.by is None:
        shards = 1
    async with _alone(owner_dsn, projection) as beside:
        work = _Rebuild(beside, pool, feed, registry, projection, code, report)
        return await work.run(shards, fill or work.fill)


async def discard(owner_dsn: str, projection: Projection) -> None:
    """Let go of what a rebuild that was cut off has made: the next one begins anew."""
    async with _alone(owner_dsn, projection) as beside:
        await beside.let_go()


async def fill_shard(
    pool: Pool, feed: Feed, registry: Registry, projection: Projection, code: str, shard: int
) -> None:
    """Fill one shard of a rebuild that was begun. Raises RebuildRefused and ProjectionHalted."""
    at = await filling.place(pool, projection.name, [shard])
    if at is None or at.code != code:
        raise RebuildRefused(f"{projection.name}: no rebuild by this code has a shard {shard}")
    part = Part(at.run, (shard,), at.shards)
    await Filler(pool, feed, registry, projection, part, at.cursor).fill(at.until)


@asynccontextmanager
async def _alone(owner_dsn: str, projection: Projection) -> AsyncIterator[Beside]:
    if not projection.tables:
        raise RebuildRefused(f"{projection.name} names no tables")
    owner = await asyncpg.connect(owner_dsn, timeout=ACQUIRE_S)
    try:
        number = zlib.crc32(projection.name.encode()) & 0x7FFFFFFF
        if not await owner.fetchval(_TRY_LOCK, _LOCK_SPACE, number):
            raise RebuildRefused(f"{projection.name} is being rebuilt already")
        yield Beside(owner, projection.name, projection.tables)
    finally:
        await owner.close()


class _Rebuild:
    def __init__(
        self,
        beside: Beside,
        pool: Pool,
        feed: Feed,
        registry: Registry,
        projection: Projection,
        code: str,
        report: Report,
    ) -> None:
        self._beside = beside
        self._pool = pool
        self._feed = feed
        self._registry = registry
        self._projection = projection
        self._code = code
        self._report = report

    async def run(self, shards: int, fill: Fill) -> Rebuilt:
        run = await self._go_on()
        if run is None:
            run = await self._beside.begin(self._code, shards, await self._feed.safe_position())
            self._tell("begun", 0, run)
        try:
            await self._fill_all(run, fill)
            whole = await self._whole(run)
            while await whole.step() == filling.PAGE:
                self._tell("following", whole.cursor.position, run)
            await self._beside.analyze()
            return await self._switch(whole, run)
        except (ProjectionHalted, TablesChanged) as error:
            # What was made is of no use to the code that will be right.
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._beside.let_go()
            if isinstance(error, ProjectionHalted):
                raise
            raise RebuildRefused(f"{error}: its tables were changed meanwhile; try again") from None

    async def fill(self, shard: int) -> None:
        """Fill a shard here."""
        await fill_shard(
            self._pool, self._feed, self._registry, self._projection, self._code, shard
        )

    def _tell(self, phase: str, position: int, run: Run) -> None:
        self._report(Progress(phase, position, run.until))

    async def _go_on(self) -> Run | None:
        """Return the run that was cut off; None where there is none to go on with."""
        run = await self._beside.found(self._code)
        if run is None:
            return None
        for at in run.at:
            # The store may have lost its tail since, and given the positions anew.
            if at.event_id and not await self._pool.fetchval(
                _STILL_THERE, at.position, at.event_id
            ):
                return None
        self._tell("resumed", run.made, run)
        return run

    async def _fill_all(self, run: Run, fill: Fill) -> None:
        """Fill all shards up to where the log ended at the beginning, telling how far they are."""
        telling = asyncio.create_task(self._tell_on(run))
        try:
            await side_by_side(fill(shard) for shard in range(run.shards))
        finally:
            telling.cancel()
            await asyncio.wait([telling])

    async def _tell_on(self, run: Run) -> None:
        while True:
            await asyncio.sleep(REPORT_S)
            made = await self._pool.fetchval(_MADE, self._projection.name)
            self._tell("filling", made or 0, run)

    async def _whole(self, run: Run) -> Filler:
        """Return who fills all shards as one: they stand at one place now."""
        shards = tuple(range(run.shards))
        at = await filling.place(self._pool, self._projection.name, shards)
        if at is None or at.run != run.id:
            raise Overtaken(self._projection.name)
        part = Part(run.id, shards, run.shards)
        return Filler(self._pool, self._feed, self._registry, self._projection, part, at.cursor)

    async def _switch(self, whole: Filler, run: Run) -> Rebuilt:
        """Change the tables over, in short tries: who waits for a table makes its readers wait."""

        async def catch_up(live: int) -> End:
            while whole.cursor.position < live and await whole.step():
                continue
            return End(whole.cursor, whole.seen_to)

        for _ in range(SWITCH_TRIES):
            self._tell("switching", whole.cursor.position, run)
            try:
                events = await self._beside.switch(catch_up, SWITCH_LOCK)
            except asyncpg.LockNotAvailableError:
                await asyncio.sleep(SWITCH_PAUSE_S)
                while await whole.step() == filling.PAGE:
                    continue
                continue
            self._tell("switched", whole.cursor.position, run)
            return Rebuilt(events, whole.seen_to)
        raise RebuildRefused(f"{self._projection.name}: its tables are never free; try again")
