"""The past of a stream, case or person is found by a key, however little the planner knows."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from chassis.queries import reading
from chassis.queries.reading import scoped
from ledger.connect import Pool, handler_pool
from stack.databases import DatabaseUrls
from stack.testing import Postgres

TENANT, STREAM, CASE = uuid4(), uuid4(), uuid4()
FILL = """
insert into es.events
select i, $1, case when i % 20 = 0 then $2 else gen_random_uuid() end, i, gen_random_uuid(),
       gen_random_uuid(), 'Counted', 1, now(), 'instant', now(), '{}', '', '{}', $3, $3
  from generate_series(1, 2000) i
"""
ADD = (
    "insert into es.threads (tenant, thread, position) select $1, $2, generate_series(1, 2000, 20)"
)
BY_STREAM, BY_POSITION = "events_tenant_stream_id_version_key", "events_pkey"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(postgres: Postgres) -> DatabaseUrls:
    """Make a database in which nothing is recorded."""
    return await postgres.create_database("readings")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def handlers(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """Open the pool of requests."""
    async with await handler_pool(database.handler, 2) as pool:
        yield pool


async def plan(handlers: Pool, statement: str, about: UUID) -> str:
    """Return how the server would carry a statement out."""
    async with scoped(handlers, TENANT) as connection:
        rows = await connection.fetch(f"explain {statement}", TENANT, about, 10_000, 1_000)
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("state", ["empty", "filled", "counted"])
async def test_each_event_is_found_by_its_key_whether_or_not_the_planner_has_counted(
    handlers: Pool, database: DatabaseUrls, state: str
) -> None:
    superuser = await asyncpg.connect(database.superuser)
    try:
        if state == "filled":
            await superuser.execute(FILL, TENANT, STREAM, bytes(32))
            await superuser.execute(ADD, TENANT, CASE)
        if state == "counted":
            await superuser.execute("analyze es.events, es.threads")
    finally:
        await superuser.close()
    of_thread = await plan(handlers, reading._THREAD, CASE)
    assert BY_POSITION in of_thread
    assert BY_STREAM not in of_thread
    of_stream = await plan(handlers, reading._STREAM, STREAM)
    assert BY_STREAM in of_stream
    assert BY_POSITION not in of_stream
