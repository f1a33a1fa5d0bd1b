"""A read model filled in shards is the one that one shard fills, also when it is cut anew."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger import checkpoints, cutting
from ledger.checkpoints import CutOtherwise, Lease, Superseded
from ledger.connect import Connection, Pool, worker_pool
from ledger.envelope import Actor, Recorded
from ledger.feed import PostgresFeed
from ledger.postgres import PostgresStore
from ledger.projecting import Projection, ProjectionRunner
from ledger.registry import encode_metadata
from ledger.samples import REGISTRY, command, head_after, part
from ledger.sharding import By, shard_of
from ledger.together import Together
from ledger.writes import Statement, Write
from stack.databases import DatabaseUrls
from stack.testing import Postgres

# What it leaves depends on the order: each event's text goes behind those before it.
SPEAK = Statement(
    "speak",
    "insert into read.speech as t (tenant, key, said, events) values ($1, $2, $3, 1)"
    " on conflict (tenant, key) do update"
    " set said = md5(t.said || excluded.said), events = t.events + 1",
)
TABLE = """
create schema if not exists read;
drop table if exists read.speech;
create table read.speech (
    tenant uuid not null, key uuid not null, said text not null, events integer not null,
    primary key (tenant, key)
);
select es.protect('read.speech');
"""
CASES = 12
ROUNDS = 8


def of_case(recorded: Recorded[Any]) -> Sequence[Write]:
    """Write one row a case, from all of its streams."""
    at = recorded.envelope
    return [SPEAK(at.tenant, at.case_id, recorded.event.text)]


def of_stream(recorded: Recorded[Any]) -> Sequence[Write]:
    at = recorded.envelope
    return [SPEAK(at.tenant, at.stream_id, recorded.event.text)]


class Readings:
    """A log of cases with two streams each, and read models of it."""

    def __init__(self, urls: DatabaseUrls, workers: Pool) -> None:
        self.urls = urls
        self.workers = workers
        self.feed = PostgresFeed(workers)

    async def lead(self, name: str, shards: int) -> list[Lease]:
        """Lead all shards of a projection."""
        async with self.workers.acquire(timeout=5) as connection:
            await cutting.cut(connection, name, shards)
            return [
                await checkpoints.take_over(connection, name, shard, "test", shards)
                for shard in range(shards)
            ]

    def runners(self, projection: Projection, leases: Sequence[Lease]) -> list[ProjectionRunner]:
        """Run shards that are led, by small pages."""
        return [
            ProjectionRunner(
                self.feed, self.workers, projection, REGISTRY, each, shards=len(leases), page=7
            )
            for each in leases
        ]

    async def table(self) -> dict[UUID, tuple[str, int]]:
        """Return the read model."""
        rows = await self.workers.fetch("select key, said, events from read.speech")
        return {row["key"]: (row["said"], row["events"]) for row in rows}

    async def clear(self) -> None:
        """Make the read model's table anew."""
        owner = await asyncpg.connect(self.urls.owner)
        await owner.execute(TABLE)
        await owner.close()

    async def by_one(self, projection: Projection) -> dict[UUID, tuple[str, int]]:
        """Return the table as one shard fills it."""
        await self.clear()
        [runner] = self.runners(projection, await self.lead(f"{uuid4()}", 1))
        await run_out(runner)
        made = await self.table()
        await self.clear()
        return made


async def run_out(runner: ProjectionRunner) -> None:
    while await runner.step():
        continue


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def readings(postgres: Postgres) -> AsyncIterator[Readings]:
    """Record the log: the streams of a case speak in turn."""
    urls = await postgres.create_database("ledger_sharding")
    tenant = uuid4()
    async with await worker_pool(urls.worker, 8) as workers:
        store = PostgresStore(workers)
        cases = [(uuid4(), [uuid4(), uuid4()]) for _ in range(CASES)]
        heads: dict[UUID, Any] = {}
        for number in range(ROUNDS):
            for case, streams in cases:
                stream = streams[number % 2]
                base = {"base": heads[stream]} if stream in heads else {}
                made = part(stream, **base, text=f"{number} {case}", case_id=case)
                await store.append([command(tenant, made)])
                heads[stream] = head_after(made)
        yield Readings(urls, workers)


@pytest.mark.parametrize(("project", "by"), [(of_case, By.CASE), (of_stream, By.STREAM)])
@pytest.mark.parametrize("shards", [2, 5])
async def test_shards_side_by_side_make_the_table_that_one_makes(
    readings: Readings, project: Any, by: By, shards: int
) -> None:
    projection = Projection(f"{uuid4()}", project, ("read.speech",), by)
    expected = await readings.by_one(projection)
    runners = readings.runners(projection, await readings.lead(projection.name, shards))
    await asyncio.gather(*(run_out(each) for each in runners))
    assert await readings.table() == expected
    assert sum(events for _, events in expected.values()) == CASES * ROUNDS


async def test_shards_that_die_on_the_way_are_gone_on_with(readings: Readings) -> None:
    projection = Projection(f"{uuid4()}", of_case, ("read.speech",), By.CASE)
    expected = await readings.by_one(projection)
    for lives in range(20):
        leases = await readings.lead(projection.name, 3)
        runners = readings.runners(projection, leases)
        # Each life ends in the midst of the pages of all shards: what was not committed is gone.
        tasks = [asyncio.create_task(run_out(each)) for each in runners]
        async with asyncio.timeout(5):
            while sum(each.seen_to for each in runners) <= lives * 10:
                await asyncio.sleep(0)
                if all(each.done() for each in tasks):
                    break
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for each in readings.runners(projection, await readings.lead(projection.name, 3)):
        await run_out(each)
    assert await readings.table() == expected


async def test_some_read_models_go_together_shard_by_shard(readings: Readings) -> None:
    projection = Projection(f"{uuid4()}", of_case, ("read.speech",), By.CASE)
    idle = Projection(f"{uuid4()}", lambda _recorded: [], (), By.STREAM)
    expected = await readings.by_one(projection)
    for shard in range(2):
        runners = [
            readings.runners(each, await readings.lead(each.name, 2))[shard]
            for each in (projection, idle)
        ]
        together = Together(readings.feed, readings.workers, REGISTRY, runners, page=7)
        while await together.step():
            continue
    assert await readings.table() == expected


async def test_it_is_cut_anew_at_one_place_and_loses_nothing(readings: Readings) -> None:
    projection = Projection(f"{uuid4()}", of_case, ("read.speech",), By.CASE)
    expected = await readings.by_one(projection)
    leases = await readings.lead(projection.name, 3)
    for steps, shards in enumerate((1, 4, 2), start=1):
        runners = readings.runners(projection, leases)
        # They stand apart when it is to be cut anew.
        for number, runner in enumerate(runners):
            for _ in range(steps * number % 4):
                await runner.step()
        await cutting.level(runners)
        async with readings.workers.acquire(timeout=5) as connection:
            await cutting.cut_anew(connection, [each.lease for each in runners], shards)
        with pytest.raises(Superseded):
            await runners[0].step()
        leases = await readings.lead(projection.name, shards)
    for runner in readings.runners(projection, leases):
        await run_out(runner)
    assert await readings.table() == expected


async def test_it_is_not_cut_anew_while_its_shards_stand_apart(readings: Readings) -> None:
    projection = Projection(f"{uuid4()}", of_case, ("read.speech",), By.CASE)
    await readings.clear()
    runners = readings.runners(projection, await readings.lead(projection.name, 2))
    await runners[0].step()
    async with readings.workers.acquire(timeout=5) as connection:
        with pytest.raises(Superseded):
            await cutting.cut_anew(connection, [each.lease for each in runners], 3)
        with pytest.raises(Superseded):
            await cutting.cut_anew(connection, [runners[0].lease], 3)
        assert await cutting.cut(connection, projection.name, 3) == 2


async def test_who_thinks_of_other_shards_leads_none(readings: Readings) -> None:
    name = f"{uuid4()}"
    await readings.lead(name, 2)
    async with readings.workers.acquire(timeout=5) as connection:
        for shard, shards in ((0, 1), (0, 3), (2, 3)):
            with pytest.raises(CutOtherwise):
                await checkpoints.take_over(connection, name, shard, "test", shards)
        assert await checkpoints.seen_to(connection, [name]) == 0
        assert await _count(connection, name) == 2


async def _count(connection: Connection, name: str) -> int:
    found: int = await connection.fetchval(
        "select count(*) from es.checkpoints where name = $1", name
    )
    return found


def test_what_does_not_say_by_what_is_not_sharded() -> None:
    whole = Projection("whole", of_case, ("read.speech",))
    feed: Any = None
    pool: Any = None
    with pytest.raises(ValueError, match="by what it may be sharded"):
        ProjectionRunner(feed, pool, whole, REGISTRY, Lease("whole", 0, 1, ""), shards=2)


async def test_the_events_of_a_case_fall_to_one_shard_whatever_words_are_in_them(
    readings: Readings,
) -> None:
    case, other = uuid4(), uuid4()
    one = part(uuid4())
    tenant = uuid4()
    store = PostgresStore(readings.workers)
    await store.append([command(tenant, one)])
    [stored] = await store.read(tenant, one.stream_id)
    tricky = Actor(f'"case_id":"{other}"', f'{{"case_id":"{other}"}}', f'\\"case_id":"{other}"')
    own, none = (
        replace(stored, metadata=encode_metadata("Thing", tricky, uuid4(), case_id=each))
        for each in (case, None)
    )
    assert shard_of(own, By.CASE, 1 << 40) == case.int % (1 << 40)
    assert shard_of(none, By.CASE, 1 << 40) == stored.stream_id.int % (1 << 40)
    assert shard_of(own, By.STREAM, 1 << 40) == stored.stream_id.int % (1 << 40)
