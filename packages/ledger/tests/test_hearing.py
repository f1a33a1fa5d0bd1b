"""What was heard is remembered by version; what could not be handled waits in its order."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from ledger import dead_letters, heard, parked
from ledger.connect import Connection, Pool
from ledger.dead_letters import DeadLetter
from ledger.heard import Refused
from ledger.parked import ParkedRecord

consumer = "casework"


def record(tenant: UUID, stream: UUID, version: int) -> ParkedRecord:
    return ParkedRecord(
        consumer=consumer,
        tenant=tenant,
        stream_id=stream,
        version=version,
        topic="throughline.referrals.v1",
        partition=2,
        offset=100 + version,
        key=b"key",
        value=b"\x00 any bytes" if version > 1 else None,
        headers=(("ce_id", b"1"), ("ce_id", b"again")),
        event_id=uuid4(),
        type="ReferralAccepted",
    )


async def due_now(connection: Connection, tenant: UUID) -> None:
    await connection.execute(
        "update es.parked set next_attempt_at = 'epoch' where tenant = $1", tenant
    )


async def test_what_was_heard_never_goes_back(workers: Pool, tenant: UUID) -> None:
    one, two, three = uuid4(), uuid4(), uuid4()
    async with workers.acquire(timeout=5) as connection:
        await heard.advance(connection, consumer, {(tenant, one): 3, (tenant, two): 1})
        await heard.advance(connection, consumer, {(tenant, one): 2, (tenant, two): 5})
        await heard.advance(connection, consumer, {})
        streams = [(tenant, one), (tenant, two), (tenant, three)]
        known = await heard.known(connection, consumer, streams)
        assert known == {(tenant, one): 3, (tenant, two): 5}
        assert await heard.known(connection, "another", streams) == {}


async def test_a_refusal_is_remembered_once(workers: Pool, tenant: UUID) -> None:
    refused = Refused(consumer, tenant, uuid4(), uuid4(), "AlreadyOpen")
    async with workers.acquire(timeout=5) as connection:
        await heard.add_refused(connection, [refused])
        await heard.add_refused(connection, [refused])
        await heard.add_refused(connection, [])
        rows = await connection.fetch("select * from es.refused where tenant = $1", tenant)
    assert [row["refusal"] for row in rows] == ["AlreadyOpen"]


async def test_parked_records_come_back_as_they_were_in_their_order(
    workers: Pool, tenant: UUID
) -> None:
    stream = uuid4()
    records = [record(tenant, stream, version) for version in (2, 1)]
    async with workers.acquire(timeout=5) as connection:
        await parked.add(connection, records, {(tenant, stream): "NotYet"})
        await parked.add(connection, records, {})
        found = await parked.records(connection, consumer, tenant, stream, 10)
        assert found == sorted(records, key=lambda each: each.version)
        asked = [(tenant, stream), (tenant, uuid4())]
        assert await parked.parked_streams(connection, consumer, asked) == {(tenant, stream)}
        assert await parked.parked_streams(connection, "another", asked) == set()
        [listed] = [
            each for each in await parked.list_streams(connection, 1000) if each.tenant == tenant
        ]
    assert (listed.records, listed.reason, listed.attempts) == (2, "NotYet", 0)
    assert (listed.event_id, listed.type) == (found[0].event_id, "ReferralAccepted")


async def test_pauses_grow(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    pauses = []
    async with workers.acquire(timeout=5) as connection:
        await parked.add(connection, [record(tenant, stream, 1)], {})
        for _ in range(25):
            await parked.attempted(connection, consumer, tenant, stream, "StillNot")
            at = await connection.fetchval(
                "select next_attempt_at from es.parked where tenant = $1", tenant
            )
            pauses.append((at - datetime.now(UTC)).total_seconds())
    assert pauses[0] == pytest.approx(0.5, abs=0.3)
    assert pauses[3] == pytest.approx(4, abs=0.5)
    assert pauses[-1] == pytest.approx(300, abs=1)
    assert all(later > earlier - 1 for earlier, later in pairwise(pauses))


async def test_only_what_has_waited_long_enough_is_due(workers: Pool, tenant: UUID) -> None:
    stream, own = uuid4(), f"consumer {tenant}"
    async with workers.acquire(timeout=5) as connection:
        await connection.execute(
            "insert into es.parked (consumer, tenant, stream_id, reason, next_attempt_at)"
            " values ($1, $2, $3, 'x', $4)",
            own,
            tenant,
            stream,
            datetime.now(UTC) + timedelta(hours=1),
        )
        assert await parked.next_due(connection, own) is None
        await due_now(connection, tenant)
        assert await parked.next_due(connection, own) == parked.Waiting(tenant, stream)


async def test_a_stream_goes_on_once_its_last_record_is_gone(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    records = [record(tenant, stream, version) for version in (1, 2)]
    async with workers.acquire(timeout=5) as connection:
        before = await parked.count(connection)
        await parked.add(connection, records, {})
        assert await parked.count(connection) == before + 1
        assert await parked.remove(connection, records[0]) == 1
        assert await parked.skip(connection, consumer, tenant, stream, records[1]) == 0
        assert await parked.count(connection) == before
        with pytest.raises(ValueError, match="another stream"):
            await parked.skip(connection, consumer, tenant, uuid4(), records[1])


async def test_a_record_parked_while_the_last_one_goes_is_not_forgotten(
    workers: Pool, tenant: UUID
) -> None:
    stream = uuid4()
    one, two = record(tenant, stream, 1), record(tenant, stream, 2)
    async with workers.acquire(timeout=5) as adding, workers.acquire(timeout=5) as removing:
        await parked.add(adding, [one], {})
        transaction = adding.transaction()
        await transaction.start()
        await parked.add(adding, [two], {})
        removed = asyncio.create_task(parked.remove(removing, one))
        blocked = "select count(*) from pg_locks where not granted"
        async with asyncio.timeout(5):
            while not await adding.fetchval(blocked):  # noqa: ASYNC110 # PostgreSQL tells no event
                await asyncio.sleep(0.005)
        await transaction.commit()
        assert await removed == 1
        assert await parked.parked_streams(adding, consumer, [(tenant, stream)])


async def test_dead_letters_are_kept_as_they_came(workers: Pool) -> None:
    letter = DeadLetter(f"topic {uuid4()}", 0, 7, None, b"?", (("h\0", b"v"),), "ce_id")
    async with workers.acquire(timeout=5) as connection:
        before = await dead_letters.count(connection)
        await dead_letters.add(connection, [letter, letter])
        assert await dead_letters.count(connection) == before + 1
        row = await connection.fetchrow(
            "select * from es.dead_letters where topic = $1", letter.topic
        )
    assert row is not None
    assert (row["value"], row["header_names"], row["reason"]) == (b"?", ["h\ufffd"], "ce_id")
