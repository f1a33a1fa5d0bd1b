"""The feed gives every committed event once, in order, whatever the writers do meanwhile.

The control is the naive reader ("where position > cursor"): it must lose events, or the test would
prove nothing.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import asyncpg
import pytest_asyncio

from ledger.columns import columns
from ledger.commands import AppendCommand
from ledger.connect import Connection, Pool, worker_pool, worker_store_pool
from ledger.feed import Cursor, PostgresFeed
from ledger.looking import HEAD_ONLY, Wanted
from ledger.postgres import APPEND, PostgresStore
from ledger.samples import command, part
from stack.testing import Postgres

WRITERS = 10
ROUNDS = 60
STREAMS = 24
SLOWEST_COMMIT_S = 0.05
PAGE = 50
SOME = 0.2

_NAIVE = """
select position, event_id from es.events where position > $1 order by position limit $2
"""


@dataclass
class Run:
    """What happens in one run of the test."""

    tenant: UUID
    streams: list[UUID]
    store: PostgresStore
    done: asyncio.Event = field(default_factory=asyncio.Event)
    rolled_back: int = 0
    conflicts: int = 0


@pytest_asyncio.fixture(loop_scope="session")
async def pools(postgres: Postgres) -> AsyncIterator[tuple[Pool, Pool]]:
    """Make a database of its own: other tests' appends would be events of it too."""
    database = await postgres.create_database("ledger_stress")
    async with (
        await worker_store_pool(database.worker, WRITERS + 2) as writers,
        await worker_pool(database.worker, 4) as readers,
    ):
        yield writers, readers


async def test_nothing_is_missed_and_the_naive_reader_loses_events(
    pools: tuple[Pool, Pool], superuser_of_stress: Connection
) -> None:
    writers, readers = pools
    run = Run(uuid4(), [uuid4() for _ in range(STREAMS)], PostgresStore(writers))
    async with asyncio.TaskGroup() as tasks:
        careful = tasks.create_task(follow(run, PostgresFeed(readers)))
        naive = tasks.create_task(follow_naively(run, readers))
        async with asyncio.TaskGroup() as writing:
            for number in range(WRITERS):
                writing.create_task(write(run, writers, random.Random(number)))  # noqa: S311 # no secret
        run.done.set()
    rows = await superuser_of_stress.fetch("select position, event_id from es.events order by 1")
    committed = [(row["position"], row["event_id"]) for row in rows]
    assert careful.result() == committed
    assert len(naive.result()) < len(committed), "the control lost nothing: no race happened"
    assert run.rolled_back > 0
    assert run.conflicts > 0
    assert committed[-1][0] > len(committed), "rolled back appends leave holes"


async def write(run: Run, pool: Pool, chance: random.Random) -> None:
    """Append in transactions that stay open for a while; some are rolled back, some in part."""
    for _ in range(ROUNDS):
        async with pool.acquire(timeout=5) as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                if chance.random() < SOME:
                    await append_and_undo(run, connection, chance)
                await append(run, connection, await some_command(run, chance))
                await asyncio.sleep(chance.random() * SLOWEST_COMMIT_S)
            except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
                committing = False
            else:
                committing = chance.random() > SOME
            await (transaction.commit() if committing else transaction.rollback())
            run.rolled_back += not committing


async def append_and_undo(run: Run, connection: Connection, chance: random.Random) -> None:
    """Append within a savepoint and roll back to it: its fence goes with it."""
    savepoint = connection.transaction()
    await savepoint.start()
    await append(run, connection, await some_command(run, chance))
    await savepoint.rollback()


async def append(run: Run, connection: Connection, sent: AppendCommand) -> None:
    rows = await connection.fetch(APPEND, *columns([sent]))
    run.conflicts += sum(row["status"] == "conflict" for row in rows)


async def some_command(run: Run, chance: random.Random) -> AppendCommand:
    """Make a command on one to three streams that others write to as well."""
    chosen = chance.sample(run.streams, chance.randint(1, 3))
    after = dict.fromkeys(chosen, HEAD_ONLY)
    loaded = (await run.store.look(run.tenant, frozenset([run.tenant]), Wanted(after))).streams
    return command(
        run.tenant,
        *(part(each, loaded[each].head, count=chance.randint(1, 3)) for each in chosen),
    )


async def follow(run: Run, feed: PostgresFeed) -> list[tuple[int, UUID]]:
    """Read as every follower does, until the writers are done and nothing is left."""
    seen: list[tuple[int, UUID]] = []
    cursor = Cursor()
    while True:
        last_round = run.done.is_set()
        page = await feed.page(cursor, PAGE)
        seen.extend((each.position, each.event_id) for each in page.events)
        cursor = page.end(cursor)
        if last_round and not page.events:
            return seen
        await asyncio.sleep(0.002)


async def follow_naively(run: Run, pool: Pool) -> list[tuple[int, UUID]]:
    """Read whatever shows after the last position seen."""
    seen: list[tuple[int, UUID]] = []
    position = 0
    while True:
        last_round = run.done.is_set()
        rows = await pool.fetch(_NAIVE, position, PAGE)
        seen.extend((row["position"], row["event_id"]) for row in rows)
        position = seen[-1][0] if seen else 0
        if last_round and not rows:
            return seen
        await asyncio.sleep(0.002)


@pytest_asyncio.fixture(loop_scope="session")
async def superuser_of_stress(
    postgres: Postgres, pools: tuple[Pool, Pool]
) -> AsyncIterator[Connection]:
    """Connect as one who sees everything that was committed."""
    url = postgres.databases.urls("ledger_stress").superuser
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()
