"""The gate before every RPC: who calls (token), for whom (authority), and may he (policy)."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from google.protobuf.message import Message

from chassis.edge.contract import authority_in
from chassis.edge.malformed import a_uuid
from chassis.edge.statuses import Forbidden
from chassis.failures import NotFound
from chassis.identity.claims import TokenRefused
from chassis.identity.policy import Decision, FactsSource, Policy, Request, Verdict, decide
from chassis.identity.tokens import Caller, Verifier
from ledger.envelope import Actor

Metadata: TypeAlias = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a call may cost. Of concurrent calls the next one is told RESOURCE_EXHAUSTED."""

    request_bytes: int = 1024 * 1024
    response_bytes: int = 4 * 1024 * 1024
    # For a call whose client set no deadline, and the most that one may set.
    default_s: float = 10.0
    longest_s: float = 30.0
    longest_stream_s: float = 120.0
    # At once: with a hundred answered a second the last of them is still in time.
    concurrent_calls: int = 300


@dataclass(frozen=True, slots=True)
class Admission:
    """The call of the moment: who, by which RPC, and what policy said."""

    caller: Caller
    method: str
    decision: Decision


_admission: ContextVar[Admission] = ContextVar("admission")


def admission() -> Admission:
    """Return the call of the moment. Raises LookupError outside of one."""
    return _admission.get()


def caller() -> Caller:
    """Return the caller of the moment, `actor.role` being the role that policy admitted."""
    return _admission.get().caller


# A caller names the same few authorities in every call.
_authority = lru_cache(1_024)(a_uuid)


@dataclass(frozen=True, slots=True)
class Gate:
    """Whom to believe, whom to let in, and how long to serve."""

    verifier: Verifier
    policy: Policy
    facts: FactsSource
    limits: Limits = Limits()

    async def identify(self, metadata: Metadata) -> Caller:
        """Return the caller that the metadata's bearer token names. Raises TokenRefused."""
        given = [value for name, value in metadata if name == "authorization"]
        if len(given) != 1:
            raise TokenRefused("missing" if not given else "several")
        text = given[0]
        if not isinstance(text, str) or text[:7].lower() != "bearer ":
            raise TokenRefused("not-bearer")
        return await self.verifier.verify(text[7:])

    async def admit(self, by: Caller, method: str, message: Message) -> None:
        """Let the call in, in the role that policy says. Raises Forbidden, NotFound, Malformed."""
        named = authority_in(message)
        tenant = _authority(*named) if named else None
        request = Request(method, by.actor.id, by.roles, by.scope, tenant)
        if tenant is not None and tenant not in by.scope:
            raise NotFound("authority")
        rows = self.policy.rows_for(request)
        if not rows:
            raise Forbidden(method)
        decision = decide(await self.facts(by, method, message), request, rows)
        if decision.verdict is not Verdict.ADMITTED or decision.role is None:
            raise NotFound("policy")
        if decision.role is not by.actor.role:
            by = replace(by, actor=Actor(by.actor.id, decision.role, by.actor.on_behalf_of))
        _admission.set(Admission(by, method, decision))
