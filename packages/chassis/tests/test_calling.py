"""A call to another service carries a token, a deadline and the trace, and is tried again."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from chassis.edge.contract import described
from chassis.edge.rpc import caller, connect, forwarded
from chassis.identity.policy import Policy, allow
from chassis.roles import Role
from chassis.running import telemetry
from chassis.running.telemetry_setup import JsonLines, exporting
from chassis.service import Servicer
from chassis.testing import Scripted, Served, served
from throughline.common.v1.common_pb2 import ReadContext
from throughline.history.v1 import history_pb2, history_pb2_grpc
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc

OPERATIONS = "throughline.operations.v1.OperationsService"
HISTORY = "throughline.history.v1.HistoryService"
OURS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
POLICY = Policy.of(
    OPERATIONS, allow(Role.OPERATOR, to=[each.name for each in described(OPERATIONS).methods])
) | Policy.of(HISTORY, allow(Role.OPERATOR, to=["ReadHistory", "ExportEvidence"]))
ADD_OPERATIONS = operations_pb2_grpc.add_OperationsServiceServicer_to_server
ADD_HISTORY = history_pb2_grpc.add_HistoryServiceServicer_to_server


class Peer:
    """Another service: tells who called, and in which trace."""

    async def answer(self, _name: str, _request: Any) -> Any:
        """Tell."""
        told = operations_pb2.GetStatusResponse(service=caller().actor.id)
        told.counters[telemetry.current_traceparent() or "no trace"] = 1
        return told


async def history(_name: str, _request: Any) -> AsyncIterator[Any]:
    """Answer one entry that tells the same."""
    entry = history_pb2.Entry(actor_id=caller().actor.id)
    yield history_pb2.ReadHistoryResponse(entry=entry)


@pytest_asyncio.fixture
async def up() -> AsyncIterator[Served]:
    """Serve a peer."""
    servicers = [
        Servicer(Scripted(Peer().answer), ADD_OPERATIONS, OPERATIONS),
        Servicer(Scripted(history), ADD_HISTORY, HISTORY),
    ]
    async with served(servicers, POLICY) as made:
        yield made


async def ask(channel: grpc.aio.Channel) -> operations_pb2.GetStatusResponse:
    stub = operations_pb2_grpc.OperationsServiceStub(channel)
    return await stub.GetStatus(operations_pb2.GetStatusRequest())


async def test_a_call_carries_its_token(up: Served) -> None:
    async with up.channel("somebody", [Role.OPERATOR], []) as channel:
        assert (await ask(channel)).service == "somebody"


async def test_a_call_for_a_stream_carries_its_token_too(up: Served) -> None:
    async with up.channel("somebody", [Role.OPERATOR], [OURS]) as channel:
        stub = history_pb2_grpc.HistoryServiceStub(channel)
        request = history_pb2.ReadHistoryRequest(context=ReadContext(authority=str(OURS)))
        assert [each.entry.actor_id async for each in stub.ReadHistory(request)] == ["somebody"]


async def test_a_service_asks_in_the_name_of_its_caller(up: Served) -> None:
    async def pass_on(_name: str, _request: Any) -> Any:
        async with connect(up.target, forwarded) as channel:
            return await ask(channel)

    middle = Servicer(Scripted(pass_on), ADD_OPERATIONS, OPERATIONS)
    async with (
        served([middle], POLICY, issuer=up.issuer) as between,
        between.channel("the user", [Role.OPERATOR], []) as channel,
    ):
        assert (await ask(channel)).service == "the user"


async def test_one_trace_runs_through_both_sides(up: Served, tmp_path: Path) -> None:
    file = tmp_path / "spans"
    with exporting("trial", JsonLines(file)):
        async with up.channel("somebody", [Role.OPERATOR], []) as channel:
            with telemetry.span("command"):
                mine = telemetry.current_traceparent() or ""
                (theirs,) = (await ask(channel)).counters
    assert theirs.split("-")[1] == mine.split("-")[1]
    found = [json.loads(line) for line in file.read_text().splitlines()]
    by_id = {each["span_id"]: each for each in found}
    server = next(each for each in found if each["kind"] == "server")
    client = by_id[server["parent_id"]]
    assert client["kind"] == "client"
    assert by_id[client["parent_id"]]["name"] == "command"
    assert server["attributes"] == {
        "rpc.system": "grpc",
        "rpc.service": OPERATIONS,
        "rpc.method": "GetStatus",
    }


async def test_without_an_exporter_the_trace_is_passed_on_all_the_same(up: Served) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    async with up.channel("somebody", [Role.OPERATOR], []) as channel:
        with telemetry.continued(parent, "hear"):
            assert list((await ask(channel)).counters) == [parent]


async def test_a_call_has_a_deadline_though_nobody_set_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.edge.calling.CALL_S", 0.2)

    async def never(_name: str, _request: Any) -> Any:
        await asyncio.Event().wait()

    async with (
        served([Servicer(Scripted(never), ADD_OPERATIONS, OPERATIONS)], POLICY) as made,
        made.channel("somebody", [Role.OPERATOR], []) as channel,
    ):
        began = time.monotonic()
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await ask(channel)
        assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert time.monotonic() - began < 5


async def test_a_call_that_is_in_doubt_is_sent_again_a_few_times() -> None:
    came = 0

    async def at_the_third(_name: str, _request: Any) -> Any:
        nonlocal came
        came += 1
        if came < 3:
            raise ConnectionResetError
        return operations_pb2.GetStatusResponse(service="at last")

    async with (
        served([Servicer(Scripted(at_the_third), ADD_OPERATIONS, OPERATIONS)], POLICY) as made,
        made.channel("somebody", [Role.OPERATOR], []) as channel,
    ):
        assert (await ask(channel)).service == "at last"


async def test_nobody_there_is_told_in_bounded_time() -> None:
    async def token() -> str:
        return "x"

    async with connect("127.0.0.1:1", token) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await asyncio.wait_for(ask(channel), 10)
        assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
