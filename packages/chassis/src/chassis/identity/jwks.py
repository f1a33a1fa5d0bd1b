"""The issuer's public keys: fetched, kept for a while, and asked for again with moderation."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from chassis.edge.strict_json import NotJson, read_json
from chassis.failures import Unavailable
from chassis.identity.claims import TokenRefused
from chassis.identity.fetching import NotFetched, fetch

REFRESH_S = 300.0
"""Age from which keys are fetched again beside the work, so that a withdrawn key dies."""
STALE_S = 3600.0
"""Age from which keys are no longer believed, where the issuer cannot be asked."""
REFETCH_S = 10.0
"""For an unknown key id the issuer is asked at most this often."""
RETRY_S = 1.0
"""After a fetch that failed the issuer is asked at most this often."""
MAX_KEYS = 50
MIN_RSA_BITS = 2048

PublicKey = ECKey | OKPKey | RSAKey


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key with the one algorithm that it is for."""

    algorithm: str
    key: PublicKey


class KeySource(Protocol):
    """Where a verifier gets its keys: the same object for an id as long as the key is the same."""

    async def key(self, key_id: str) -> VerifyingKey:
        """Return the key of that id. Raises TokenRefused, or Unavailable in doubt."""


def read_keys(document: bytes) -> dict[str, VerifyingKey]:
    """Read a JWKS: the signing keys of algorithms that we allow. Raises NotJson."""
    form = read_json(document)
    listed = form.get("keys") if isinstance(form, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise NotJson(f"no JWKS of at most {MAX_KEYS} keys")
    keys: dict[str, VerifyingKey] = {}
    for each in listed:
        read = _read_key(each) if isinstance(each, dict) else None
        if read is None:
            continue
        if each["kid"] in keys:
            raise NotJson("two keys have one id")
        keys[each["kid"]] = read
    return keys


def _read_key(form: Mapping[str, Any]) -> VerifyingKey | None:
    """Return the key, or None for one that is not ours to use."""
    if not isinstance(form.get("kid"), str) or form.get("use", "sig") != "sig" or "d" in form:
        return None
    try:
        read = _of_kind(form)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if read is None or form.get("alg", read.algorithm) != read.algorithm:
        return None
    return read


def _of_kind(form: Mapping[str, Any]) -> VerifyingKey | None:
    match form.get("kty"), form.get("crv"):
        case "EC", "P-256":
            return VerifyingKey("ES256", ECKey.import_key(dict(form)))
        case "OKP", "Ed25519":
            return VerifyingKey("EdDSA", OKPKey.import_key(dict(form)))
        case "RSA", _ if len(form["n"]) * 6 >= MIN_RSA_BITS:  # six bits a character
            return VerifyingKey("PS256", RSAKey.import_key(dict(form)))
        case _:
            return None


class IssuerKeys:
    """The keys at `<issuer>/jwks.json`. At most one fetch is under way."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = f"{issuer.rstrip('/')}/jwks.json"
        self._clock = clock
        self._keys: dict[str, VerifyingKey] = {}
        self._document = b""
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def key(self, key_id: str) -> VerifyingKey:
        """Return the key of that id."""
        age = self._clock() - self._fetched_at
        found = self._keys.get(key_id)
        if found is not None and age < STALE_S:
            if age >= REFRESH_S:
                self._begin()
            return found
        fetching = self._begin()
        if fetching is not None:
            # Whoever waits may give up; the fetch goes on for the others.
            await asyncio.shield(fetching)
        if self._clock() - self._fetched_at >= STALE_S:
            raise Unavailable("the token issuer's keys could not be had")
        found = self._keys.get(key_id)
        if found is None:
            raise TokenRefused("unknown-key")
        return found

    def _begin(self) -> "asyncio.Task[None] | None":
        """Return the fetch under way, a new one, or None where it is too soon for another."""
        if self._fetching is None or self._fetching.done():
            failed = self._tried_at > self._fetched_at
            if self._clock() - self._tried_at < (RETRY_S if failed else REFETCH_S):
                return None
            self._fetching = asyncio.get_running_loop().create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        self._tried_at = self._clock()
        try:
            document = await fetch(self._url)
            keys = read_keys(document)
        except (NotFetched, NotJson):
            # The keys that are known stay, until they are stale; the next caller asks again.
            return
        if document != self._document:
            self._keys, self._document = keys, document
        self._fetched_at = self._tried_at


class GivenKeys:
    """A fixed set of keys, for tests and for an issuer in the same process."""

    def __init__(self, keys: Mapping[str, VerifyingKey]) -> None:
        self._keys = dict(keys)

    async def key(self, key_id: str) -> VerifyingKey:
        """Return the key of that id."""
        try:
            return self._keys[key_id]
        except KeyError:
            raise TokenRefused("unknown-key") from None
