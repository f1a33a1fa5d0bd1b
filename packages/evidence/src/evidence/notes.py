"""Signed notes and log checkpoints in the formats of C2SP (signed-note, tlog-checkpoint).

A checkpoint says of one log how many leaves it has and their root hash, signed with the log's key
(Ed25519). The log of a service and an authority has the origin `throughline/<service>/<tenant>`,
which is also its key's name, so that no log's checkpoint passes for another's.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_ED25519: Final = b"\x01"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_HASH_BYTES: Final = 32
_MAX_NOTE_BYTES: Final = 100_000
_MAX_SIGNATURES: Final = 64
_MAX_SIZE: Final = 2**63 - 1
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]*")
_DASH: Final = "— "


class BadNote(ValueError):  # noqa: N818 # it says what was found
    """A note, key or checkpoint is malformed, or no known key signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key by name, as a line `name+hash+base64` (a vkey) tells it."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _must_be_name(self.name)
        if len(self.public) != _KEY_BYTES:
            raise BadNote("an Ed25519 public key is 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, 0x01, key)."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(_ED25519 + self.public)}"

    @staticmethod
    def parse(vkey: str) -> "Verifier":
        """Read a vkey; BadNote unless it is well formed, Ed25519, and its hash is right."""
        parts = vkey.split("+", 2)
        if len(parts) != 3:  # noqa: PLR2004 # name, hash, key
            raise BadNote("a key reads name+hash+base64")
        key = _unb64(parts[2], "key")
        if key[:1] != _ED25519:
            raise BadNote("a key is Ed25519 (type 1)")
        verifier = Verifier(parts[0], key[1:])
        if verifier.key_id.hex() != parts[1]:
            raise BadNote(f"the hash of key {verifier.name} is wrong")
        return verifier


class Signer:
    """A private key by name. Its repr shows the name only."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.verifier = Verifier(name, key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"Signer({self.verifier.name!r})"

    def sign(self, text: str) -> str:
        """Return the signature line for a note's text."""
        signature = self.verifier.key_id + self._key.sign(text.encode())
        return f"{_DASH}{self.verifier.name} {_b64(signature)}\n"


def new_private_key() -> bytes:
    """Make an Ed25519 private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def read_private_key(pem: bytes) -> Ed25519PrivateKey:
    """Read an Ed25519 private key from PEM; BadNote if it is another kind of thing."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise BadNote("the signing key is no PEM private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadNote("the signing key is not Ed25519")
    return key


def read_vkeys(text: str) -> tuple[Verifier, ...]:
    """Read a keys file: a vkey a line; empty lines and lines with # at the start are left out."""
    lines = (line.strip() for line in text.splitlines())
    verifiers = tuple(Verifier.parse(line) for line in lines if line and line[0] != "#")
    _must_differ(verifiers)
    return verifiers


def write_note(text: str, signers: Sequence[Signer]) -> str:
    """Sign a text, which ends in a newline, with each signer."""
    _must_be_text(text)
    if not text.endswith("\n") or not signers:
        raise BadNote("a note's text ends in a newline and is signed")
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


@dataclass(frozen=True, slots=True)
class Note:
    """A note's text and the keys that were found to have signed it."""

    text: str
    signed_by: tuple[Verifier, ...]


def open_note(note: str, verifiers: Sequence[Verifier]) -> Note:
    """Return a note that at least one known key signed; BadNote otherwise.

    Signatures of unknown keys are passed over (witnesses may add theirs); one of a known key that
    is wrong, or two of the same key, refuse the whole note.
    """
    _must_differ(verifiers)
    text, lines = _split(note)
    known = {(each.name, each.key_id): each for each in verifiers}
    seen: set[tuple[str, bytes]] = set()
    signed: list[Verifier] = []
    for name, signature in map(_signature, lines):
        key = (name, signature[:_ID_BYTES])
        if key in seen:
            raise BadNote(f"two signatures of key {name}")
        seen.add(key)
        if (verifier := known.get(key)) is not None:
            _must_verify(verifier, signature[_ID_BYTES:], text)
            signed.append(verifier)
    if not signed:
        raise BadNote("no known key signed it")
    return Note(text, tuple(signed))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many leaves a log has, and their root hash."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note text; extension lines are neither written nor accepted."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def origin_of(service: str, tenant: UUID) -> str:
    """Name the log of one service and authority."""
    return f"throughline/{service}/{tenant}"


def write_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the signed note of a checkpoint; the signer bears the log's name."""
    if signer.verifier.name != checkpoint.origin:
        raise BadNote("a log signs with the key of its own name")
    parse_checkpoint(checkpoint.text)
    return write_note(checkpoint.text, [signer])


def open_checkpoint(note: str, origin: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """Return the checkpoint of the log `origin`, signed by a known key of that name, or BadNote."""
    own = [each for each in verifiers if each.name == origin]
    if not own:
        raise BadNote(f"no key of {origin} is known")
    checkpoint = parse_checkpoint(open_note(note, own).text)
    if checkpoint.origin != origin:
        raise BadNote(f"it is a checkpoint of {checkpoint.origin!r}, not of {origin!r}")
    return checkpoint


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text, which has exactly three lines, or BadNote."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:  # noqa: PLR2004 # three lines and the end of the last
        raise BadNote("a checkpoint has three lines")
    origin, size, root = lines[:3]
    _must_be_name(origin)
    if not _DECIMAL.fullmatch(size) or len(size) > 19 or int(size) > _MAX_SIZE:  # noqa: PLR2004 # digits of 2^63
        raise BadNote("a checkpoint's second line is its size in decimal")
    hashed = _unb64(root, "root hash")
    if len(hashed) != _HASH_BYTES:
        raise BadNote("a root hash is 32 bytes")
    return Checkpoint(origin, int(size), hashed)


def _split(note: str) -> tuple[str, list[str]]:
    """Split a note at its last empty line."""
    _must_be_text(note)
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise BadNote("a note is a text, an empty line and signature lines")
    lines = signatures[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise BadNote(f"a note has at most {_MAX_SIGNATURES} signatures")
    return text + "\n", lines


def _signature(line: str) -> tuple[str, bytes]:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise BadNote("a signature line reads — name base64")
    _must_be_name(name)
    signature = _unb64(encoded, "signature")
    if len(signature) <= _ID_BYTES:
        raise BadNote("a signature is longer than its key's hash")
    return name, signature


def _must_verify(verifier: Verifier, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, text.encode())
    except InvalidSignature:
        raise BadNote(f"the signature of key {verifier.name} is wrong") from None


def _must_differ(verifiers: Iterable[Verifier]) -> None:
    seen: set[tuple[str, bytes]] = set()
    for each in verifiers:
        if (each.name, each.key_id) in seen:
            raise BadNote(f"key {each.name} is given twice")
        seen.add((each.name, each.key_id))


def _must_be_name(name: str) -> None:
    if not name or "+" in name or any(each.isspace() or each < " " for each in name):
        raise BadNote("a key's name is not empty and has neither space nor plus")


def _must_be_text(text: str) -> None:
    if len(text) > _MAX_NOTE_BYTES:
        raise BadNote(f"a note has at most {_MAX_NOTE_BYTES} characters")
    if any(each < " " and each != "\n" for each in text):
        raise BadNote("a note has no control characters but newlines")


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unb64(text: str, what: str) -> bytes:
    """Decode base64 in its one canonical form."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote(f"the {what} is no base64") from error
    if _b64(value) != text:
        raise BadNote(f"the {what} is no canonical base64")
    return value
