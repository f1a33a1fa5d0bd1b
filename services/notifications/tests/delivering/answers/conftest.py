"""Callers with tokens, and the process's RPCs served behind the real gate."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from chassis.edge.rpc import Gate, server
from chassis.identity.jwks import VerifyingKey
from chassis.identity.local_issuer import LocalIssuer
from chassis.identity.tokens import Verifier
from chassis.roles import Role
from chassis.running.serving import policy_of, servicers_of
from chassis.running.settings import Environment
from throughline.notifications.v1 import notifications_pb2_grpc as pb_grpc

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
ISSUER = LocalIssuer.fresh()


class OwnKeys:
    """The keys of the issuer of these tests."""

    async def key(self, key_id: str) -> VerifyingKey:
        """Return the key of that id."""
        return ISSUER.keys[key_id]


@dataclass
class Person:
    """Somebody with a token, who calls."""

    stub: Any
    roles: tuple[Role, ...]
    scope: tuple[UUID, ...] = (WESTMARCH,)
    id: UUID = field(default_factory=uuid4)

    async def ask(self, method: str, request: Any) -> Any:
        """Call an RPC."""
        token = ISSUER.mint(self.id, self.roles, self.scope)
        call = getattr(self.stub, method)
        return await call(request, metadata=(("authorization", f"Bearer {token}"),), timeout=10)

    async def is_told(self, code: grpc.StatusCode, method: str, request: Any) -> str:
        """Call an RPC that answers with a status; return its words."""
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await self.ask(method, request)
        assert raised.value.code() is code, raised.value.details()
        return str(raised.value.details())


@pytest_asyncio.fixture(loop_scope="session")
async def stub(stage: Any) -> AsyncIterator[Any]:
    """Serve the process's RPCs behind the real gate."""
    parts = stage.runtime
    gate = Gate(
        Verifier(ISSUER.issuer, OwnKeys()), policy_of(parts.service), parts.service.facts(parts)
    )
    served = server(servicers_of(parts), gate, "127.0.0.1:0", Environment.TEST)
    await served.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{served.port}") as channel:
        yield pb_grpc.NotificationsServiceStub(channel)
    await served.stop(0)


@pytest.fixture
def somebody(stub: Any) -> Callable[..., Person]:
    """Give a maker of callers: in a role, for one authority."""

    def make(role: Role, authority: UUID = WESTMARCH) -> Person:
        return Person(stub, (role,), (authority,))

    return make
