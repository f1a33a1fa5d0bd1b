"""For tests: a real gRPC server in this process, channels that speak as anyone, logs in a file."""

import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from grpc.aio import Channel

from chassis.edge.calling import connect
from chassis.edge.gate import Gate, Limits
from chassis.edge.rpc import GrpcServer, Serving, server
from chassis.identity.jwks import GivenKeys
from chassis.identity.local_issuer import LocalIssuer
from chassis.identity.policy import FactsSource, Policy, no_facts
from chassis.identity.tokens import Verifier
from chassis.roles import Role
from chassis.running import logs
from chassis.running.settings import Environment


@contextmanager
def logging_to(file: Path, service: str = "test") -> Iterator[None]:
    """Write the body's logs to a file; put everything back afterwards."""
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    root, lines = logging.getLogger(), logging.getLogger(logs.LINES)
    level, handlers = root.level, list(root.handlers)
    logs.start(service, file)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)
        for each in list(lines.handlers):
            lines.removeHandler(each)
            each.close()


class Scripted:
    """Stands where a servicer would: every RPC is answered by one function of (name, request)."""

    def __init__(self, answer: Callable[[str, Any], Any]) -> None:
        self._answer = answer

    def __getattr__(self, name: str) -> Callable[[Any, Any], Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda request, _context: self._answer(name, request)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is up, and the issuer that it believes."""

    server: GrpcServer
    issuer: LocalIssuer

    @property
    def target(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server.port}"

    def channel(self, sub: str, roles: Iterable[Role], tenants: Iterable[UUID]) -> Channel:
        """Open a channel that speaks as somebody; close it, or use it as a context."""
        return self.channel_with(self.issuer.mint(sub, roles, tenants))

    def channel_with(self, token: str) -> Channel:
        """Open a channel that sends a token as it is."""

        async def given() -> str:
            return token

        return connect(self.target, given)


@asynccontextmanager
async def served(
    servicers: Iterable[Serving],
    policy: Policy,
    facts: FactsSource = no_facts,
    limits: Limits | None = None,
    environment: Environment = Environment.TEST,
    issuer: LocalIssuer | None = None,
) -> AsyncIterator[Served]:
    """Serve on a free port of loopback while the body runs."""
    issuer = issuer or LocalIssuer.fresh()
    verifier = Verifier(issuer.issuer, GivenKeys(issuer.keys))
    gate = Gate(verifier, policy, facts, limits or Limits())
    up = server(servicers, gate, "127.0.0.1:0", environment)
    await up.start()
    try:
        yield Served(up, issuer)
    finally:
        await up.stop(0)
