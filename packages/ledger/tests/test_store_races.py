"""Many writers on few streams: nothing is lost or doubled, and versions have no gaps."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest_asyncio

from ledger.columns import columns
from ledger.commands import AppendCommand, Appended, Claim, Conflict, Duplicate, Taken
from ledger.connect import Connection, Pool, handler_pool
from ledger.looking import HEAD_ONLY, Wanted
from ledger.postgres import APPEND, PostgresStore
from ledger.samples import command, head_after, part
from stack.databases import DatabaseUrls

WRITERS = 8
ROUNDS = 40
BATCH = 6
STREAMS = 30

EVENTS = """
select stream_id, version, position, command_id from es.events where tenant = $1 order by position
"""


class Watched(PostgresStore):
    """Counts the deadlocks that the store would resolve by sending again."""

    deadlocks = 0

    async def _fetch(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        try:
            return await super()._fetch(statement, *arguments)
        except asyncpg.DeadlockDetectedError:
            self.deadlocks += 1
            raise


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def store(database: DatabaseUrls) -> AsyncIterator[Watched]:
    """Give a store with a connection for each writer."""
    async with await handler_pool(database.handler, WRITERS) as pool:
        yield Watched(pool)


async def some_batch(
    store: PostgresStore, tenant: UUID, streams: list[UUID], chance: random.Random
) -> list[AppendCommand]:
    """Make commands on one to four streams each, none shared, some with claims, some repeated."""
    free = chance.sample(streams, len(streams))
    after = dict.fromkeys(streams, HEAD_ONLY)
    loaded = (await store.look(tenant, frozenset([tenant]), Wanted(after))).streams
    batch = []
    for number in range(BATCH):
        own = [free.pop() for _ in range(chance.randint(1, 4))]
        claim = Claim("number", str(chance.randint(0, 30)))
        take = [claim] if chance.random() < 0.2 and number == 0 else []  # a fifth
        heads = [loaded[each].head for each in own]
        parts = [part(own[0], heads[0], chance.randint(1, 3), take=take)]
        parts += [part(each, head) for each, head in zip(own[1:], heads[1:], strict=True)]
        batch.append(command(tenant, *parts))
    return batch


async def test_writers_racing_over_few_streams_leave_no_trace_of_the_race(
    store: Watched, workers: Pool, tenant: UUID
) -> None:
    streams = [uuid4() for _ in range(STREAMS)]
    appended: dict[UUID, AppendCommand] = {}
    statuses: dict[type, int] = defaultdict(int)

    async def write(chance: random.Random) -> None:
        for _ in range(ROUNDS):
            batch = await some_batch(store, tenant, streams, chance)
            if appended and chance.random() < 0.3:  # some retry what was answered
                batch = [chance.choice(list(appended.values()))]
            for sent, answer in zip(batch, await store.append(batch), strict=True):
                statuses[type(answer)] += 1
                if isinstance(answer, Appended):
                    assert sent.command_id not in appended, "appended twice"
                    appended[sent.command_id] = sent

    async with asyncio.TaskGroup() as tasks:
        for number in range(WRITERS):
            tasks.create_task(write(random.Random(number)))  # noqa: S311 # no secret
    assert store.deadlocks == 0
    assert statuses.keys() == {Appended, Conflict, Duplicate, Taken}
    rows = await workers.fetch(EVENTS, tenant)
    versions: dict[UUID, list[int]] = defaultdict(list)
    written: dict[UUID, int] = defaultdict(int)
    for row in rows:
        versions[row["stream_id"]].append(row["version"])
        written[row["command_id"]] += 1
    for found in versions.values():
        assert found == list(range(1, len(found) + 1)), "in the order of positions, without a gap"
    assert written == {
        sent.command_id: sum(len(each.events) for each in sent.streams)
        for sent in appended.values()
    }


async def open_append(connection: Connection, sent: AppendCommand) -> str:
    [row] = await connection.fetch(APPEND, *columns([sent]))
    status: str = row["status"]
    return status


async def race(
    handlers: Pool, store: PostgresStore, first: AppendCommand, second: AppendCommand
) -> object:
    """Append the second while the first is not committed yet; answer what the second was told."""
    async with handlers.acquire(timeout=5) as connection:
        transaction = connection.transaction()
        await transaction.start()
        assert await open_append(connection, first) == "appended"
        waiting = asyncio.create_task(store.append([second]))
        blocked = "select count(*) from pg_locks where not granted"
        async with asyncio.timeout(5):
            while not await connection.fetchval(blocked):  # noqa: ASYNC110 # PostgreSQL tells no event
                await asyncio.sleep(0.005)
        await transaction.commit()
    [answer] = await waiting
    return answer


async def test_a_new_stream_made_at_the_same_instant_is_a_conflict(
    handlers: Pool, store: PostgresStore, tenant: UUID
) -> None:
    stream = uuid4()
    first, second = command(tenant, part(stream, count=2)), command(tenant, part(stream))
    assert await race(handlers, store, first, second) == Conflict(stream, 2)


async def test_a_version_written_at_the_same_instant_is_a_conflict(
    handlers: Pool, store: PostgresStore, tenant: UUID
) -> None:
    stream = uuid4()
    made = part(stream)
    await store.append([command(tenant, made)])
    head = head_after(made)
    first, second = command(tenant, part(stream, head)), command(tenant, part(stream, head))
    assert await race(handlers, store, first, second) == Conflict(stream, 2)


async def test_the_same_command_at_the_same_instant_is_a_duplicate(
    handlers: Pool, store: PostgresStore, tenant: UUID
) -> None:
    stream = uuid4()
    sent = command(tenant, part(stream), outcome="once")
    answer = await race(handlers, store, sent, sent)
    assert isinstance(answer, Duplicate)
    assert (answer.outcome, answer.versions) == ("once", {stream: 1})


async def test_a_claim_taken_at_the_same_instant_is_taken(
    handlers: Pool, store: PostgresStore, tenant: UUID
) -> None:
    stream, claim = uuid4(), Claim("one", "only")
    first = command(tenant, part(stream, take=[claim]))
    second = command(tenant, part(uuid4(), take=[claim]))
    assert await race(handlers, store, first, second) == Taken(claim, stream)


async def test_a_command_without_streams_sent_twice_at_once_is_remembered_once(
    handlers: Pool, store: PostgresStore, tenant: UUID
) -> None:
    sent = command(tenant, outcome="nothing to do")
    assert await race(handlers, store, sent, sent) == Duplicate("nothing to do", {}, 0)
