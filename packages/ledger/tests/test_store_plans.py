"""Appending and loading go by the keys, also on plans made while the tables were empty."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest_asyncio

from ledger.commands import AppendCommand, Claim, Passes, Returns
from ledger.connect import Pool, handler_pool
from ledger.looking import Wanted
from ledger.postgres import PostgresStore
from ledger.samples import command, head_after, part
from stack.databases import DatabaseUrls
from stack.testing import Postgres

STREAMS = 3_000
BATCH = 250
tenant = uuid4()

READ = """
select sum(seq_scan)::integer as scans, sum(seq_tup_read + idx_tup_fetch)::integer as rows
  from pg_stat_user_tables where schemaname = 'es' and relname <> 'clock'
"""


@pytest_asyncio.fixture(loop_scope="session")
async def urls(postgres: Postgres) -> DatabaseUrls:
    """Make a database whose tables are empty, and stay unknown to the planner."""
    urls = await postgres.create_database("ledger_plans")
    superuser = await asyncpg.connect(urls.superuser)
    for table in ("events", "streams", "commands", "claims"):
        await superuser.execute(f"alter table es.{table} set (autovacuum_enabled = off)")
    await superuser.close()
    return urls


@pytest_asyncio.fixture(loop_scope="session")
async def pool(urls: DatabaseUrls) -> AsyncIterator[Pool]:
    """Open one connection, which keeps its plans."""
    async with await handler_pool(urls.handler, 1) as pool:
        yield pool


async def rows_read(pool: Pool, urls: DatabaseUrls) -> int:
    await pool.fetch("select pg_stat_force_next_flush()")
    superuser = await asyncpg.connect(urls.superuser)
    found = await superuser.fetchrow(READ)
    await superuser.close()
    assert found is not None
    return int(found["rows"])


async def every_kind(store: PostgresStore) -> None:
    """Append and load in all the ways there are."""
    stream, other = uuid4(), uuid4()
    claim = Claim("kind", str(stream))
    one = part(stream, take=[claim])
    two = part(stream, head_after(one), release=[claim])
    sent: list[AppendCommand] = [command(tenant, one), command(tenant, part(other))]
    await store.append(sent)
    await store.append([command(tenant, two)])
    await store.append([command(tenant, part(stream, head_after(two)), part(uuid4()))])
    await store.append(sent)
    await store.append([command(tenant, part(uuid4(), take=[Claim("kind", "0")]))])
    await custody_turns(store)
    streams = {stream: 0, other: 0, uuid4(): 0}
    for folds in ({}, dict.fromkeys(streams, "a fold")):
        wanted = Wanted(streams, folds, [sent[0].command_id, uuid4()], [claim])
        await store.look(tenant, frozenset([tenant]), wanted)
    await store.read(tenant, stream)


async def custody_turns(store: PostgresStore) -> None:
    """Begin streams of a case in both ways, pass it on, and let it return."""
    case, told = uuid4(), uuid4()
    await store.append([command(tenant, part(uuid4(), case_id=case))])
    await store.append([command(tenant, part(uuid4(), case_id=case), part(uuid4()))])
    passing = part(told, case_id=case)
    await store.append([command(tenant, passing, turn=Passes(case))])
    await store.append([command(tenant, part(uuid4(), case_id=case))])
    back = part(told, head_after(passing), case_id=case)
    await store.append([command(tenant, back, turn=Returns(case))])
    await store.of_case(tenant, case)


async def test_a_large_store_reads_no_more_rows_than_an_empty_one(
    pool: Pool, urls: DatabaseUrls
) -> None:
    store = PostgresStore(pool)
    await every_kind(store)
    for start in range(0, STREAMS, BATCH):
        await store.append(
            [
                command(tenant, part(uuid4(), case_id=uuid4(), take=[Claim("kind", str(number))]))
                for number in range(start, start + BATCH)
            ]
        )
    before = await rows_read(pool, urls)
    await every_kind(store)
    assert await rows_read(pool, urls) - before < 100
