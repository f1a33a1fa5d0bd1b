"""A rebuild makes a read model anew beside the live one, and readers notice nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger import threads
from ledger.checkpoints import take_over
from ledger.connect import Pool, handler_pool, worker_pool
from ledger.envelope import Recorded
from ledger.feed import PostgresFeed
from ledger.filling import redirected
from ledger.postgres import PostgresStore
from ledger.projecting import Projection, ProjectionHalted, ProjectionRunner
from ledger.rebuild import RebuildRefused, rebuild
from ledger.samples import REGISTRY, command, head_after, part
from ledger.writes import Rows, Statement, Write
from stack.databases import DatabaseUrls
from stack.testing import Postgres

ADD = Statement(
    "add",
    "insert into read.said (tenant, stream_id, position, text) values ($1, $2, $3, $4)",
    key=(0, 1, 2),
    adds=Rows("read.said", ("tenant", "stream_id", "position", "text")),
)
COUNT = Statement(
    "count",
    "insert into read.counted as t (tenant, stream_id, events) values ($1, $2, 1)"
    " on conflict (tenant, stream_id) do update set events = t.events + 1",
)
TABLES = """
create schema read;
create table read.said (
    tenant uuid not null, stream_id uuid not null, position bigint not null, text text not null,
    primary key (tenant, stream_id, position)
);
create index said_text on read.said (tenant, text);
create table read.counted (
    tenant uuid not null, stream_id uuid not null, events integer not null default 0,
    primary key (tenant, stream_id)
);
select es.protect('read.said'), es.protect('read.counted');
"""
SAID = "select stream_id, position, text from read.said where tenant = $1 order by position"
COUNTED = "select stream_id, events from read.counted where tenant = $1 order by stream_id"


def listen(recorded: Recorded[Any]) -> Sequence[Write]:
    at, text = recorded.envelope, recorded.event.text
    return [ADD(at.tenant, at.stream_id, at.position, text), COUNT(at.tenant, at.stream_id)]


PROJECTION = Projection("said", listen, ("read.said", "read.counted"))


@dataclass
class Site:
    """A database with one read model, its projection running as it does in a service."""

    urls: DatabaseUrls
    workers: Pool
    feed: PostgresFeed
    store: PostgresStore
    runner: ProjectionRunner
    tenant: UUID

    async def say(self, *texts: str) -> UUID:
        """Append events of one new stream, and let the live projection follow."""
        stream = uuid4()
        made = part(stream, text=texts[0])
        await self.store.append([command(self.tenant, made)])
        for text in texts[1:]:
            made = part(stream, head_after(made), text=text)
            await self.store.append([command(self.tenant, made)])
        return stream

    async def run_out(self) -> None:
        """Let the live projection catch up."""
        while await self.runner.step():
            continue

    async def rebuild(self, projection: Projection = PROJECTION) -> None:
        """Rebuild as an operator does."""
        await rebuild(self.urls.owner, self.workers, self.feed, REGISTRY, projection)

    async def rows(self, statement: str = SAID) -> list[tuple[Any, ...]]:
        """Return rows of this test's authority, as the worker sees them."""
        return [tuple(row) for row in await self.workers.fetch(statement, self.tenant)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_site(postgres: Postgres) -> AsyncIterator[Site]:
    """Make the database, and lead the live projection."""
    urls = await postgres.create_database("ledger_rebuild")
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(TABLES)
    await owner.close()
    async with await worker_pool(urls.worker, 4) as workers:
        feed = PostgresFeed(workers)
        async with workers.acquire(timeout=5) as connection:
            lease = await take_over(connection, PROJECTION.name, 0, "test")
        runner = ProjectionRunner(feed, workers, PROJECTION, REGISTRY, lease)
        yield Site(urls, workers, feed, PostgresStore(workers), runner, uuid4())


@pytest.fixture
def site(shared_site: Site) -> Site:
    """Give an authority of its own in the shared database."""
    return replace(shared_site, tenant=uuid4())


async def test_a_rebuilt_read_model_is_the_same(site: Site) -> None:
    await site.say("a", "b")
    await site.say("c")
    await site.run_out()
    before = await site.rows()
    counted = await site.rows(COUNTED)
    await site.rebuild()
    assert len(before) == 3
    assert await site.rows() == before
    assert await site.rows(COUNTED) == counted


async def test_a_spoilt_read_model_is_mended(site: Site) -> None:
    stream = await site.say("a", "b")
    await site.run_out()
    await site.workers.execute("update read.said set text = 'spoilt'")
    await site.workers.execute("delete from read.counted")
    await site.rebuild()
    assert [text for _, _, text in await site.rows()] == ["a", "b"]
    assert await site.rows(COUNTED) == [(stream, 2)]


async def test_the_live_projection_goes_on_behind_the_switch(site: Site) -> None:
    await site.say("a")
    await site.run_out()
    await site.say("not yet live")
    await site.rebuild()
    await site.say("b")
    await site.run_out()
    assert [text for _, _, text in await site.rows()] == ["a", "not yet live", "b"]


async def test_what_is_appended_meanwhile_is_neither_lost_nor_doubled(site: Site) -> None:
    await site.say(*(f"before {number}" for number in range(50)))
    stop = asyncio.Event()

    async def keep_saying() -> int:
        number = 0
        while not stop.is_set():
            await site.say(f"meanwhile {number}")
            number += 1
        return number

    async def keep_projecting() -> None:
        while not stop.is_set():
            await site.runner.step()
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        saying = tasks.create_task(keep_saying())
        tasks.create_task(keep_projecting())
        await site.rebuild()
        await site.rebuild()
        stop.set()
    await site.run_out()
    rows = await site.rows()
    assert len(rows) == 50 + saying.result()
    assert len({position for _, position, _ in rows}) == len(rows)
    assert sum(events for _, events in await site.rows(COUNTED)) == len(rows)


async def test_the_new_table_is_protected_as_the_old_one_was(site: Site) -> None:
    await site.say("a")
    await site.rebuild()
    async with (
        await handler_pool(site.urls.handler, 1) as handlers,
        handlers.acquire(timeout=5) as connection,
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no authority is in scope"):
            await connection.fetch(SAID, site.tenant)
        async with connection.transaction():
            await connection.execute("select set_config('app.tenants', $1, true)", str(uuid4()))
            assert await connection.fetch(SAID, site.tenant) == []
        async with connection.transaction():
            await connection.execute("select set_config('app.tenants', $1, true)", str(site.tenant))
            assert len(await connection.fetch(SAID, site.tenant)) == 1
    indexes = await site.workers.fetch("select from pg_indexes where tablename = 'said'")
    assert len(indexes) == 2


async def test_threads_can_be_rebuilt(site: Site) -> None:
    case = uuid4()
    await site.store.append([command(site.tenant, part(uuid4(), case_id=case))])
    await site.rebuild(threads.PROJECTION)
    assert await site.rows("select thread from es.threads where tenant = $1") == [(case,)]


async def test_a_rebuild_that_fails_leaves_the_live_table_and_nothing_else(site: Site) -> None:
    await site.say("a")
    await site.run_out()

    def broken(_recorded: Recorded[Any]) -> Sequence[Write]:
        raise ValueError("it quotes the event")

    with pytest.raises(ProjectionHalted, match="ValueError"):
        await site.rebuild(Projection("said", broken, PROJECTION.tables))
    assert len(await site.rows()) == 1
    left = "select relname from pg_class where relnamespace = 'rebuild'::regnamespace"
    assert await site.workers.fetch(left) == []


async def test_a_projection_without_tables_is_not_rebuilt(site: Site) -> None:
    with pytest.raises(RebuildRefused, match="names no tables"):
        await site.rebuild(Projection("said", listen))


async def test_two_rebuilds_of_one_projection_do_not_meet(site: Site) -> None:
    await site.say(*(str(number) for number in range(20)))
    made = await asyncio.gather(site.rebuild(), site.rebuild(), return_exceptions=True)
    assert sorted(type(each).__name__ for each in made) == ["NoneType", "RebuildRefused"]


def test_a_statement_is_told_the_tables_beside_by_whole_words() -> None:
    said = Statement("x", "update read.said set a = b from read.said_by, xread.said", adds=ADD.adds)
    made = redirected(said, ("read.said",))
    assert made.sql == "update rebuild.said set a = b from read.said_by, xread.said"
    assert made.adds == Rows("rebuild.said", ("tenant", "stream_id", "position", "text"))


@pytest.mark.parametrize("shards", [0, -1, 65])
async def test_a_number_of_shards_that_cannot_be_is_refused(site: Site, shards: int) -> None:
    with pytest.raises(RebuildRefused, match="from 1 to 64"):
        await rebuild(site.urls.owner, site.workers, site.feed, REGISTRY, PROJECTION, shards=shards)
