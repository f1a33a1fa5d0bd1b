"""From a bearer token to a caller: who calls, in which roles, for which authorities."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError

from chassis.identity.claims import ALGORITHMS, MAX_SKEW_S, TokenRefused, read_claims, read_header
from chassis.identity.jwks import KeySource, VerifyingKey
from chassis.roles import Role
from ledger.envelope import Actor

MAX_REMEMBERED = 4096
"""Verified tokens that are kept, so that a signature is checked once."""

TokenSource: TypeAlias = Callable[[], Awaitable[str]]
"""Gives the token to call another service with."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. The token is the ceiling: events narrow what it allows, never widen it.

    `actor.role` is the role in which the call was admitted; `token` is forwarded to other services.
    """

    actor: Actor
    roles: frozenset[Role]
    scope: frozenset[UUID]
    token: str = field(repr=False)


class _Registry(jws.JWSRegistry):
    """The allowed algorithms, without the library's warning that RFC 9864 renames EdDSA."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise TokenRefused("algorithm")
        return self.algorithms[name]


_REGISTRY = _Registry(algorithms=sorted(ALGORITHMS))


@dataclass(frozen=True, slots=True)
class _Believed:
    """A token that was verified, until when it holds, and by which key."""

    caller: Caller
    until: float
    key_id: str
    key: VerifyingKey


class Verifier:
    """Believes tokens of one issuer, for our audience, as SECURITY §1 says."""

    def __init__(
        self, issuer: str, keys: KeySource, clock: Callable[[], float] = time.time
    ) -> None:
        self._issuer = issuer
        self._keys = keys
        self._clock = clock
        self._known: OrderedDict[bytes, _Believed] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """Return the caller. Raises TokenRefused, or Unavailable where no key can be had."""
        now = self._clock()
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        believed = self._known.get(digest)
        if believed is not None and now < believed.until:
            self._known.move_to_end(digest)
            # The key is asked for each time: when it is withdrawn, so is what it had signed.
            if await self._keys.key(believed.key_id) is believed.key:
                return believed.caller
        header = read_header(token)
        verifying = await self._keys.key(header.key_id)
        if verifying.algorithm != header.algorithm:
            raise TokenRefused("algorithm")
        try:
            signed = jws.deserialize_compact(token, verifying.key, registry=_REGISTRY)
        except (JoseError, ValueError):
            raise TokenRefused("signature") from None
        claims = read_claims(signed.payload, self._issuer, now)
        first = min(claims.roles, key=list(Role).index)
        caller = Caller(Actor(claims.subject, first), claims.roles, claims.tenants, token)
        until = claims.expires_at + MAX_SKEW_S
        self._known[digest] = _Believed(caller, until, header.key_id, verifying)
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
        return caller
