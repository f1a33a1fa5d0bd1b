"""The stores under test, and a database of their own."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger.connect import Pool, handler_pool, worker_pool, worker_store_pool
from ledger.feed import PostgresFeed
from ledger.memory import MemoryStore
from ledger.postgres import PostgresStore
from ledger.samples import Kept
from stack.databases import DatabaseUrls
from stack.testing import Postgres


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database(postgres: Postgres) -> DatabaseUrls:
    """Make a database with the engine's tables."""
    return await postgres.create_database("ledger_tests")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def handlers(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """Open the pool of requests."""
    async with await handler_pool(database.handler, 4) as pool:
        yield pool


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def workers(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """Open the pool of background work."""
    async with await worker_pool(database.worker, 8) as pool:
        yield pool


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def worker_stores(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """Open the pool on which background work appends."""
    async with await worker_store_pool(database.worker, 4) as pool:
        yield pool


@pytest.fixture
def tenant() -> UUID:
    """Give an authority of which nothing is recorded yet."""
    return uuid4()


@pytest.fixture(params=["memory", "handler", "worker"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """Give each store in turn: in memory, on PostgreSQL as a handler, and as a worker."""
    if request.param == "memory":
        memory = MemoryStore()

        async def pass_in_memory(tenant: UUID, stream_id: UUID) -> None:
            memory.pass_custody(tenant, stream_id)

        return Kept(memory, memory, pass_in_memory)
    workers: Pool = request.getfixturevalue("workers")
    pool: Pool = request.getfixturevalue(
        "handlers" if request.param == "handler" else "worker_stores"
    )

    async def pass_custody(tenant: UUID, stream_id: UUID) -> None:
        async with workers.acquire(timeout=5) as connection:
            await connection.execute(
                "update es.streams set read_only = true where tenant = $1 and stream_id = $2",
                tenant,
                stream_id,
            )

    return Kept(PostgresStore(pool), PostgresFeed(workers), pass_custody)


@pytest_asyncio.fixture
async def superuser(database: DatabaseUrls) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Connect as one who sees everything, to look at what is really there."""
    connection = await asyncpg.connect(database.superuser)
    yield connection
    await connection.close()
