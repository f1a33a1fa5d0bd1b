"""Each role does what it is for and nothing else, also by hand."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger.connect import Connection, Pool
from ledger.postgres import PostgresStore
from ledger.samples import command, part
from stack.databases import DatabaseUrls

SCOPE = "select set_config('app.tenants', $1, true)"


@pytest_asyncio.fixture(loop_scope="session")
async def handler(handlers: Pool) -> AsyncIterator[Connection]:
    """Give a handler's connection in a transaction that is rolled back."""
    async with handlers.acquire(timeout=5) as connection:
        transaction = connection.transaction()
        await transaction.start()
        yield connection
        await transaction.rollback()


@pytest.fixture
async def recorded(workers: Pool, tenant: UUID) -> UUID:
    """Record one event of an authority; its stream."""
    stream = uuid4()
    await PostgresStore(workers).append([command(tenant, part(stream))])
    return stream


@pytest.mark.parametrize("table", ["events", "streams", "commands", "claims", "threads"])
async def test_without_a_scope_a_handler_is_told_so_and_reads_nothing(
    handler: Connection, recorded: UUID, table: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no authority is in scope"):
        await handler.fetch(f"select * from es.{table}")


async def test_a_scope_ends_with_its_transaction(handlers: Pool, tenant: UUID) -> None:
    async with handlers.acquire(timeout=5) as connection:
        async with connection.transaction():
            await connection.execute(SCOPE, str(tenant))
            await connection.fetch("select * from es.events limit 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no authority is in scope"):
            await connection.fetch("select * from es.events limit 1")


@pytest.mark.parametrize("form", ["{0}", "{{{0}}}", "{0},{1}", "{{{0},{1}}}"])
async def test_a_scope_is_one_or_more_authorities(
    handler: Connection, tenant: UUID, recorded: UUID, form: str
) -> None:
    await handler.execute(SCOPE, form.format(tenant, uuid4()))
    assert len(await handler.fetch("select * from es.events")) == 1


async def test_a_handler_sees_its_authorities_and_no_others(
    handler: Connection, tenant: UUID, recorded: UUID
) -> None:
    await handler.execute(SCOPE, str(uuid4()))
    assert await handler.fetch("select * from es.events where tenant = $1", tenant) == []
    await handler.execute(SCOPE, str(tenant))
    assert len(await handler.fetch("select * from es.events")) == 1


async def test_a_handler_writes_into_no_other_authority(handler: Connection, tenant: UUID) -> None:
    await handler.execute(SCOPE, str(uuid4()))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await handler.execute(
            "insert into es.claims (tenant, kind, value, stream_id) values ($1, 'k', 'v', $2)",
            tenant,
            uuid4(),
        )


async def test_a_worker_sees_every_authority(workers: Pool, tenant: UUID, recorded: UUID) -> None:
    found = await workers.fetch("select * from es.events where tenant = $1", tenant)
    assert len(found) == 1


@pytest.mark.parametrize("role", ["owner", "handler", "worker", "superuser"])
@pytest.mark.parametrize("table", ["events", "commands"])
@pytest.mark.parametrize(
    "change", ["update es.{} set tenant = tenant", "delete from es.{}", "truncate es.{}"]
)
async def test_nobody_changes_what_is_recorded(
    database: DatabaseUrls, recorded: UUID, tenant: UUID, role: str, table: str, change: str
) -> None:
    connection = await asyncpg.connect(getattr(database, role))
    try:
        await connection.execute("select set_config('app.tenants', $1, false)", str(tenant))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change.format(table))
    finally:
        await connection.close()


async def test_the_owner_reads_nobodys_rows(database: DatabaseUrls, recorded: UUID) -> None:
    owner = await asyncpg.connect(database.owner)
    try:
        assert await owner.fetch("select * from es.events") == []
    finally:
        await owner.close()


async def test_a_handler_moves_no_checkpoint_and_no_clock(handler: Connection) -> None:
    for change in ("update es.checkpoints set position = 0", "update es.clock set mode = 'system'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with handler.transaction():
                await handler.execute(change)


async def test_the_feed_is_not_read_in_a_transaction_with_an_old_snapshot(workers: Pool) -> None:
    async with workers.acquire(timeout=5) as connection:
        with pytest.raises(asyncpg.InvalidTransactionStateError, match="READ COMMITTED"):
            async with connection.transaction(isolation="repeatable_read"):
                await connection.fetchval("select es.safe_position()")
