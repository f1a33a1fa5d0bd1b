"""The gRPC server of a service, everything behind the gate; and what servicers need of a call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from chassis.edge.calling import KEEPALIVE, connect, forwarded
from chassis.edge.contexts import Commanded, command_context, occurred_of, tenant_of
from chassis.edge.contract import described
from chassis.edge.gate import Admission, Gate, Limits, admission, caller
from chassis.edge.interceptor import GateInterceptor
from chassis.running.settings import Environment

MAX_METADATA_BYTES = 16 * 1024
"""A token of 8 KB and a trace fit."""

_HEALTH = health.SERVICE_NAME
_REFLECTION = reflection.SERVICE_NAME


class Serving(Protocol):
    """One servicer, the generated function that adds it, and the full name of its service."""

    @property
    def implementation(self) -> Any:
        """The servicer."""

    @property
    def add_to(self) -> Callable[[Any, grpc.aio.Server], None]:
        """The generated `add_…Servicer_to_server`."""

    @property
    def full_name(self) -> str:
        """`package.Service`."""


class PortTaken(Exception):  # noqa: N818 # the process ends with it
    """The address to listen on is taken, or not this machine's."""


@dataclass(frozen=True, slots=True)
class GrpcServer:
    """A server that listens on `port`; health says SERVING from `start` to `stop`."""

    server: grpc.aio.Server
    port: int
    _health: health.aio.HealthServicer
    _services: tuple[str, ...]

    async def start(self) -> None:
        """Serve."""
        await self.server.start()
        for name in ("", *self._services):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def stop(self, grace_s: float) -> None:
        """Take no new call, let those under way end for a while, then cut them off."""
        await self._health.enter_graceful_shutdown()
        await self.server.stop(grace_s)


def server(
    servicers: Iterable[Serving], gate: Gate, listen: str, environment: Environment
) -> GrpcServer:
    """Build a server, not yet started. Raises IncompletePolicy where an RPC has no row.

    Health answers without a token: it says nothing but yes or no, and orchestrators have none.
    Reflection does so too, in demo and test, where people explore; in production it is not there:
    the contract is published, so nobody needs a live service to tell it.
    """
    served = tuple(servicers)
    names = tuple(each.full_name for each in served)
    gate.policy.check_complete(described(name) for name in names)
    limits = gate.limits
    grpc_server = grpc.aio.server(
        interceptors=(GateInterceptor(gate, (_HEALTH, _REFLECTION)),),
        maximum_concurrent_rpcs=limits.concurrent_calls,
        options=(
            *KEEPALIVE,
            ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
            ("grpc.max_receive_message_length", limits.request_bytes),
            ("grpc.max_send_message_length", limits.response_bytes),
            ("grpc.max_metadata_size", MAX_METADATA_BYTES),
            ("grpc.absolute_max_metadata_size", MAX_METADATA_BYTES),
            # Else a second process would listen on the same port, unnoticed.
            ("grpc.so_reuseport", 0),
        ),
    )
    for each in served:
        each.add_to(each.implementation, grpc_server)
    healths = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(healths, grpc_server)
    if environment.invented:
        reflection.enable_server_reflection((*names, _HEALTH, _REFLECTION), grpc_server)
    try:
        port = grpc_server.add_insecure_port(listen)
    except RuntimeError:
        raise PortTaken(listen) from None
    return GrpcServer(grpc_server, port, healths, names)


__all__ = [
    "Admission",
    "Commanded",
    "Gate",
    "GrpcServer",
    "Limits",
    "PortTaken",
    "admission",
    "caller",
    "command_context",
    "connect",
    "forwarded",
    "occurred_of",
    "server",
    "tenant_of",
]
