"""A log that no longer contains what was signed of it is not signed again: that would hide it."""

from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from chassis.followers.notarise import Logs, Notary
from chassis.main import EVIDENCE
from evidence.notes import new_private_key
from ledger.connect import handler_pool, worker_pool
from ledger.feed import BEGINNING, PostgresFeed
from ledger.postgres import PostgresStore
from ledger.samples import command, part
from stack.testing import Postgres

FORGET = (
    "delete from es.log_leaves where tenant = $1",
    "delete from es.log_nodes where tenant = $1",
    "delete from es.log_sizes where tenant = $1",
    "delete from es.log_checkpoints where tenant = $1",
)


async def test_a_log_that_was_rolled_back_is_not_signed_and_the_kept_note_stays(
    postgres: Postgres, tmp_path: Path
) -> None:
    urls = await postgres.create_database("notary", [EVIDENCE])
    key = tmp_path / "key.pem"
    key.write_bytes(new_private_key())
    notary = Notary("notary", key, tmp_path / "kept")
    tenant = uuid4()
    kept = tmp_path / "kept" / f"notary.{tenant}.checkpoint"

    async with await handler_pool(urls.handler) as pool:
        store = PostgresStore(pool)
        await store.append([command(tenant, part(uuid4())) for _ in range(5)])
    async with await worker_pool(urls.worker) as pool:
        page = await PostgresFeed(pool).page(BEGINNING, 100)
        async with pool.acquire() as connection:
            await Logs().add(connection, page.events)
            assert await notary.sign(connection) == 1
            assert await notary.sign(connection) == 0
            signed = kept.read_text(encoding="utf-8")

            # The log anew: one leaf short of what was signed, then its leaves in another order.
            await _forget(urls.superuser, tenant)
            await Logs().add(connection, page.events[:4])
            assert await notary.sign(connection) == 0
            await _forget(urls.superuser, tenant)
            await Logs().add(connection, [*page.events[1:], page.events[0]])
            assert await notary.sign(connection) == 0
            assert kept.read_text(encoding="utf-8") == signed

            # As it was, it is signed on.
            await _forget(urls.superuser, tenant)
            await Logs().add(connection, page.events)
            assert await notary.sign(connection) == 1


async def _forget(superuser: str, tenant: UUID) -> None:
    connection = await asyncpg.connect(superuser)
    for statement in FORGET:
        await connection.execute(statement, tenant)
    await connection.close()
