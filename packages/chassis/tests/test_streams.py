"""Calls with streams of messages pass the same gate, message by message."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import grpc
import grpc.aio
import pytest
import pytest_asyncio
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import Default
from google.protobuf.message_factory import GetMessageClass

from chassis.edge.gate import Limits
from chassis.edge.rpc import caller
from chassis.identity.policy import Policy, allow
from chassis.roles import Role
from chassis.service import Servicer
from chassis.testing import Served, served
from throughline.common.v1 import common_pb2

OURS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
ALSO_OURS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02")
THEIRS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a04")
PACKAGE = "throughline.trial.v1"
NAME = f"{PACKAGE}.TrialService"


def contract() -> FileDescriptorProto:
    """Write a service with each kind of stream, which no service of the product has."""
    file = FileDescriptorProto(
        name="throughline/trial/v1/trial.proto",
        package=PACKAGE,
        syntax="proto3",
        dependency=[common_pb2.DESCRIPTOR.name],
    )
    message = file.message_type.add(name="Message")
    message.field.add(
        name="context",
        number=1,
        type=FieldDescriptorProto.TYPE_MESSAGE,
        type_name=".throughline.common.v1.ReadContext",
        label=FieldDescriptorProto.LABEL_OPTIONAL,
    )
    message.field.add(
        name="number",
        number=2,
        type=FieldDescriptorProto.TYPE_INT32,
        label=FieldDescriptorProto.LABEL_OPTIONAL,
    )
    service = file.service.add(name="TrialService")
    kind = f".{PACKAGE}.Message"
    for name, takes, gives in (("Sum", True, False), ("Count", False, True), ("Echo", True, True)):
        service.method.add(
            name=name,
            input_type=kind,
            output_type=kind,
            client_streaming=takes,
            server_streaming=gives,
        )
    return file


Default().AddSerializedFile(contract().SerializeToString())
Message: Any = GetMessageClass(Default().FindMessageTypeByName(f"{PACKAGE}.Message"))
POLICY = Policy.of(NAME, allow(Role.AUDITOR, to=["Sum", "Count", "Echo"]))


class Trial:
    """Adds, counts and echoes."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def sum(self, requests: AsyncIterator[Any], _context: Any) -> Any:
        """Add the numbers of a stream."""
        return Message(number=sum([each.number async for each in requests]))

    async def count(self, request: Any, _context: Any) -> AsyncIterator[Any]:
        """Count to a number; past 100 fail, at 0 never end."""
        try:
            assert caller().actor.id == "somebody"
            for number in range(request.number):
                if number == 100:
                    raise LookupError("Alice Hartley")
                yield Message(number=number)
            if not request.number:
                await asyncio.Event().wait()
        finally:
            self.closed.set()

    async def echo(self, requests: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
        """Answer each message with itself."""
        async for each in requests:
            yield each


def add_trial(trial: Trial, server: grpc.aio.Server) -> None:
    """Do what generated code does."""
    codec = {
        "request_deserializer": Message.FromString,
        "response_serializer": Message.SerializeToString,
    }
    handlers = {
        "Sum": grpc.stream_unary_rpc_method_handler(trial.sum, **codec),
        "Count": grpc.unary_stream_rpc_method_handler(trial.count, **codec),
        "Echo": grpc.stream_stream_rpc_method_handler(trial.echo, **codec),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(NAME, handlers),))


@pytest_asyncio.fixture
async def trial() -> Trial:
    """Give the servicer."""
    return Trial()


@pytest_asyncio.fixture
async def up(trial: Trial) -> AsyncIterator[Served]:
    """Serve it."""
    limits = Limits(default_s=0.3, longest_stream_s=0.3)
    async with served([Servicer(trial, add_trial, NAME)], POLICY, limits=limits) as made:
        yield made


@pytest_asyncio.fixture
async def channel(up: Served) -> AsyncIterator[grpc.aio.Channel]:
    """Speak as an auditor of two authorities."""
    async with up.channel("somebody", [Role.AUDITOR], [OURS, ALSO_OURS]) as made:
        yield made


def said(number: int, authority: UUID = OURS) -> Any:
    return Message(context=common_pb2.ReadContext(authority=str(authority)), number=number)


def method(channel: grpc.aio.Channel, name: str) -> Any:
    kinds: dict[str, Any] = {
        "Sum": channel.stream_unary,
        "Count": channel.unary_stream,
        "Echo": channel.stream_stream,
    }
    return kinds[name](
        f"/{NAME}/{name}",
        request_serializer=Message.SerializeToString,
        response_deserializer=Message.FromString,
    )


async def code_of(awaited: Any) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await awaited
    return raised.value.code()


async def numbers(call: Any) -> list[int]:
    return [each.number async for each in call]


async def test_streams_pass_the_gate_both_ways(channel: grpc.aio.Channel) -> None:
    assert (await method(channel, "Sum")(iter([said(1), said(2)]))).number == 3
    assert await numbers(method(channel, "Count")(said(3))) == [0, 1, 2]
    assert await numbers(method(channel, "Echo")(iter([said(7), said(8)]))) == [7, 8]


async def test_a_stream_without_a_message_is_malformed(channel: grpc.aio.Channel) -> None:
    call = method(channel, "Sum")(iter([]))
    assert await code_of(call) is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_stream_may_not_change_its_authority(channel: grpc.aio.Channel) -> None:
    call = method(channel, "Sum")(iter([said(1), said(2, ALSO_OURS)]))
    assert await code_of(call) is grpc.StatusCode.INVALID_ARGUMENT
    call = method(channel, "Echo")(iter([said(1), said(2, ALSO_OURS)]))
    assert await code_of(numbers(call)) is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_later_message_is_looked_at_like_the_first(up: Served) -> None:
    async with up.channel("somebody", [Role.AUDITOR], [OURS]) as channel:
        raw: Any = channel.stream_unary(f"/{NAME}/Sum")
        unknown = said(2).SerializeToString() + b"\xf8\x07\x01"
        call = raw(iter([said(1).SerializeToString(), unknown]))
        assert await code_of(call) is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("name", ["Sum", "Count", "Echo"])
async def test_another_authority_is_not_found(channel: grpc.aio.Channel, name: str) -> None:
    request = said(1, THEIRS)
    call = method(channel, name)(request if name == "Count" else iter([request]))
    answered = call if name == "Sum" else numbers(call)
    assert await code_of(answered) is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("name", ["Sum", "Count", "Echo"])
async def test_without_a_token_no_message_is_read(up: Served, name: str) -> None:
    async with grpc.aio.insecure_channel(up.target) as channel:
        call = method(channel, name)(said(1) if name == "Count" else iter([said(1)]))
        answered = call if name == "Sum" else numbers(call)
        assert await code_of(answered) is grpc.StatusCode.UNAUTHENTICATED


async def test_an_error_in_mid_stream_ends_it_with_its_status(channel: grpc.aio.Channel) -> None:
    got: list[int] = []

    async def gather() -> None:
        async for each in method(channel, "Count")(said(200)):
            got.append(each.number)  # noqa: PERF401 # what came before the error counts

    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await gather()
    assert got == list(range(100))
    assert raised.value.code() is grpc.StatusCode.INTERNAL
    assert "Alice" not in str(raised.value)


async def test_a_stream_has_a_deadline(up: Served, trial: Trial) -> None:
    async with up.channel("somebody", [Role.AUDITOR], [OURS]) as channel:
        call = method(channel, "Count")(said(0))
        assert await code_of(numbers(call)) is grpc.StatusCode.DEADLINE_EXCEEDED
    await asyncio.wait_for(trial.closed.wait(), 5)


async def test_a_reader_that_goes_away_closes_the_stream(
    channel: grpc.aio.Channel, trial: Trial
) -> None:
    call = method(channel, "Count")(said(100))
    async for _ in call:
        break
    call.cancel()
    await asyncio.wait_for(trial.closed.wait(), 5)
