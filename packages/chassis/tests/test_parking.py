"""What waits is tried again in its order, with growing pauses; an operator can hurry or skip it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.commands.own_events import OPERATIONS as OWN_STREAMS
from chassis.commands.own_events import ParkedRecordSkipped
from chassis.inward.hearing import Hearing
from chassis.roles import Role
from chassis.running.operations import Operations
from chassis.running.serving import OPERATIONS, OWN_POLICY
from chassis.service import Servicer
from chassis.testing import served
from ledger.ids import stream_of
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import COUNTER, Open, Running
from packages.chassis.tests.sources import BAD, NOTE, Sources
from throughline.operations.v1 import operations_pb2 as pb
from throughline.operations.v1 import operations_pb2_grpc

PARKED = "select count(*)::int from es.parked_records where tenant = $1 and stream_id = $2"
STREAM = "select * from es.parked where tenant = $1 and stream_id = $2"
HEARD = "select version from es.heard where tenant = $1 and stream_id = $2"
TIMES = "select times from read.notes where tenant = $1 and stream_id = $2"
OPERATOR = "the operator"


@pytest.fixture
def sources(parts: Parts) -> Sources:
    """Give the service that is heard."""
    return Sources(parts)


@asynccontextmanager
async def operating(
    parts: Parts, *roles: Role
) -> AsyncIterator["operations_pb2_grpc.OperationsServiceAsyncStub"]:
    """Call the service's Operations over a real server, as somebody in some roles."""
    add = operations_pb2_grpc.add_OperationsServiceServicer_to_server
    servicer = Servicer(Operations(parts.runtime), add, OPERATIONS)
    async with (
        served([servicer], OWN_POLICY) as server,
        server.channel(OPERATOR, roles or [Role.OPERATOR], [parts.tenant]) as channel,
    ):
        yield operations_pb2_grpc.OperationsServiceStub(channel)


async def park(parts: Parts, sources: Sources, target: UUID, *movements: int) -> UUID:
    """Hear movements of something that is not there yet, or that is bad."""
    stream = await sources.about(target, *movements)
    await Hearing(parts.runtime).batch(await sources.records(stream))
    return stream


async def total(parts: Parts, counter: UUID) -> int:
    """Return what a counter stands at."""
    state = await parts.runtime.shell.state(parts.tenant, COUNTER, counter)
    assert isinstance(state, Running)
    return state.total


async def test_what_waits_is_applied_in_its_order_once_it_can_be(
    parts: Parts, sources: Sources
) -> None:
    counter = uuid4()
    stream = await park(parts, sources, counter, 5, NOTE + 1, 7)
    async with parts.in_role("react") as running:
        await running.do(Open(counter, uuid4(), "Alice", f"label {counter}"))
        await running.until(0, PARKED, parts.tenant, stream)
    assert await total(parts, counter) == 12
    assert await parts.one(TIMES, parts.tenant, counter) == 1
    assert await parts.fetch(STREAM, parts.tenant, stream) == []
    assert await parts.one(HEARD, parts.tenant, stream) == 4
    stored = await parts.runtime.shell.store.read(parts.tenant, counter)
    moved = [parts.runtime.service.registry.decode(each).event for each in stored[1:]]
    assert [each.by for each in moved] == [5, 7]


async def test_the_pauses_between_tries_grow(parts: Parts, sources: Sources) -> None:
    stream = await park(parts, sources, uuid4(), 5)
    seen: dict[int, float] = {}

    async def tried_three_times() -> bool:
        [row] = await parts.fetch(
            "select attempts, extract(epoch from next_attempt_at)::float8 as at from es.parked"
            " where tenant = $1 and stream_id = $2",
            parts.tenant,
            stream,
        )
        seen[row["attempts"]] = row["at"]
        return bool(row["attempts"] >= 3)

    async with parts.in_role("react"):
        await until(tried_three_times, "it is tried three times")
    # From half a second they double; what a busy machine adds to one of them says nothing.
    pauses = {n: at - seen[n - 1] for n, at in seen.items() if n - 1 in seen}
    assert set(pauses) >= {2, 3}
    assert all(pause >= 0.5 * 2 ** (n - 1) for n, pause in pauses.items())


async def test_what_arrives_meanwhile_queues_behind(parts: Parts, sources: Sources) -> None:
    counter = uuid4()
    stream = await park(parts, sources, counter, 1)
    hearing = Hearing(parts.runtime)
    async with parts.in_role("react") as running:
        await running.do(Open(counter, uuid4(), "Alice", f"label {counter}"))
        for version in range(3, 9):
            await sources.move(stream, 2)
            await hearing.batch(await sources.records(stream, version))
        await running.until(0, PARKED, parts.tenant, stream)
    assert await total(parts, counter) == 13


async def test_a_gap_is_filled_once_its_owner_is_back(parts: Parts, sources: Sources) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 1, 2, 4, 8)
    sources.away = True
    async with sources.answering() as asking:
        await Hearing(asking.runtime).batch(await sources.records(stream, 4, 5))
        assert await parts.one(PARKED, parts.tenant, stream) == 2
        sources.away = False
        async with asking.in_role("react") as running:
            await running.until(0, PARKED, parts.tenant, stream)
    assert await total(parts, counter) == 15
    assert await parts.one(HEARD, parts.tenant, stream) == 5


async def test_a_write_that_is_refused_again_and_again_holds_up_no_other_stream(
    parts: Parts, sources: Sources
) -> None:
    one, counter = uuid4(), uuid4()
    refused = await park(parts, sources, one, NOTE + 99, NOTE + 1)
    stream = await park(parts, sources, counter, 5)
    async with parts.in_role("react") as running:
        await running.do(Open(counter, uuid4(), "Alice", f"label {counter}"))
        await running.until(0, PARKED, parts.tenant, stream)
    assert await parts.one(PARKED, parts.tenant, refused) == 1
    assert await parts.one(TIMES, parts.tenant, one) == 99


async def test_an_operator_sees_what_waits_and_why(parts: Parts, sources: Sources) -> None:
    stream = await park(parts, sources, uuid4(), 5, 6)
    [_, first, _] = await sources.one.stream(stream)
    async with operating(parts) as stub:
        answer = await stub.ListParked(pb.ListParkedRequest(limit=1000))
    [found] = [each for each in answer.parked if each.stream_id == str(stream)]
    assert (found.consumer, found.authority) == ("counters", str(parts.tenant))
    assert (found.records, found.reason, found.event_type) == (2, "NotOpenYet", "Rang")
    assert found.event_id == str(first.event_id)


async def test_an_operator_can_have_it_tried_at_once(parts: Parts, sources: Sources) -> None:
    counter = uuid4()
    stream = await park(parts, sources, counter, 5, BAD, 7)
    request = pb.RetryParkedRequest(
        consumer="counters", authority=str(parts.tenant), stream_id=str(stream)
    )
    far = (
        "update es.parked set next_attempt_at = now() + interval '1 hour', attempts = 9 returning 1"
    )
    async with operating(parts) as stub, parts.in_role("react") as running:
        answer = await stub.RetryParked(request)
        assert (answer.applied, answer.remaining) == (0, 3)
        await parts.fetch(far)
        await running.do(Open(counter, uuid4(), "Alice", f"label {counter}"))
        answer = await stub.RetryParked(request)
        assert (answer.applied, answer.remaining) == (1, 2)
    assert await total(parts, counter) == 5
    [row] = await parts.fetch(STREAM, parts.tenant, stream)
    assert row["reason"] == "KeyError"


async def test_an_operator_can_leave_a_record_out_and_who_and_why_is_recorded(
    parts: Parts, sources: Sources
) -> None:
    counter = await parts.opened()
    stream = await park(parts, sources, counter, 1, BAD, 2)
    async with operating(parts) as stub, parts.in_role("react") as running:
        answer = await stub.SkipParked(
            pb.SkipParkedRequest(
                consumer="counters",
                authority=str(parts.tenant),
                stream_id=str(stream),
                reason="sent by mistake",
            )
        )
        assert answer.remaining == 1
        await running.until(0, PARKED, parts.tenant, stream)
    assert await total(parts, counter) == 3
    recorded = await parts.runtime.shell.store.read(
        parts.tenant, stream_of("counters", OWN_STREAMS, stream)
    )
    [found] = [parts.runtime.service.registry.decode(each) for each in recorded]
    assert found.event == ParkedRecordSkipped("counters", stream, 3, "sent by mistake")
    assert (found.envelope.actor.id, found.envelope.actor.role) == (OPERATOR, "platform-operator")


async def test_what_does_not_wait_can_be_neither_tried_nor_skipped(parts: Parts) -> None:
    named = {"consumer": "counters", "authority": str(parts.tenant), "stream_id": str(uuid4())}
    async with operating(parts) as stub:
        with pytest.raises(grpc.aio.AioRpcError) as not_tried:
            await stub.RetryParked(pb.RetryParkedRequest(**named))
        with pytest.raises(grpc.aio.AioRpcError) as not_skipped:
            await stub.SkipParked(pb.SkipParkedRequest(**named, reason="none"))
    codes = {not_tried.value.code(), not_skipped.value.code()}
    assert codes == {grpc.StatusCode.NOT_FOUND}


async def test_nobody_but_an_operator_skips_anything(parts: Parts) -> None:
    named = {"consumer": "counters", "authority": str(parts.tenant), "stream_id": str(uuid4())}
    roles = [each for each in Role if each is not Role.OPERATOR]
    async with operating(parts, *roles) as stub:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.SkipParked(pb.SkipParkedRequest(**named, reason="none"))
        assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
