"""Keys and how one wraps another: root → authority → data. No key shows in a repr.

Wrapping is AES-KW (RFC 3394) under a key derived by HKDF from the one above and from all that the
wrapped key is for, so that a wrapped key moved to another row does not unwrap.
"""

import hmac
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from struct import Struct
from typing import Final, Protocol
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from vault.access import SealBroken
from vault.keyring import AuthorityRow, DataRow, IndexRow, KeyName

KEY_BYTES: Final = 32


class RootKey(Protocol):
    """Wraps authority keys: a file in the demo, a key management service elsewhere."""

    def wrap(self, context: bytes, key: bytes) -> bytes:
        """Wrap a key for a context."""

    def unwrap(self, context: bytes, wrapped: bytes) -> bytes:
        """Unwrap it for the same context; SealBroken for any other."""


class FileRootKey:
    """A root key of 32 bytes out of a file that holds them in hex."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("the root key is 32 bytes")
        self._key = key

    @staticmethod
    def read(path: Path) -> "FileRootKey":
        """Read the file; ValueError, without its content, if it is not 64 hex characters."""
        text = path.read_text(encoding="ascii", errors="replace").strip()
        if len(text) != 2 * KEY_BYTES or not all(each in "0123456789abcdefABCDEF" for each in text):
            raise ValueError(f"{path}: a root key file holds 32 bytes as 64 hex characters")
        return FileRootKey(bytes.fromhex(text))

    @staticmethod
    def write_new(path: Path) -> "FileRootKey":
        """Make a key and its file, readable by its owner only; FileExistsError if it is there."""
        key = token_bytes(KEY_BYTES)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(key.hex() + "\n", encoding="ascii")
        return FileRootKey(key)

    def __repr__(self) -> str:
        return "FileRootKey(…)"

    def wrap(self, context: bytes, key: bytes) -> bytes:
        """Wrap a key for a context."""
        return wrap(self._key, context, key)

    def unwrap(self, context: bytes, wrapped: bytes) -> bytes:
        """Unwrap it for the same context; SealBroken for any other."""
        return unwrap(self._key, context, wrapped)


class AuthorityKey:
    """One version of an authority's key."""

    __slots__ = ("_key", "tenant", "version")

    def __init__(self, tenant: UUID, version: int, key: bytes) -> None:
        self.tenant, self.version, self._key = tenant, version, key

    def __repr__(self) -> str:
        return f"AuthorityKey({self.tenant}, {self.version}, …)"

    @staticmethod
    def new(tenant: UUID, version: int, root: RootKey) -> AuthorityRow:
        """Make a key and wrap it."""
        key_id = uuid4()
        context = canonical(b"authority-key", tenant.bytes, _number(version), key_id.bytes)
        return AuthorityRow(tenant, version, key_id, root.wrap(context, token_bytes(KEY_BYTES)))

    @staticmethod
    def unwrap(row: AuthorityRow, root: RootKey) -> "AuthorityKey":
        """Unwrap a row; SealBroken where it was altered or moved, or by another root key."""
        context = canonical(
            b"authority-key", row.tenant.bytes, _number(row.version), row.key_id.bytes
        )
        return AuthorityKey(row.tenant, row.version, root.unwrap(context, row.wrapped))

    def new_data_key(self, name: KeyName) -> DataRow:
        """Make a data key and wrap it."""
        key_id = uuid4()
        wrapped = wrap(self._key, _data_context(name, key_id), token_bytes(KEY_BYTES))
        return DataRow(name, key_id, self.version, wrapped)

    def unwrap_data_key(self, row: DataRow) -> "DataKey":
        """Unwrap a data key."""
        key = unwrap(self._key, _data_context(row.name, row.key_id), row.wrapped)
        return DataKey(row.name, row.key_id, key)

    def new_index_key(self, kind: str) -> IndexRow:
        """Make the key of a kind of blind index and wrap it."""
        key_id = uuid4()
        context = self._index_context(kind, key_id)
        wrapped = wrap(self._key, context, token_bytes(KEY_BYTES))
        return IndexRow(self.tenant, kind, key_id, self.version, wrapped)

    def unwrap_index_key(self, row: IndexRow) -> "IndexKey":
        """Unwrap the key of a kind of blind index."""
        return IndexKey(unwrap(self._key, self._index_context(row.kind, row.key_id), row.wrapped))

    def _index_context(self, kind: str, key_id: UUID) -> bytes:
        return canonical(b"index-key", self.tenant.bytes, kind.encode(), key_id.bytes)


class DataKey:
    """A data key, ready for use."""

    __slots__ = ("_key", "aead", "key_id", "name")

    def __init__(self, name: KeyName, key_id: UUID, key: bytes) -> None:
        self.name, self.key_id, self._key = name, key_id, key
        self.aead = AESGCMSIV(key)

    def __repr__(self) -> str:
        return f"DataKey({self.key_id}, …)"

    def commitment(self, nonce: bytes, ciphertext: bytes) -> bytes:
        """Return HMAC-SHA-256(key, label ‖ nonce ‖ SHA-256(ciphertext)).

        It ties the ciphertext to this one key, which GCM-SIV by itself does not.
        """
        return hmac.digest(self._key, _COMMITMENT + nonce + sha256(ciphertext).digest(), "sha256")


class IndexKey:
    """The key of a kind of blind index."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "IndexKey(…)"

    def index(self, normalised: str) -> str:
        """Return the first 16 bytes of the HMAC, in hex."""
        return hmac.digest(self._key, _BLIND_INDEX + normalised.encode(), "sha256")[:16].hex()


_LENGTH: Final = Struct(">I").pack
_COMMITMENT: Final = b"throughline/commitment/1\x00"
_BLIND_INDEX: Final = b"throughline/blind-index/1\x00"


def canonical(*parts: bytes) -> bytes:
    """Join parts, each after its length in 4 bytes: other parts give other bytes."""
    return b"".join([each for part in parts for each in (_LENGTH(len(part)), part)])


def wrap(key: bytes, context: bytes, wrapped: bytes) -> bytes:
    """Wrap a key under another for one context."""
    return aes_key_wrap(_derived(key, context), wrapped)


def unwrap(key: bytes, context: bytes, wrapped: bytes) -> bytes:
    """Unwrap what `wrap` made with the same key and context; SealBroken otherwise."""
    try:
        return aes_key_unwrap(_derived(key, context), wrapped)
    except (InvalidUnwrap, ValueError):
        raise SealBroken("a wrapped key does not unwrap: altered, moved, or another key") from None


def _derived(key: bytes, context: bytes) -> bytes:
    """Derive one key by HKDF-Expand (RFC 5869) with SHA-256; the key given is already uniform."""
    return hmac.digest(key, b"throughline/wrap/1\x00" + context + b"\x01", "sha256")


def _data_context(name: KeyName, key_id: UUID) -> bytes:
    return canonical(
        b"data-key",
        name.tenant.bytes,
        name.subject.bytes,
        name.block.value.encode(),
        key_id.bytes,
    )


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")
