"""A server starts with every RPC in its policy, or not at all; health and reflection say little."""

import asyncio
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from chassis.edge.contract import described
from chassis.edge.rpc import Gate, PortTaken, server
from chassis.identity.jwks import GivenKeys
from chassis.identity.local_issuer import LocalIssuer
from chassis.identity.policy import IncompletePolicy, Policy, allow, no_facts
from chassis.identity.tokens import Verifier
from chassis.roles import Role
from chassis.running.settings import Environment
from chassis.service import Servicer
from chassis.testing import Scripted, served
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc

NAME = "throughline.operations.v1.OperationsService"
ALL = [each.name for each in described(NAME).methods]
POLICY = Policy.of(NAME, allow(Role.OPERATOR, to=ALL))
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


async def status(_name: str, _request: Any) -> operations_pb2.GetStatusResponse:
    return operations_pb2.GetStatusResponse(service="trial")


SERVICER = Servicer(
    Scripted(status), operations_pb2_grpc.add_OperationsServiceServicer_to_server, NAME
)


async def test_a_server_with_an_rpc_that_has_no_row_does_not_start() -> None:
    with pytest.raises(IncompletePolicy, match="MoveClock has no row"):
        async with served(
            [SERVICER],
            Policy.of(NAME, allow(Role.OPERATOR, to=[each for each in ALL if each != "MoveClock"])),
        ):
            pass


async def test_health_answers_without_a_token() -> None:
    async with (
        served([SERVICER], POLICY) as up,
        grpc.aio.insecure_channel(up.target) as channel,
    ):
        stub: Any = health_pb2_grpc.HealthStub(channel)
        for name in ("", NAME):
            answer = await stub.Check(health_pb2.HealthCheckRequest(service=name))
            assert answer.status == SERVING
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await stub.Check(health_pb2.HealthCheckRequest(service="invented"))
        assert raised.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_server_that_stops_says_so_and_finishes_what_it_has_in_hand() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_name: str, _request: Any) -> operations_pb2.GetStatusResponse:
        begun.set()
        await go_on.wait()
        return operations_pb2.GetStatusResponse(service="done")

    servicer = Servicer(Scripted(slow), SERVICER.add_to, NAME)
    async with (
        served([servicer], POLICY) as up,
        up.channel("operator", [Role.OPERATOR], []) as channel,
        grpc.aio.insecure_channel(up.target) as watching,
    ):
        call = operations_pb2_grpc.OperationsServiceStub(channel).GetStatus(
            operations_pb2.GetStatusRequest()
        )
        under_way = asyncio.ensure_future(call)
        await asyncio.wait_for(begun.wait(), 5)
        health: Any = health_pb2_grpc.HealthStub(watching)
        watch = health.Watch(health_pb2.HealthCheckRequest())
        assert (await watch.read()).status == SERVING
        stopping = asyncio.create_task(up.server.stop(2))
        assert (await watch.read()).status == NOT_SERVING
        watch.cancel()
        go_on.set()
        assert (await under_way).service == "done"
        await asyncio.wait_for(stopping, 5)


async def reflected(environment: Environment) -> list[str]:
    """List the services, without a token."""
    async with (
        served([SERVICER], POLICY, environment=environment) as up,
        grpc.aio.insecure_channel(up.target) as channel,
    ):
        untyped: Any = channel
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(untyped)
        asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        answers = [each async for each in stub.ServerReflectionInfo(asked)]
        return [each.name for each in answers[0].list_services_response.service]


async def test_reflection_is_there_for_who_explores_the_demo() -> None:
    assert NAME in await reflected(Environment.DEMO)


async def test_reflection_is_not_there_in_production() -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await reflected(Environment.PRODUCTION)
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_port_that_is_taken_is_named() -> None:
    issuer = LocalIssuer.fresh()
    gate = Gate(Verifier(issuer.issuer, GivenKeys(issuer.keys)), POLICY, no_facts)
    async with served([SERVICER], POLICY) as up:
        with pytest.raises(PortTaken, match=up.target):
            server([SERVICER], gate, up.target, Environment.TEST)
