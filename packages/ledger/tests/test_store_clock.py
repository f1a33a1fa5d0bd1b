"""A simulated clock stands still until it is moved, and only forward; it rules what is recorded."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger.commands import Appended, ClockOff
from ledger.connect import Connection, worker_pool
from ledger.looking import Wanted
from ledger.postgres import PostgresStore
from ledger.samples import command, head_after, part
from stack.testing import Postgres

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)
SIMULATE = "update es.clock set mode = 'simulated', at = $1"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def store(postgres: Postgres) -> AsyncIterator[PostgresStore]:
    """Make a store whose clock stands at New Year 2025."""
    database = await postgres.create_database("ledger_clock")
    async with await worker_pool(database.worker, 2) as pool:
        await pool.execute(SIMULATE, NEW_YEAR)
        yield PostgresStore(pool)


@pytest_asyncio.fixture(loop_scope="session")
async def clock(store: PostgresStore) -> AsyncIterator[Connection]:
    """Give a connection that may move the clock."""
    async with store._pool.acquire(timeout=5) as connection:
        yield connection


async def test_it_stands_still(store: PostgresStore, tenant: UUID) -> None:
    begun = [await store.look(tenant, frozenset([tenant]), Wanted()) for _ in range(2)]
    assert begun[0].now == begun[1].now


async def test_it_rules_what_may_be_recorded(
    store: PostgresStore, clock: Connection, tenant: UUID
) -> None:
    now = await clock.fetchval("select es.now()")
    stream = uuid4()
    made = part(stream, at=now)
    assert await store.append([command(tenant, part(uuid4()))]) == [ClockOff(now)]
    assert isinstance((await store.append([command(tenant, made)]))[0], Appended)
    tomorrow = now + timedelta(days=1)
    await clock.execute("update es.clock set at = $1", tomorrow)
    late = part(stream, head_after(made), at=now)
    assert await store.append([command(tenant, late)]) == [ClockOff(tomorrow)]


async def test_it_moves_only_forward(clock: Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="only forward"):
        await clock.execute("update es.clock set at = at - interval '1 second'")


async def test_there_is_one_clock(clock: Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await clock.execute("update es.clock set mode = 'system'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await clock.execute("insert into es.clock (mode) values ('system')")
