"""A call has a limit on its time and on its bytes, whatever the client asks; a cancel is heard."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from chassis.edge.contract import described
from chassis.edge.gate import Limits
from chassis.identity.policy import Policy, allow
from chassis.roles import Role
from chassis.service import Servicer
from chassis.testing import Scripted, Served, served
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc

NAME = "throughline.operations.v1.OperationsService"
POLICY = Policy.of(NAME, allow(Role.OPERATOR, to=[each.name for each in described(NAME).methods]))
LIMITS = Limits(
    request_bytes=10_000,
    response_bytes=20_000,
    default_s=0.2,
    longest_s=0.4,
    concurrent_calls=4,
)


class Slow:
    """Answers as the test says, and remembers how calls ended."""

    def __init__(self) -> None:
        self.work: Callable[[], Awaitable[Any]] = self.nothing
        self.cancelled = asyncio.Event()
        self.begun = asyncio.Event()

    async def nothing(self) -> operations_pb2.SkipParkedResponse:
        """Answer at once."""
        return operations_pb2.SkipParkedResponse()

    async def for_ever(self) -> operations_pb2.SkipParkedResponse:
        """Never answer; notice the cancel."""
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        raise AssertionError

    async def answer(self, _name: str, _request: Any) -> Any:
        """Answer."""
        return await self.work()


@pytest_asyncio.fixture
async def slow() -> Slow:
    """Give the servicer."""
    return Slow()


@pytest_asyncio.fixture
async def up(slow: Slow) -> AsyncIterator[Served]:
    """Serve it, with small limits."""
    add_to = operations_pb2_grpc.add_OperationsServiceServicer_to_server
    servicer = Servicer(Scripted(slow.answer), add_to, NAME)
    async with served([servicer], POLICY, limits=LIMITS) as made:
        yield made


async def call(up: Served, timeout_s: float | None = None, reason: str = "x") -> Any:
    """Call once, without the product's own client and its limits."""
    token = up.issuer.mint("operator", [Role.OPERATOR], [])
    async with grpc.aio.insecure_channel(up.target) as channel:
        stub = operations_pb2_grpc.OperationsServiceStub(channel)
        return await stub.GetStatus(
            operations_pb2.GetStatusRequest(),
            metadata=(("authorization", f"Bearer {token}"), ("padding", reason)),
            timeout=timeout_s,
        )


async def refused(awaited: Awaitable[Any]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await awaited
    return raised.value


async def test_a_call_without_a_deadline_has_one(up: Served, slow: Slow) -> None:
    slow.work = slow.for_ever
    began = time.monotonic()
    assert (await refused(call(up))).code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert time.monotonic() - began >= LIMITS.default_s
    await asyncio.wait_for(slow.cancelled.wait(), 5)


async def test_a_client_cannot_ask_for_more_than_the_longest(up: Served, slow: Slow) -> None:
    slow.work = slow.for_ever
    error = await refused(call(up, timeout_s=60))
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert error.details() == "the call took too long"


async def test_a_clients_shorter_deadline_ends_the_work(up: Served, slow: Slow) -> None:
    slow.work = slow.for_ever
    error = await refused(call(up, timeout_s=0.1))
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    await asyncio.wait_for(slow.cancelled.wait(), 5)


async def test_a_client_that_goes_away_ends_the_work(up: Served, slow: Slow) -> None:
    slow.work = slow.for_ever
    under_way = asyncio.create_task(call(up, timeout_s=0.3))
    await asyncio.wait_for(slow.begun.wait(), 5)
    under_way.cancel()
    await asyncio.wait_for(slow.cancelled.wait(), 5)
    with pytest.raises(asyncio.CancelledError):
        await under_way


async def test_a_timeout_of_the_work_itself_is_in_doubt(up: Served, slow: Slow) -> None:
    async def too_slow_a_part() -> Any:
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()

    slow.work = too_slow_a_part
    assert (await refused(call(up))).code() is grpc.StatusCode.UNAVAILABLE


async def test_a_request_too_large_is_refused_unread(up: Served) -> None:
    token = up.issuer.mint("operator", [Role.OPERATOR], [])
    async with grpc.aio.insecure_channel(up.target) as channel:
        stub = operations_pb2_grpc.OperationsServiceStub(channel)
        request = operations_pb2.SkipParkedRequest(reason="x" * LIMITS.request_bytes)
        error = await refused(
            stub.SkipParked(request, metadata=(("authorization", f"Bearer {token}"),), timeout=5)
        )
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_an_answer_too_large_is_not_sent(up: Served, slow: Slow) -> None:
    async def too_much() -> Any:
        return operations_pb2.GetStatusResponse(service="x" * LIMITS.response_bytes)

    slow.work = too_much
    assert (await refused(call(up, 5))).code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_token_of_8_kb_fits_through(up: Served) -> None:
    token = up.issuer.sign(
        {
            "iss": up.issuer.issuer,
            "aud": "throughline",
            "sub": "operator",
            "iat": int(time.time()),
            "nbf": int(time.time()),
            "exp": int(time.time()) + 60,
            "roles": ["platform-operator"],
            "tenants": [],
            "more": "x" * 5_700,
        }
    )
    assert 7_900 < len(token) <= 8_192
    async with up.channel_with(token) as channel:
        stub = operations_pb2_grpc.OperationsServiceStub(channel)
        await stub.GetStatus(operations_pb2.GetStatusRequest())


async def test_more_metadata_than_fits_is_refused(up: Served) -> None:
    error = await refused(call(up, 5, reason="x" * 40_000))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_more_calls_at_once_than_allowed_are_refused(up: Served, slow: Slow) -> None:
    slow.work = slow.for_ever
    many = [asyncio.create_task(call(up)) for _ in range(LIMITS.concurrent_calls * 3)]
    codes = [each.code() for each in await asyncio.gather(*map(refused, many))]
    assert codes.count(grpc.StatusCode.DEADLINE_EXCEEDED) == LIMITS.concurrent_calls
    assert codes.count(grpc.StatusCode.RESOURCE_EXHAUSTED) == LIMITS.concurrent_calls * 2


async def test_an_answer_of_the_wrong_type_is_an_internal_error(up: Served, slow: Slow) -> None:
    async def nonsense() -> Any:
        return "nonsense"

    slow.work = nonsense
    assert (await refused(call(up))).code() is grpc.StatusCode.INTERNAL
