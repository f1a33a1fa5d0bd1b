"""Rebuild of a read model beside the live one: made anew, filled, caught up, switched in.

The live table answers readers all the while. Side effects never belong to a projection, so nothing
is sent twice.
"""

import re
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias

import asyncpg

from ledger.connect import ACQUIRE_S, Connection, Pool
from ledger.feed import BEGINNING, Cursor, Feed, Page
from ledger.projecting import Projection, projected
from ledger.registry import Registry
from ledger.writes import Rows, Statement, Write
from ledger.writing import layers

PAGE = 5_000
"""Events in one transaction of a rebuild."""

SWITCH_S = 10
"""How long the switch may wait for readers of the live tables."""

_BESIDE = "rebuild"
_LOCK_SPACE = 29545

_TRY_LOCK = "select pg_try_advisory_lock($1::integer, $2::integer)"
_BEGIN = "select es.begin_rebuild($1::text::regclass)"
_GUARD = "select es.protect(es.beside($1::text::regclass)::regclass)"
_SWITCH_IN = "select es.switch_in($1::text::regclass)"
_END = "select es.end_rebuild($1::text::regclass)"
_HOLD = "select position from es.checkpoints where name = $1 order by shard for update"
_MOVE = """
insert into es.checkpoints (name, shard, position, event_id, seen_to) values ($1, 0, $2, $3, $4)
on conflict (name, shard) do nothing
"""
_MOVE_ALL = """
update es.checkpoints set position = $2, event_id = $3, seen_to = greatest(seen_to, $4)
 where name = $1
"""


Send: TypeAlias = Callable[[Connection, Statement, Sequence[tuple[Any, ...]]], Awaitable[None]]


class RebuildRefused(Exception):  # noqa: N818 # named for what happened
    """The rebuild cannot begin; the words say why."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many events a rebuild read, and the position its tables are complete to."""

    events: int
    position: int


async def rebuild(
    owner_dsn: str, pool: Pool, feed: Feed, registry: Registry, projection: Projection
) -> Rebuilt:
    """Make a projection's tables anew and switch them in; `pool` is the worker's.

    The new tables are like the live ones in columns, indexes and constraints, and protected as
    `es.protect` does. Raises RebuildRefused where one is under way or the projection names no
    tables; after any error the live tables stand as they were.
    """
    if not projection.tables:
        raise RebuildRefused(f"{projection.name} names no tables")
    owner = await asyncpg.connect(owner_dsn, timeout=ACQUIRE_S)
    try:
        number = zlib.crc32(projection.name.encode()) & 0x7FFFFFFF
        if not await owner.fetchval(_TRY_LOCK, _LOCK_SPACE, number):
            raise RebuildRefused(f"{projection.name} is being rebuilt already")
        return await _Rebuild(owner, pool, feed, registry, projection).run()
    finally:
        await owner.close()


class _Rebuild:
    def __init__(
        self,
        owner: "asyncpg.Connection[asyncpg.Record]",
        pool: Pool,
        feed: Feed,
        registry: Registry,
        projection: Projection,
    ) -> None:
        self._owner = owner
        self._pool = pool
        self._feed = feed
        self._registry = registry
        self._projection = projection
        self._cursor: Cursor = BEGINNING
        self._seen_to = 0
        self._events = 0

    async def run(self) -> Rebuilt:
        try:
            await self._each_table(_BEGIN)
            await self._fill(await self._feed.safe_position())
            await self._each_table(_GUARD)
            await self._follow()
            await self._switch()
        except BaseException:
            # Where even this fails, the next rebuild begins with it.
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._each_table(_END)
            raise
        return Rebuilt(self._events, self._seen_to)

    async def _each_table(self, statement: str) -> None:
        for table in self._projection.tables:
            await self._owner.execute(statement, table)

    async def _fill(self, until: int) -> None:
        """Write everything up to a recorded position, by COPY where a statement allows it."""
        while self._seen_to < until:
            await self._next_page(_copy)

    async def _follow(self) -> None:
        """Catch up with what was appended meanwhile."""
        while await self._next_page(_execute) == PAGE:
            continue

    async def _switch(self) -> None:
        """Hold the live checkpoints still, catch up with them, and change the tables over."""
        async with self._owner.transaction():
            await self._owner.execute("select set_config('lock_timeout', $1, true)", f"{SWITCH_S}s")
            held = await self._owner.fetch(_HOLD, self._projection.name)
            live = max((row["position"] for row in held), default=0)
            while self._cursor.position < live and await self._next_page(_execute):
                continue
            await self._each_table(_SWITCH_IN)
            name, at = self._projection.name, self._cursor
            place = (at.position, at.event_id, self._seen_to)
            await self._owner.execute(_MOVE_ALL if held else _MOVE, name, *place)

    async def _next_page(self, send: Send) -> int:
        page = await self._feed.page(self._cursor, PAGE)
        if page.events:
            async with (
                self._pool.acquire(timeout=ACQUIRE_S) as connection,
                connection.transaction(),
            ):
                await self._write(connection, page, send)
        self._cursor, self._seen_to = page.end(self._cursor), page.seen_to
        self._events += len(page.events)
        return len(page.events)

    async def _write(self, connection: Connection, page: Page, send: Send) -> None:
        tables = self._projection.tables
        writes = [
            Write(redirected(write.statement, tables), write.arguments)
            for stored in page.events
            for write in projected(self._projection, self._registry, stored)
        ]
        for layer in layers(writes):
            await send(connection, layer.statement, layer.arguments)


async def _execute(
    connection: Connection, statement: Statement, arguments: Sequence[tuple[Any, ...]]
) -> None:
    await connection.executemany(statement.sql, arguments)


async def _copy(
    connection: Connection, statement: Statement, arguments: Sequence[tuple[Any, ...]]
) -> None:
    if statement.adds is None:
        await _execute(connection, statement, arguments)
        return
    schema, table = statement.adds.table.split(".")
    await connection.copy_records_to_table(
        table, schema_name=schema, columns=statement.adds.columns, records=arguments
    )


@cache
def redirected(statement: Statement, tables: tuple[str, ...]) -> Statement:
    """Return a statement that says the tables beside where it said the live ones."""
    sql, adds = statement.sql, statement.adds
    for table in tables:
        beside = f"{_BESIDE}.{table.split('.')[1]}"
        sql = re.sub(rf"(?<![\w.]){re.escape(table)}(?!\w)", beside, sql)
        if adds is not None and adds.table == table:
            adds = Rows(beside, adds.columns)
    return replace(statement, sql=sql, adds=adds)
