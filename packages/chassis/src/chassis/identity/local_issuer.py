"""A small token issuer for demo and tests; with real people's data it refuses to start."""

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from chassis.identity.claims import AUDIENCE, MAX_LIFE_S
from chassis.identity.jwks import VerifyingKey
from chassis.roles import Role
from chassis.running.settings import Environment

LIFE_S = 600
"""How long a token lasts, unless asked otherwise."""


class WrongIssuer(Exception):  # noqa: N818 # the process ends with it
    """The local issuer cannot be used here; the words say why."""


class LocalIssuer:
    """Makes ES256 access tokens that SECURITY §1 accepts, signed with one key."""

    def __init__(self, issuer: str, key: ECKey, environment: Environment) -> None:
        if not environment.invented:
            raise WrongIssuer("the local issuer starts only where the environment is demo or test")
        self.issuer = issuer.rstrip("/")
        self._key = key
        self._key_id = key.thumbprint()

    @classmethod
    def from_file(cls, issuer: str, key_file: Path, environment: Environment) -> "LocalIssuer":
        """Use the P-256 private key of a PEM file."""
        try:
            key = ECKey.import_key(key_file.read_bytes())
        except (OSError, JoseError, ValueError) as error:
            raise WrongIssuer(f"{key_file}: {type(error).__name__}") from None
        if key.curve_name != "P-256" or not key.is_private:
            raise WrongIssuer(f"{key_file}: not a P-256 private key")
        return cls(issuer, key, environment)

    @classmethod
    def fresh(cls, issuer: str = "https://issuer.test") -> "LocalIssuer":
        """Make an issuer with a key of its own, for tests."""
        return cls(issuer, ECKey.generate_key("P-256"), Environment.TEST)

    @property
    def keys(self) -> dict[str, VerifyingKey]:
        """The public key by its id, for a verifier in the same process."""
        public = ECKey.import_key(self._public())
        return {self._key_id: VerifyingKey("ES256", public)}

    def jwks(self) -> dict[str, Any]:
        """Return the document that says the public key."""
        return {"keys": [self._public()]}

    def mint(
        self, sub: str | UUID, roles: Iterable[Role], tenants: Iterable[UUID], life_s: int = LIFE_S
    ) -> str:
        """Make a token. Raises ValueError for a life that no verifier accepts."""
        if not 0 < life_s <= MAX_LIFE_S:
            raise ValueError(f"a token lives 1 to {MAX_LIFE_S} seconds")
        now = int(time.time())
        return self.sign(
            {
                "iss": self.issuer,
                "aud": AUDIENCE,
                "sub": str(sub),
                "iat": now,
                "nbf": now,
                "exp": now + life_s,
                "roles": sorted(roles),
                "tenants": sorted(str(each) for each in tenants),
            }
        )

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """Sign any claims; `header` adds to the header or replaces in it."""
        members = {"alg": "ES256", "typ": "at+jwt", "kid": self._key_id, **header}
        return jws.serialize_compact(members, json.dumps(claims).encode(), self._key)

    def _public(self) -> dict[str, Any]:
        public = self._key.as_dict(private=False)
        return {**public, "kid": self._key_id, "use": "sig", "alg": "ES256"}


def ensure_key(path: Path) -> None:
    """Write a fresh P-256 private key to a file for its owner alone, unless the file is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = ECKey.generate_key("P-256").as_pem(private=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Another process was first; its key is as good.
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
