"""Only the leader of the moment moves a checkpoint."""

import asyncio
from uuid import uuid4

import pytest

from ledger import checkpoints
from ledger.checkpoints import Checkpoint, Superseded
from ledger.connect import Connection, Pool
from ledger.feed import Cursor
from ledger.leadership import Leadership
from stack.databases import DatabaseUrls


async def test_a_checkpoint_that_was_never_written_stands_at_the_beginning(workers: Pool) -> None:
    async with workers.acquire(timeout=5) as connection:
        assert await checkpoints.load(connection, str(uuid4())) == Checkpoint()


async def test_each_leader_has_a_later_epoch_and_the_earlier_ones_write_nothing(
    workers: Pool,
) -> None:
    name = str(uuid4())
    async with workers.acquire(timeout=5) as connection:
        old = await checkpoints.take_over(connection, name, 0, "old")
        await checkpoints.advance(connection, old, Cursor(), Cursor(3, uuid4()), 5)
        new = await checkpoints.take_over(connection, name, 0, "new")
        at = await checkpoints.load(connection, name)
        assert (at.cursor.position, at.seen_to, at.epoch) == (3, 5, old.epoch + 1)
        with pytest.raises(Superseded):
            await checkpoints.advance(connection, old, at.cursor, Cursor(4, uuid4()), 5)
        with pytest.raises(Superseded):
            await checkpoints.resume(connection, old)
        await checkpoints.advance(connection, new, at.cursor, Cursor(4, uuid4()), 4)
        assert (await checkpoints.load(connection, name)).seen_to == 5, "it never goes back"


async def test_a_checkpoint_moves_only_from_where_its_leader_left_it(workers: Pool) -> None:
    async with workers.acquire(timeout=5) as connection:
        lease = await checkpoints.take_over(connection, str(uuid4()), 0, "one")
        there = Cursor(3, uuid4())
        await checkpoints.advance(connection, lease, Cursor(), there, 3)
        for wrong in (Cursor(), Cursor(3, uuid4()), Cursor(2, there.event_id)):
            with pytest.raises(Superseded):
                await checkpoints.advance(connection, lease, wrong, Cursor(9, uuid4()), 9)


async def test_one_leads_at_a_time(database: DatabaseUrls) -> None:
    name = str(uuid4())
    first = await Leadership.seek(database.worker, name, owner="first", shards=2)
    assert first is not None
    assert await Leadership.seek(database.worker, name, owner="second", shards=2) is None
    other_shard = await Leadership.seek(database.worker, name, 1, shards=2)
    assert other_shard is not None
    await first.close()
    second = await Leadership.seek(database.worker, name, owner="second", shards=2)
    assert second is not None
    assert second.lease.epoch == first.lease.epoch + 1
    assert await second.holds()
    await second.close()
    await other_shard.close()


async def test_a_leader_whose_connection_is_gone_knows_it(
    database: DatabaseUrls, superuser: Connection
) -> None:
    leader = await Leadership.seek(database.worker, str(uuid4()))
    assert leader is not None
    pid = leader._connection.get_server_pid()
    await superuser.execute("select pg_terminate_backend($1)", pid)
    async with asyncio.timeout(5):
        await leader.lost.wait()
    assert not await leader.holds()
    await leader.close()
