"""Keys and secrets of an installation of one machine: made once, each in a private file."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from stack.errors import StackError
from stack.remembered import write_private

PRIVATE_FOLDER = 0o700
ROOT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The key files in one folder. A lost root key means that nobody reads what it sealed."""

    folder: Path

    @property
    def root(self) -> Path:
        """The root of all data keys: 32 random bytes in hex."""
        return self.folder / "root.key"

    @property
    def issuer(self) -> Path:
        """What the local issuer signs tokens with: EC P-256, PKCS8 PEM."""
        return self.folder / "issuer.pem"

    def checkpoint(self, service: str) -> Path:
        """Return what a service signs its log's checkpoints with: Ed25519, PKCS8 PEM."""
        return self.folder / f"checkpoint-{service}.pem"

    def public(self, service: str) -> bytes:
        """Return the 32 bytes by which a service's checkpoints are verified."""
        key = load_pem_private_key(self.checkpoint(service).read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise StackError(f"{self.checkpoint(service)} is no Ed25519 key.")
        return key.public_key().public_bytes_raw()

    @property
    def clients(self) -> Path:
        """The folder with a secret for each service: by it the issuer knows the service."""
        return self.folder / "clients"

    def client_secret(self, service: str) -> Path:
        """Return the secret by which a service gets tokens of its own from the issuer."""
        return self.clients / service

    def make(self, services: Sequence[str]) -> None:
        """Make the files that are not there."""
        for folder in (self.folder, self.clients):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)
        _make(self.root, lambda: secrets.token_hex(ROOT_BYTES).encode())
        _make(self.issuer, _ec_key)
        for service in services:
            _make(self.checkpoint(service), _ed25519_key)
            _make(self.client_secret(service), lambda: secrets.token_urlsafe(ROOT_BYTES).encode())


def _make(file: Path, content: Callable[[], bytes]) -> None:
    if not file.exists():
        write_private(file, content())


def _ec_key() -> bytes:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _ed25519_key() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
