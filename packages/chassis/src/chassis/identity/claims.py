"""What a token must say to be believed, its signature apart (SECURITY §1); pure."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.edge.strict_json import NotJson, read_json
from chassis.roles import Role

AUDIENCE = "throughline"
ALGORITHMS = frozenset({"ES256", "PS256", "EdDSA"})
MAX_TOKEN_BYTES = 8 * 1024
MAX_LIFE_S = 15 * 60
MAX_SKEW_S = 30
MAX_TENANTS = 100
MAX_NAME = 200

# Members with which a token would choose its own key, or a form of signature that is not ours.
_FORBIDDEN = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "cty"})
_TYPES = frozenset({"at+jwt", "application/at+jwt"})


class TokenRefused(Exception):  # noqa: N818 # the caller's token, not a failure of ours
    """The token is not to be believed. `reason` is a code; nothing of the token is in the words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Header:
    """The two members of a token's header that choose how its signature is checked."""

    algorithm: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a believed token says."""

    subject: str
    roles: frozenset[Role]
    tenants: frozenset[UUID]
    expires_at: int


def read_header(token: str) -> Header:
    """Read the protected header of a compact token, before anything in it is trusted."""
    if len(token) > MAX_TOKEN_BYTES or not token.isascii():
        raise TokenRefused("too-large" if token.isascii() else "not-a-token")
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 # header, payload, signature
        raise TokenRefused("not-a-token")
    header = _object(_decoded(parts[0]))
    if _FORBIDDEN & header.keys():
        raise TokenRefused("forbidden-header")
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenRefused("algorithm")
    kind = header.get("typ")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise TokenRefused("type")
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= MAX_NAME:
        raise TokenRefused("key-id")
    return Header(algorithm, key_id)


def read_claims(payload: bytes, issuer: str, now: float) -> Claims:
    """Check every claim of a payload whose signature holds; `now` in seconds since 1970."""
    claims = _object(payload)
    if claims.get("iss") != issuer:
        raise TokenRefused("issuer")
    audience = claims.get("aud")
    if audience != AUDIENCE and not (isinstance(audience, list) and AUDIENCE in audience):
        raise TokenRefused("audience")
    expires_at = _checked_times(claims, now)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_NAME or not subject.strip():
        raise TokenRefused("subject")
    return Claims(subject, _roles(claims.get("roles")), _tenants(claims.get("tenants")), expires_at)


def _checked_times(claims: dict[str, Any], now: float) -> int:
    expires, starts, issued = (_seconds(claims, name) for name in ("exp", "nbf", "iat"))
    if now >= expires + MAX_SKEW_S:
        raise TokenRefused("expired")
    if starts > now + MAX_SKEW_S or issued > now + MAX_SKEW_S:
        raise TokenRefused("not-yet-valid")
    if not 0 < expires - issued <= MAX_LIFE_S or starts >= expires:
        raise TokenRefused("life")
    return expires


def _seconds(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TokenRefused(f"claim-{name}")
    return value


def _roles(value: object) -> frozenset[Role]:
    if not isinstance(value, list) or not 0 < len(value) <= len(Role):
        raise TokenRefused("roles")
    try:
        return frozenset(Role(each) for each in value)
    except ValueError:
        raise TokenRefused("roles") from None


def _tenants(value: object) -> frozenset[UUID]:
    if not isinstance(value, list) or len(value) > MAX_TENANTS:
        raise TokenRefused("tenants")
    tenants = set()
    for each in value:
        if not isinstance(each, str):
            raise TokenRefused("tenants")
        try:
            tenant = UUID(each)
        except ValueError:
            raise TokenRefused("tenants") from None
        if str(tenant) != each.lower():
            raise TokenRefused("tenants")
        tenants.add(tenant)
    return frozenset(tenants)


def _decoded(part: str) -> bytes:
    try:
        padded = part.encode() + b"=" * (-len(part) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except binascii.Error:
        raise TokenRefused("not-a-token") from None


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = read_json(data)
    except NotJson:
        raise TokenRefused("not-a-token") from None
    if not isinstance(value, dict):
        raise TokenRefused("not-a-token")
    return value
