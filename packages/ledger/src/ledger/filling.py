"""Filling the tables of a rebuild: pages of the log, by COPY, each with its place in one step."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg

from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection, Pool
from ledger.feed import Cursor, Feed, Page
from ledger.projecting import NOT_ITS_OWN, Projection, ProjectionHalted, halted, projected
from ledger.registry import Registry
from ledger.sharding import shard_of
from ledger.writes import Rows, Statement, Write
from ledger.writing import layers

PAGE = 5_000
"""Events in one transaction of a rebuild."""

BESIDE = "rebuild"
"""The schema in which the tables stand that are to take the place of live ones."""

_PLACE = """
select run, code, shards, until, position, event_id from es.rebuilds
 where name = $1 and shard = any ($2::integer[])
 order by position desc limit 1
"""

_MOVE = """
update es.rebuilds set position = $4, event_id = $5, events = events + $6
 where name = $1 and run = $2 and shard = any ($3::integer[])
   and position = $7 and event_id is not distinct from $8
"""


class Overtaken(Exception):  # noqa: N818 # named for what has happened
    """The rebuild was begun anew, or another fills this shard: what was done is void."""


@dataclass(frozen=True, slots=True)
class Part:
    """The shards that one filler fills, of how many, in which run of a rebuild."""

    run: UUID
    shards: tuple[int, ...]
    of: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rebuild stands: its run, by which code, and how far some shards are filled."""

    run: UUID
    code: str
    shards: int
    until: int
    cursor: Cursor


async def place(pool: Pool, name: str, shards: Sequence[int]) -> Place | None:
    """Return where some shards of a rebuild stand; None where it was not begun."""
    async with pool.acquire(timeout=ACQUIRE_S) as connection:
        row = await connection.fetchrow(_PLACE, name, shards)
    if row is None:
        return None
    at = Cursor(row["position"], row["event_id"])
    return Place(row["run"], row["code"], row["shards"], row["until"], at)


class Filler:
    """Fills the tables beside with some shards of a projection, from where they stand on."""

    def __init__(
        self,
        pool: Pool,
        feed: Feed,
        registry: Registry,
        projection: Projection,
        part: Part,
        cursor: Cursor,
    ) -> None:
        self._pool = pool
        self._feed = feed
        self._registry = registry
        self._projection = projection
        self._part = part
        self.cursor = cursor
        self.seen_to = 0

    async def fill(self, until: int) -> None:
        """Write everything up to a position. Raises ProjectionHalted, Overtaken."""
        reading = self._read(self.cursor)
        try:
            while self.seen_to < until:
                page = (await reading).up_to(until)
                if page.seen_to < until:
                    # The server reads on while this page is made into rows.
                    reading = self._read(page.end(self.cursor))
                await self._write(page)
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await reading

    async def step(self) -> int:
        """Write one page, as far as the log goes; how many events it had."""
        page = await self._feed.page(self.cursor, PAGE)
        await self._write(page)
        return len(page.events)

    def _read(self, cursor: Cursor) -> "asyncio.Task[Page]":
        return asyncio.create_task(self._feed.page(cursor, PAGE))

    async def _write(self, page: Page) -> None:
        if page.events:
            try:
                await self._commit(page)
            except (*NOT_ITS_OWN, Overtaken, ProjectionHalted):
                raise
            except (asyncpg.PostgresError, TypeError, ValueError) as error:
                await self._find_culprit(page, error)
        self.seen_to = max(self.seen_to, page.seen_to)

    async def _find_culprit(self, page: Page, error: Exception) -> None:
        """Write a page that failed event by event, so that the one at fault is named."""
        if len(page.events) == 1:
            raise halted(self._projection, page.events[0], error) from None
        for each in page.events:
            await self._write(Page((each,), each.position))

    async def _commit(self, page: Page) -> None:
        tables = self._projection.tables
        writes = [
            Write(redirected(write.statement, tables), write.arguments)
            for stored in page.events
            if self._takes(stored)
            for write in projected(self._projection, self._registry, stored)
        ]
        end = page.end(self.cursor)
        async with (
            self._pool.acquire(timeout=ACQUIRE_S) as connection,
            connection.transaction(),
        ):
            await self._move(connection, end, len(page.events))
            for layer in layers(writes):
                await _send(connection, layer.statement, layer.arguments)
        self.cursor = end

    def _takes(self, stored: StoredEvent) -> bool:
        if self._projection.by is None or len(self._part.shards) == self._part.of:
            return True
        return shard_of(stored, self._projection.by, self._part.of) in self._part.shards

    async def _move(self, connection: Connection, end: Cursor, events: int) -> None:
        """Move the place of these shards: from where it was left, or somebody else fills them."""
        part, since = self._part, self.cursor
        done = await connection.execute(
            _MOVE,
            self._projection.name,
            part.run,
            list(part.shards),
            end.position,
            end.event_id,
            events,
            since.position,
            since.event_id,
        )
        if done != f"UPDATE {len(part.shards)}":
            raise Overtaken(self._projection.name)


async def _send(
    connection: Connection, statement: Statement, arguments: Sequence[tuple[Any, ...]]
) -> None:
    """Write many rows, by COPY where the statement allows it: no policy is there yet."""
    if statement.adds is None:
        await connection.executemany(statement.sql, arguments)
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
        beside = f"{BESIDE}.{table.split('.')[1]}"
        sql = re.sub(rf"(?<![\w.]){re.escape(table)}(?!\w)", beside, sql)
        if adds is not None and adds.table == table:
            adds = Rows(beside, adds.columns)
    return replace(statement, sql=sql, adds=adds)
