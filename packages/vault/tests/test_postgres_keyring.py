"""The database itself holds the rules of the keyring, whatever SQL a service's vault would send."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from ledger.personal import Block
from stack.testing import Postgres
from vault.access import KeyringUnavailable, NotGranted
from vault.keyring import DataRow, KeyName
from vault.keys import AuthorityKey, FileRootKey
from vault.postgres import PostgresKeyring

DATABASE = "vault_keyring"
ROOT = FileRootKey(bytes(range(32)))
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest_asyncio.fixture
async def groups(keyring_server: Postgres) -> AsyncIterator[Connection]:
    """Log in as a vault with two blocks."""
    connection = await asyncpg.connect(keyring_server.dsn(DATABASE, "groups_vault"))
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def owner(keyring_server: Postgres) -> AsyncIterator[Connection]:
    """Log in as the owner of the tables."""
    connection = await asyncpg.connect(keyring_server.dsn(DATABASE, f"{DATABASE}_owner"))
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def subject(keyring_server: Postgres) -> AsyncIterator[tuple[UUID, UUID]]:
    """Give an (authority, subject) with a key of every block."""
    keyring = await PostgresKeyring.connect(keyring_server.dsn(DATABASE, "referrals_vault"))
    tenant, person = uuid4(), uuid4()
    row = AuthorityKey.new(tenant, 1, ROOT)
    await keyring.offer_authority_key(row)
    authority = AuthorityKey.unwrap(row, ROOT)
    await keyring.offer([authority.new_data_key(KeyName(tenant, person, b)) for b in Block])
    await keyring.offer_index_key(authority.new_index_key("child"))
    yield tenant, person
    await keyring.close()


async def _in_scope(connection: Connection, tenant: UUID, sql: str, *arguments: Any) -> Any:
    async with connection.transaction():
        await connection.execute("select set_config('app.tenants', $1, true)", f"{{{tenant}}}")
        return await connection.fetch(sql, *arguments)


async def test_a_vault_sees_the_granted_blocks_only(
    groups: Connection, subject: tuple[UUID, UUID]
) -> None:
    rows = await _in_scope(groups, subject[0], "select block from keyring.data_keys")
    assert {row["block"] for row in rows} == {"health", "narrative"}


async def test_a_vault_sees_the_authorities_in_scope_only(
    groups: Connection, subject: tuple[UUID, UUID]
) -> None:
    tables = ("data_keys", "authority_keys", "subjects", "index_keys")
    for table in tables:
        assert not await _in_scope(groups, uuid4(), f"select * from keyring.{table}")


@pytest.mark.parametrize("table", ["data_keys", "authority_keys", "subjects", "index_keys"])
async def test_without_a_scope_every_table_refuses(
    groups: Connection, owner: Connection, subject: tuple[UUID, UUID], table: str
) -> None:
    for connection in (groups, owner):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"select * from keyring.{table}")


async def test_a_vault_without_the_power_sees_no_index_key(
    groups: Connection, subject: tuple[UUID, UUID]
) -> None:
    assert not await _in_scope(groups, subject[0], "select * from keyring.index_keys")


@pytest.mark.parametrize(
    "sql",
    [
        "delete from keyring.data_keys",
        "update keyring.data_keys set wrapped = wrapped",
        "truncate keyring.data_keys",
        "delete from keyring.authority_keys",
        "update keyring.authority_keys set version = 2",
        "delete from keyring.subjects",
        "update keyring.subjects set shredded_at = null",
        "update keyring.subjects set shredded_at = now()",
        "update keyring.index_keys set kind = 'x'",
        "delete from keyring.index_keys",
        "insert into keyring.grants values ('groups_vault', 'address')",
        "delete from keyring.grants",
        (
            "insert into keyring.subjects (tenant, subject, shredded_at)"
            " select tenant, gen_random_uuid(), now() from keyring.subjects"
        ),
        (
            "insert into keyring.data_keys"
            " select tenant, subject, 'address', gen_random_uuid(), 1, wrapped, made_at"
            " from keyring.data_keys where block = 'health'"
        ),
        (
            "insert into keyring.authority_keys"
            " select gen_random_uuid(), 1, gen_random_uuid(), wrapped, made_at"
            " from keyring.authority_keys"
        ),
    ],
)
async def test_a_vault_may_change_nothing(
    groups: Connection, subject: tuple[UUID, UUID], sql: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _in_scope(groups, subject[0], sql)


@pytest.mark.parametrize(
    "sql",
    [
        "update keyring.data_keys set wrapped = wrapped",
        "truncate keyring.data_keys",
        "delete from keyring.authority_keys",
        "update keyring.authority_keys set version = 2",
        "delete from keyring.subjects",
        "truncate keyring.subjects",
        "update keyring.index_keys set kind = 'x'",
    ],
)
async def test_the_owner_too_cannot_change_what_is_append_only(
    owner: Connection, subject: tuple[UUID, UUID], sql: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _in_scope(owner, subject[0], sql)


async def test_the_owner_cannot_undo_a_shred(
    owner: Connection, keyring_server: Postgres, subject: tuple[UUID, UUID]
) -> None:
    keyring = await PostgresKeyring.connect(keyring_server.dsn(DATABASE, "referrals_vault"))
    await keyring.shred(*subject)
    await keyring.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _in_scope(owner, subject[0], "update keyring.subjects set shredded_at = null")


async def test_only_who_has_the_power_may_shred(
    keyring_server: Postgres, owner: Connection, subject: tuple[UUID, UUID]
) -> None:
    keyring = await PostgresKeyring.connect(keyring_server.dsn(DATABASE, "casework_vault"))
    with pytest.raises(NotGranted):
        await keyring.shred(*subject)
    await keyring.close()
    rows = await _in_scope(owner, subject[0], "select * from keyring.data_keys")
    assert len(rows) == len(Block)


async def test_a_shred_waits_for_a_key_that_is_being_made_and_takes_it_too(
    keyring_server: Postgres,
) -> None:
    tenant, person = uuid4(), uuid4()
    first, second = (_a_key(tenant, person, block) for block in (Block.HEALTH, Block.ADDRESS))
    keyring = await PostgresKeyring.connect(keyring_server.dsn(DATABASE, "referrals_vault"))
    await keyring.offer([first])
    maker = await asyncpg.connect(keyring_server.dsn(DATABASE, "referrals_vault"))
    async with maker.transaction():
        await maker.fetch(
            "select * from keyring.offer($1, $2, $3, $4, $5, $6)",
            [tenant],
            [person],
            [second.name.block.value],
            [second.key_id],
            [second.authority_version],
            [second.wrapped],
        )
        shredding = asyncio.create_task(keyring.shred(tenant, person))
        await _until_somebody_waits_for(maker)
        assert not shredding.done()
    assert await shredding == 2
    await maker.close()
    await keyring.close()


async def _until_somebody_waits_for(connection: Connection) -> None:
    waiting = (
        "select exists (select from pg_locks where not granted"
        " and pg_backend_pid() = any (pg_blocking_pids(pid)))"
    )
    async with asyncio.timeout(10):
        while not await connection.fetchval(waiting):  # noqa: ASYNC110 # nobody tells who waits
            await asyncio.sleep(0.005)


def _a_key(tenant: UUID, person: UUID, block: Block) -> DataRow:
    authority = AuthorityKey.unwrap(AuthorityKey.new(tenant, 1, ROOT), ROOT)
    return authority.new_data_key(KeyName(tenant, person, block))


async def test_every_table_has_forced_row_level_security_and_the_vaults_own_nothing(
    owner: Connection,
) -> None:
    loose = await owner.fetch(
        "select relname from pg_class where relnamespace = 'keyring'::regnamespace"
        " and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)"
    )
    assert loose == []
    owned = await owner.fetch(
        "select relname from pg_class where relnamespace = 'keyring'::regnamespace"
        " and pg_get_userbyid(relowner) like '%_vault'"
    )
    assert owned == []


async def test_a_keyring_that_cannot_be_reached_is_named_so() -> None:
    with pytest.raises(KeyringUnavailable):
        await PostgresKeyring.connect("postgresql://nobody:secret@127.0.0.1:1/none")


_GROW = """
with grown as (
    insert into keyring.subjects (tenant, subject)
    select $1, gen_random_uuid() from generate_series(1, 5000)
    returning tenant, subject)
insert into keyring.data_keys (tenant, subject, block, key_id, authority_version, wrapped)
select tenant, subject, 'identity', gen_random_uuid(), 1, decode(repeat('00', 40), 'hex') from grown
"""

_FORGET = """
select pg_clear_relation_stats('keyring', each)
  from unnest(array['subjects', 'data_keys', 'subjects_pkey', 'data_keys_pkey']) each
"""


@pytest.mark.parametrize("planner", ["that knows the tables", "that knows nothing"])
async def test_a_plan_made_while_the_keyring_was_small_stays_good_as_it_grows(
    keyring_server: Postgres, planner: str
) -> None:
    tenant = uuid4()
    dsn = keyring_server.dsn(DATABASE, "referrals_vault")
    keyring = await PostgresKeyring.connect(dsn, connections=1)
    superuser = await asyncpg.connect(keyring_server.databases.urls(DATABASE).superuser)
    row = AuthorityKey.new(tenant, 1, ROOT)
    await keyring.offer_authority_key(row)
    authority = AuthorityKey.unwrap(row, ROOT)

    async def offer() -> None:
        for count in (1, 1, 1, 1, 1, 1, 8, 8, 8, 8):
            names = [KeyName(tenant, uuid4(), Block.IDENTITY) for _ in range(count)]
            await keyring.offer([authority.new_data_key(each) for each in names])
            await keyring.find(names)

    async def rows_read() -> int:
        await keyring._pool.execute("select pg_stat_force_next_flush()")
        # The figures are handed in when the session next goes idle.
        await keyring._pool.execute("select 1")
        found: int = await superuser.fetchval(
            "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint"
            " from pg_stat_user_tables where schemaname = 'keyring'"
        )
        return found

    try:
        for table in ("subjects", "data_keys"):
            await superuser.execute(f"alter table keyring.{table} set (autovacuum_enabled = off)")
        if planner == "that knows the tables":
            await superuser.execute("vacuum analyze keyring.subjects, keyring.data_keys")
        else:
            # A server that ended hard has forgotten what it knew, too.
            await superuser.execute(_FORGET)
        await offer()
        await superuser.execute(_GROW, tenant)
        before = await rows_read()
        await offer()
        assert await rows_read() - before < 3_000
    finally:
        await superuser.close()
        await keyring.close()
