"""One sealed block: how it is made of a key and plain fields, and opened again. Pure.

Only `vault.vault` imports this module (a test holds it to that), since whoever opens a block
elsewhere opens it unrecorded.

The plain text is the JSON object of the block's fields, padded with spaces, which JSON allows
behind it, to whole steps of 64 bytes: sealed blocks are copied into read models and bundles and
outlive a shred, and without padding their length would tell one name or short answer from another.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_bytes
from struct import Struct
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag

from ledger.personal import Block, OpenBlock, SealedBlock
from vault.access import SealBroken
from vault.keys import DataKey, canonical

NONCE_BYTES: Final = 12
STEP_BYTES: Final = 64
MAX_BLOCK_BYTES: Final = 1_000_000

_LABEL: Final = canonical(b"throughline/seal/1")
_ID_BYTES: Final = 16
_NUMBER_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """The event that a block belongs to: it opens nowhere else."""

    tenant: UUID
    stream_id: UUID
    version: int
    type: str
    schema_version: int


def seal_block(key: DataKey, place: Place, block: OpenBlock) -> SealedBlock:
    """Seal a block's fields. ValueError (naming no value) where they are not JSON, or too long."""
    nonce = token_bytes(NONCE_BYTES)
    bound = _bound(place, block.subject, block.block, key.key_id)
    ciphertext = key.aead.encrypt(nonce, _padded(block.fields), bound)
    return SealedBlock(
        tenant=place.tenant,
        stream_id=place.stream_id,
        version=place.version,
        type=place.type,
        schema_version=place.schema_version,
        subject=block.subject,
        block=block.block,
        key_id=key.key_id,
        nonce=nonce,
        ciphertext=ciphertext,
        commitment=key.commitment(nonce, ciphertext),
    )


def open_block(key: DataKey, sealed: SealedBlock) -> dict[str, Any]:
    """Return a block's fields; SealBroken where anything about it was altered."""
    commitment = key.commitment(sealed.nonce, sealed.ciphertext)
    if sealed.key_id != key.key_id or not hmac.compare_digest(commitment, sealed.commitment):
        raise broken(sealed, "it is not committed to its subject's key")
    bound = _bound(sealed, sealed.subject, sealed.block, sealed.key_id)
    try:
        plain = key.aead.decrypt(sealed.nonce, sealed.ciphertext, bound)
    except (InvalidTag, ValueError):
        # From None: the error must not carry what was tried.
        raise broken(sealed, "it was altered or moved here from another event") from None
    fields: dict[str, Any] = json.loads(plain)
    return fields


def broken(sealed: SealedBlock, what: str) -> SealBroken:
    """Name a block that does not open, and why."""
    return SealBroken(
        f"block {sealed.block.value} of stream {sealed.stream_id} version {sealed.version}: {what}"
    )


def _bound(place: Place | SealedBlock, subject: UUID, block: Block, key_id: UUID) -> bytes:
    """Encode what the ciphertext is bound to, its associated data: `canonical`, laid out before."""
    packed, kind, of_block = _laid_out(place.type, block)
    return _LABEL + packed(
        _ID_BYTES,
        place.tenant.bytes,
        _ID_BYTES,
        place.stream_id.bytes,
        _NUMBER_BYTES,
        place.version,
        kind,
        _NUMBER_BYTES,
        place.schema_version,
        _ID_BYTES,
        subject.bytes,
        of_block,
        _ID_BYTES,
        key_id.bytes,
    )


@lru_cache(maxsize=1024)
def _laid_out(event_type: str, block: Block) -> tuple[Callable[..., bytes], bytes, bytes]:
    """Return what packs the rest around an event's type and a block, and these two as encoded."""
    kind, of_block = canonical(event_type.encode()), canonical(block.value.encode())
    packed = Struct(f">I16sI16sIQ{len(kind)}sIQI16s{len(of_block)}sI16s").pack
    return packed, kind, of_block


def _padded(fields: Mapping[str, object]) -> bytes:
    try:
        text = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        plain = text.encode()
    except (TypeError, ValueError):
        # From None: the cause's words may hold the value.
        raise ValueError("the fields of a personal block are JSON values") from None
    if len(plain) > MAX_BLOCK_BYTES:
        raise ValueError(f"a personal block holds at most {MAX_BLOCK_BYTES} bytes")
    return plain.ljust(-(-len(plain) // STEP_BYTES) * STEP_BYTES)
