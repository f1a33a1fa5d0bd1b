"""A projection follows the feed by page; its rows and its checkpoint are committed together."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger import checkpoints, threads
from ledger.checkpoints import HistoryChanged, Lease, Superseded
from ledger.connect import Pool
from ledger.envelope import Recorded
from ledger.feed import Cursor, PostgresFeed
from ledger.looking import load
from ledger.postgres import PostgresStore
from ledger.projecting import Projection, ProjectionHalted, ProjectionRunner
from ledger.samples import REGISTRY, command, head_after, part
from ledger.sharding import By
from ledger.writes import Statement, Write
from stack.databases import DatabaseUrls

COUNT = Statement(
    "count",
    "insert into read.tally as t (tenant, stream_id, events) values ($1, $2, 1)"
    " on conflict (tenant, stream_id) do update set events = t.events + 1",
)
SAY = Statement("say", "update read.tally set last_said = $3 where tenant = $1 and stream_id = $2")

TABLE = """
create schema if not exists read;
drop table if exists read.tally;
create table read.tally (
    tenant uuid not null,
    stream_id uuid not null,
    events integer not null,
    last_said text check (last_said <> 'unspeakable'),
    primary key (tenant, stream_id)
);
select es.protect('read.tally');
"""


def tally(recorded: Recorded[Any]) -> Sequence[Write]:
    if recorded.event.text == "poison":
        raise ValueError(f"{recorded.event.text} is quoted here")
    at = recorded.envelope
    return [COUNT(at.tenant, at.stream_id), SAY(at.tenant, at.stream_id, recorded.event.text)]


class Fixture:
    """A projection under test, from the present end of the feed on."""

    def __init__(self, workers: Pool, name: str, start: Cursor) -> None:
        self.workers = workers
        self.feed = PostgresFeed(workers)
        self.store = PostgresStore(workers)
        self.projection = Projection(name, tally, ("read.tally",), By.STREAM)
        self.start = start
        self.tenant = uuid4()

    async def runner(self, *, page: int = 100, shard: int = 0, shards: int = 1) -> ProjectionRunner:
        """Lead a shard, and run it."""
        lease = await self.lead(shard, shards)
        return ProjectionRunner(
            self.feed, self.workers, self.projection, REGISTRY, lease, shards=shards, page=page
        )

    async def lead(self, shard: int = 0, shards: int = 1) -> Lease:
        """Take the lead; the first to do so begins behind what was there."""
        async with self.workers.acquire(timeout=5) as connection:
            lease = await checkpoints.take_over(
                connection, self.projection.name, shard, "test", shards
            )
            if lease.epoch == 1:
                at = self.start
                await checkpoints.advance(connection, lease, Cursor(), at, at.position)
        return lease

    async def say(self, *texts: str, stream: UUID | None = None) -> UUID:
        """Append an event for each text."""
        stream_id = stream or uuid4()
        loaded = await load(self.store, self.tenant, [stream_id])
        head = loaded[stream_id].head
        for text in texts:
            made = part(stream_id, head, text=text)
            await self.store.append([command(self.tenant, made)])
            head = head_after(made)
        return stream_id

    async def rows(self) -> dict[UUID, tuple[int, str]]:
        """Return the read model: how often each stream spoke, and its last words."""
        found = await self.workers.fetch("select * from read.tally where tenant = $1", self.tenant)
        return {row["stream_id"]: (row["events"], row["last_said"]) for row in found}


@pytest_asyncio.fixture(loop_scope="session")
async def fixture(database: DatabaseUrls, workers: Pool) -> AsyncIterator[Fixture]:
    """Make the read model's table, and begin behind what other tests appended."""
    owner = await asyncpg.connect(database.owner)
    await owner.execute(TABLE)
    await owner.close()
    feed = PostgresFeed(workers)
    cursor = Cursor()
    while (page := await feed.page(cursor, 10_000)).events:
        cursor = page.end(cursor)
    yield Fixture(workers, f"tally-{uuid4()}", cursor)


async def run_out(runner: ProjectionRunner) -> int:
    handled = 0
    while step := await runner.step():
        handled += step
    return handled


async def test_rows_follow_the_events_page_by_page(fixture: Fixture) -> None:
    one = await fixture.say("a", "b", "c")
    two = await fixture.say("d")
    runner = await fixture.runner(page=2)
    assert [await runner.step(), await runner.step(), await runner.step()] == [2, 2, 0]
    assert await fixture.rows() == {one: (3, "c"), two: (1, "d")}


async def test_a_position_is_seen_once_all_up_to_it_is_projected(fixture: Fixture) -> None:
    runner = await fixture.runner()
    await fixture.say("a", "b")
    await run_out(runner)
    position = await fixture.feed.last_position()
    names = [fixture.projection.name]
    async with fixture.workers.acquire(timeout=5) as connection:
        assert await checkpoints.seen_to(connection, names) == position
        assert await checkpoints.seen_to(connection, [*names, "never began"]) == 0
    assert runner.seen_to == position


async def test_a_hole_at_the_end_of_the_log_is_seen_too(fixture: Fixture) -> None:
    runner = await fixture.runner()
    await fixture.say("a")
    await run_out(runner)
    hole = await fixture.workers.fetchval("select nextval('es.position_seq')")
    await run_out(runner)
    assert runner.seen_to == hole


async def test_another_runner_goes_on_where_the_last_one_stood(fixture: Fixture) -> None:
    stream = await fixture.say("a", "b")
    await run_out(await fixture.runner())
    await fixture.say("c", stream=stream)
    assert await run_out(await fixture.runner()) == 1
    assert await fixture.rows() == {stream: (3, "c")}


async def test_a_superseded_runner_writes_nothing(fixture: Fixture) -> None:
    old = await fixture.runner()
    stream = await fixture.say("a")
    await run_out(old)
    await fixture.lead()
    await fixture.say("b", stream=stream)
    with pytest.raises(Superseded):
        await old.step()
    assert await fixture.rows() == {stream: (1, "a")}


async def test_a_poisoned_event_halts_its_projection_and_is_not_skipped(fixture: Fixture) -> None:
    before = await fixture.say("a", "b")
    poisoned = await fixture.say("poison")
    behind = await fixture.say("c")
    runner = await fixture.runner()
    for _ in range(2):
        with pytest.raises(ProjectionHalted) as halted:
            await runner.step()
    assert runner.halted is halted.value
    assert await fixture.rows() == {before: (2, "b")}
    stored = (await fixture.store.read(fixture.tenant, poisoned))[0]
    assert (halted.value.position, halted.value.event_type) == (stored.position, "Happened")
    assert halted.value.reason == "ValueError"
    assert halted.value.__suppress_context__, "the cause would quote the event"
    assert "quoted" not in str(halted.value)
    assert behind not in await fixture.rows()


async def test_what_the_table_refuses_halts_too_and_goes_on_once_mended(
    fixture: Fixture, database: DatabaseUrls
) -> None:
    stream = await fixture.say("a", "unspeakable", "b")
    runner = await fixture.runner()
    with pytest.raises(ProjectionHalted) as halted:
        await runner.step()
    assert halted.value.reason == "CheckViolationError"
    assert await fixture.rows() == {stream: (1, "a")}
    owner = await asyncpg.connect(database.owner)
    await owner.execute("alter table read.tally drop constraint tally_last_said_check")
    await owner.close()
    assert await run_out(runner) == 2
    assert runner.halted is None
    assert await fixture.rows() == {stream: (3, "b")}


async def test_each_shard_takes_its_own_streams(fixture: Fixture) -> None:
    streams = [UUID(int=uuid4().int & ~1 | number) for number in (0, 1)]
    for each in streams:
        await fixture.say("a", stream=each)
    await run_out(await fixture.runner(shard=0, shards=2))
    assert set(await fixture.rows()) == {streams[0]}
    await run_out(await fixture.runner(shard=1, shards=2))
    assert set(await fixture.rows()) == set(streams)


async def test_a_store_that_lost_its_tail_stops_its_followers(fixture: Fixture) -> None:
    await fixture.say("a")
    await run_out(await fixture.runner())
    lease = await fixture.lead()
    async with fixture.workers.acquire(timeout=5) as connection:
        at = await checkpoints.resume(connection, lease)
        other = Cursor(at.cursor.position, uuid4())
        await checkpoints.advance(connection, lease, at.cursor, other, 0)
        with pytest.raises(HistoryChanged):
            await checkpoints.resume(connection, lease)


async def test_the_thread_of_a_case_and_of_each_person_holds_their_events(
    fixture: Fixture,
) -> None:
    fixture.projection = threads.PROJECTION
    case, person, stream = uuid4(), uuid4(), uuid4()
    one = part(stream, case_id=case, subjects=[person, person])
    two = part(stream, head_after(one), case_id=case)
    await fixture.store.append([command(fixture.tenant, one), command(fixture.tenant, two)])
    await run_out(await fixture.runner())
    rows = await fixture.workers.fetch(
        "select thread, position from es.threads where tenant = $1 order by position",
        fixture.tenant,
    )
    first, second = [each.position for each in await fixture.store.read(fixture.tenant, stream)]
    assert {(row["thread"], row["position"]) for row in rows} == {
        (case, first),
        (case, second),
        (person, first),
    }
