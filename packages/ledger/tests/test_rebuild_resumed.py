"""A rebuild that is cut off goes on where it stood; nobody who reads meanwhile notices anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger import filling
from ledger.connect import Pool, handler_pool, worker_pool
from ledger.envelope import Recorded
from ledger.feed import Cursor, Page, PostgresFeed
from ledger.postgres import PostgresStore
from ledger.projecting import Projection
from ledger.rebuild import Progress, Rebuilt, discard, rebuild
from ledger.samples import REGISTRY, command, part
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write
from stack.databases import DatabaseUrls
from stack.testing import Postgres

ADD = Statement(
    "add",
    "insert into read.lines (tenant, stream_id, position, text) values ($1, $2, $3, $4)",
    key=(0, 1, 2),
    adds=Rows("read.lines", ("tenant", "stream_id", "position", "text")),
)
COUNT = Statement(
    "count",
    "insert into read.counts as t (tenant, stream_id, events, last) values ($1, $2, 1, $3)"
    " on conflict (tenant, stream_id) do update set events = t.events + 1, last = excluded.last",
)
TABLES = """
create schema read;
create table read.lines (
    tenant uuid not null, stream_id uuid not null, position bigint not null, text text not null,
    primary key (tenant, stream_id, position)
);
create table read.counts (
    tenant uuid not null, stream_id uuid not null, events integer not null, last text not null,
    primary key (tenant, stream_id)
);
select es.protect('read.lines'), es.protect('read.counts');
"""
LINES = "select stream_id, position, text from read.lines order by position"
COUNTS = "select stream_id, events, last from read.counts order by stream_id"
STREAMS = 40
EACH = 15
EVENTS = STREAMS * EACH


def write(recorded: Recorded[Any]) -> Sequence[Write]:
    at, text = recorded.envelope, recorded.event.text
    return [ADD(at.tenant, at.stream_id, at.position, text), COUNT(at.tenant, at.stream_id, text)]


PROJECTION = Projection("lines", write, ("read.lines", "read.counts"), By.STREAM)


class CutOffError(Exception):
    """The process died, as far as the rebuild can tell."""


class CuttingFeed(PostgresFeed):
    """A feed that ends with an error after some pages."""

    def __init__(self, pool: Pool, pages: int) -> None:
        super().__init__(pool)
        self.pages = pages

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return a page, while there are any."""
        if self.pages == 0:
            raise CutOffError
        self.pages -= 1
        return await super().page(cursor, limit)


@dataclass
class Site:
    """A database with a log and one read model that is to be rebuilt."""

    urls: DatabaseUrls
    workers: Pool
    tenant: UUID

    async def rebuild(
        self, *, pages: int = 10_000, code: str = "one", shards: int = 1
    ) -> tuple[Rebuilt, list[Progress]]:
        """Rebuild, by a feed that gives so many pages."""
        told: list[Progress] = []
        feed = CuttingFeed(self.workers, pages)
        done = await rebuild(
            self.urls.owner,
            self.workers,
            feed,
            REGISTRY,
            PROJECTION,
            code=code,
            shards=shards,
            report=told.append,
        )
        return done, told

    async def cut_off(self, pages: int, *, code: str = "one", shards: int = 1) -> int:
        """Begin a rebuild that does not come to its end; return how many rows stand beside."""
        with pytest.raises(CutOffError):
            await self.rebuild(pages=pages, code=code, shards=shards)
        made: int = await self.workers.fetchval("select count(*) from rebuild.lines")
        return made

    async def tables(self) -> list[list[tuple[Any, ...]]]:
        """Return the rows of both tables."""
        return [[tuple(row) for row in await self.workers.fetch(each)] for each in (LINES, COUNTS)]

    async def execute(self, statement: str) -> None:
        """Carry out a statement as the owner of the tables."""
        owner = await asyncpg.connect(self.urls.owner)
        try:
            await owner.execute(statement)
        finally:
            await owner.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(postgres: Postgres) -> AsyncIterator[Site]:
    """Make the database, its log, and the read model by a first rebuild."""
    urls = await postgres.create_database("ledger_resumed")
    tenant = uuid4()
    async with await worker_pool(urls.worker, 8) as workers:
        site = Site(urls, workers, tenant)
        await site.execute(TABLES)
        store = PostgresStore(workers)
        streams = [uuid4() for _ in range(STREAMS)]
        parts = [part(each, count=EACH, text=f"of {each}") for each in streams]
        await store.append([command(tenant, each) for each in parts])
        await site.rebuild()
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def site(shared: Site, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """Give the site, with pages so small that a rebuild takes many of them."""
    monkeypatch.setattr(filling, "PAGE", 50)
    yield replace(shared)
    await discard(shared.urls.owner, PROJECTION)


@pytest.mark.parametrize("shards", [1, 3])
async def test_it_goes_on_where_it_was_cut_off(site: Site, shards: int) -> None:
    before = await site.tables()
    made = await site.cut_off(pages=5 * shards, shards=shards)
    assert 0 < made < EVENTS
    assert await site.tables() == before
    done, told = await site.rebuild(shards=shards)
    assert told[0].phase == "resumed"
    assert 0 < told[0].position < told[0].until
    assert done.events == EVENTS
    assert await site.tables() == before


async def test_it_may_be_cut_off_at_any_page(site: Site) -> None:
    before = await site.tables()
    cuts = 0
    while True:
        try:
            # Two pages a life: one is read ahead, one is written.
            await site.rebuild(pages=2, shards=1)
        except CutOffError:
            cuts += 1
            assert await site.tables() == before
        else:
            break
    assert cuts >= EVENTS // 50 // 2
    assert await site.tables() == before


async def test_other_code_begins_anew(site: Site) -> None:
    await site.cut_off(pages=5)
    _, told = await site.rebuild(code="two")
    assert (told[0].phase, told[0].position) == ("begun", 0)


async def test_other_columns_begin_anew(site: Site) -> None:
    await site.cut_off(pages=5)
    await site.execute("alter table read.lines add column more text")
    try:
        _, told = await site.rebuild()
        assert told[0].phase == "begun"
    finally:
        await site.execute("alter table read.lines drop column more")


async def test_a_log_that_lost_its_tail_begins_anew(site: Site) -> None:
    await site.cut_off(pages=5)
    await site.workers.execute("update es.rebuilds set event_id = gen_random_uuid()")
    _, told = await site.rebuild()
    assert told[0].phase == "begun"


async def test_what_was_made_can_be_let_go(site: Site) -> None:
    await site.cut_off(pages=5)
    await discard(site.urls.owner, PROJECTION)
    assert await site.workers.fetchval("select count(*) from es.rebuilds") == 0
    assert await site.workers.fetchval("select to_regclass('rebuild.lines') is null")
    _, told = await site.rebuild()
    assert told[0].phase == "begun"


async def test_shards_are_those_it_was_begun_with(site: Site) -> None:
    before = await site.tables()
    await site.cut_off(pages=10, shards=2)
    _, told = await site.rebuild(shards=5)
    assert told[0].phase == "resumed"
    assert await site.tables() == before


async def test_readers_see_no_error_and_no_table_that_is_not_full(site: Site) -> None:
    before = await site.tables()
    stop = asyncio.Event()
    read = 0

    async def keep_reading(pool: Pool) -> None:
        nonlocal read
        while not stop.is_set():
            async with pool.acquire(timeout=5) as connection, connection.transaction():
                await connection.execute(
                    "select set_config('app.tenants', $1, true)", str(site.tenant)
                )
                rows = [tuple(row) for row in await connection.fetch(LINES)]
                counts = [tuple(row) for row in await connection.fetch(COUNTS)]
            assert [rows, counts] == before
            read += 1

    async with await handler_pool(site.urls.handler, 3) as handlers, asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(keep_reading(handlers))
        for shards in (1, 2, 3, 1):
            already = read
            await site.rebuild(shards=shards)
            assert read > already, "nobody read meanwhile"
        stop.set()


async def test_the_switch_waits_for_a_long_reader_without_holding_up_the_others(
    site: Site,
) -> None:
    slowest = 0.0
    loop = asyncio.get_running_loop()
    async with await worker_pool(site.urls.worker, 2) as readers:
        async with readers.acquire(timeout=5) as long, long.transaction():
            await long.fetch(LINES)
            rebuilding = asyncio.create_task(site.rebuild())
            while not rebuilding.done() and slowest < 0.1:
                began = loop.time()
                await readers.fetch(LINES)
                slowest = max(slowest, loop.time() - began)
            assert not rebuilding.done(), "a reader still holds the table"
            assert slowest < 2, "others wait for one try at most"
        done, _ = await rebuilding
    assert done.events == EVENTS


async def test_two_that_fill_one_shard_write_nothing_twice(site: Site) -> None:
    before = await site.tables()
    await site.cut_off(pages=5)
    at = await filling.place(site.workers, PROJECTION.name, [0])
    assert at is not None
    orphan = filling.Filler(
        site.workers,
        PostgresFeed(site.workers),
        REGISTRY,
        PROJECTION,
        filling.Part(at.run, (0,), 1),
        at.cursor,
    )
    rebuilding = asyncio.create_task(site.rebuild())
    with contextlib.suppress(filling.Overtaken):
        await orphan.fill(at.until)
    with contextlib.suppress(filling.Overtaken):
        await rebuilding
    await site.rebuild()
    assert await site.tables() == before
