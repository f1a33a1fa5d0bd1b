"""What was heard is remembered by version; what could not be handled waits in its order."""

import asyncio
from dataclasses import replace
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


async def test_what_was_heard_goes_on_from_just_what_was_known(workers: Pool, tenant: UUID) -> None:
    one, two, three = uuid4(), uuid4(), uuid4()
    streams = [(tenant, one), (tenant, two), (tenant, three)]
    async with workers.acquire(timeout=5) as connection:
        await heard.go_on(connection, consumer, {(tenant, one): (0, 3), (tenant, two): (0, 1)})
        await heard.go_on(connection, consumer, {(tenant, two): (1, 5)})
        await heard.go_on(connection, consumer, {})
        known = await heard.known(connection, consumer, streams)
        assert known == {(tenant, one): 3, (tenant, two): 5}
        assert await heard.known(connection, "another", streams) == {}


@pytest.mark.parametrize("known", [0, 2, 4])
async def test_nobody_goes_on_from_what_somebody_else_has_passed(
    workers: Pool, tenant: UUID, known: int
) -> None:
    one, two = (tenant, uuid4()), (tenant, uuid4())
    async with workers.acquire(timeout=5) as connection:
        await heard.go_on(connection, consumer, {one: (0, 3)})
        with pytest.raises(heard.Overtaken):
            async with connection.transaction():
                await heard.go_on(connection, consumer, {one: (known, 6), two: (0, 1)})
        assert await heard.known(connection, consumer, [one, two]) == {one: 3}


async def test_of_two_who_hear_a_stream_for_the_first_time_at_once_one_is_told(
    workers: Pool, tenant: UUID
) -> None:
    stream = (tenant, uuid4())
    async with workers.acquire(timeout=5) as first, workers.acquire(timeout=5) as second:
        transaction = first.transaction()
        await transaction.start()
        await heard.go_on(first, consumer, {stream: (0, 1)})
        other = asyncio.create_task(heard.go_on(second, consumer, {stream: (0, 2)}))
        await somebody_waits(first)
        await transaction.commit()
        with pytest.raises(heard.Overtaken):
            await other


async def somebody_waits(connection: Connection) -> None:
    blocked = "select count(*) from pg_locks where not granted"
    async with asyncio.timeout(5):
        while not await connection.fetchval(blocked):  # noqa: ASYNC110 # PostgreSQL tells no event
            await asyncio.sleep(0.005)


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
        await somebody_waits(adding)
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


async def test_a_record_that_somebody_else_took_away_is_gone(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    one, two = record(tenant, stream, 1), record(tenant, stream, 2)
    async with workers.acquire(timeout=5) as connection:
        await parked.add(connection, [one, two], {})
        await parked.remove(connection, one)
        with pytest.raises(parked.Gone):
            await parked.remove(connection, one)
        with pytest.raises(parked.Gone):
            await parked.replace(connection, one)
        assert await parked.records(connection, consumer, tenant, stream, 10) == [two]


async def test_a_record_can_wait_with_other_bytes(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    laid_down = replace(record(tenant, stream, 1), key=b"k", value=None, headers=(("a", b"b"),))
    async with workers.acquire(timeout=5) as connection:
        await parked.add(connection, [record(tenant, stream, 1)], {})
        await parked.replace(connection, laid_down)
        [found] = await parked.records(connection, consumer, tenant, stream, 10)
    assert replace(found, event_id=laid_down.event_id) == laid_down


async def test_a_hurried_stream_is_due_at_once(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    async with workers.acquire(timeout=5) as connection:
        assert await parked.stream(connection, consumer, tenant, stream) is None
        await parked.add(connection, [record(tenant, stream, 1)], {(tenant, stream): "NotYet"})
        for _ in range(5):
            await parked.attempted(connection, consumer, tenant, stream, "StillNot")
        await parked.hurry(connection, consumer, tenant, stream)
        found = await parked.stream(connection, consumer, tenant, stream)
    assert found is not None
    assert (found.attempts, found.reason, found.records) == (0, "StillNot", 1)
    assert found.next_attempt_at <= datetime.now(UTC)
