"""Asks a gRPC server whether it serves, by the standard health service."""

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

ANSWER_SECONDS = 2.0


async def serves(address: str) -> bool:
    """Tell whether the server at host:port says SERVING now; False if nobody answers."""
    async with grpc.aio.insecure_channel(address) as channel:
        try:
            check = HealthStub(channel).Check  # type: ignore[attr-defined] # the stubs lack it
            answer = await check(HealthCheckRequest(), timeout=ANSWER_SECONDS)
        except grpc.aio.AioRpcError:
            return False
    return bool(answer.status == HealthCheckResponse.SERVING)
