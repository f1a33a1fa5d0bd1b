"""The leaf of an event: one canonical encoding of everything that is stored about it.

Whoever holds the row can make the leaf again; any other value in any column gives another leaf.
Version 1 is the sequence below, integers big-endian, so that no two rows share an encoding:

    label       18 bytes, "throughline/leaf/1"
    tenant, stream_id, event_id, command_id                        16 bytes each
    version, schema_version                                        unsigned, 8 bytes each
    occurred_at, recorded_at         microseconds since 1970 UTC, signed, 8 bytes each
    SHA-256 of payload, of sealed, of metadata                     32 bytes each
    blinding, leaf hash of the stream's version before (or zeros)  32 bytes each
    type, occurred_precision         UTF-8, each after its length, 4 bytes

The key commitments of sealed blocks stand inside the column `sealed`, byte for byte, so its hash
holds them. Position is left out (a restore may give another one), and the leaf hash itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from struct import Struct
from typing import Final, Protocol
from uuid import UUID

NO_LEAF: Final = bytes(32)
HASH_BYTES: Final = 32

_LABEL: Final = b"throughline/leaf/1"
_FIXED: Final = Struct(">18s16s16s16s16sQQqq32s32s32s32s32s")
_MOST: Final = 2**63
_LENGTH: Final = Struct(">I")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class LeafColumns(Protocol):
    """What a leaf is made of; a stored event of the ledger answers it as it is."""

    @property
    def tenant(self) -> UUID: ...  # noqa: D102 # the columns are named in the module's text
    @property
    def stream_id(self) -> UUID: ...  # noqa: D102 # see tenant
    @property
    def version(self) -> int: ...  # noqa: D102 # see tenant
    @property
    def event_id(self) -> UUID: ...  # noqa: D102 # see tenant
    @property
    def command_id(self) -> UUID: ...  # noqa: D102 # see tenant
    @property
    def type(self) -> str: ...  # noqa: D102 # see tenant
    @property
    def schema_version(self) -> int: ...  # noqa: D102 # see tenant
    @property
    def occurred_at(self) -> datetime: ...  # noqa: D102 # see tenant
    @property
    def occurred_precision(self) -> str: ...  # noqa: D102 # see tenant
    @property
    def recorded_at(self) -> datetime: ...  # noqa: D102 # see tenant
    @property
    def payload(self) -> bytes: ...  # noqa: D102 # see tenant
    @property
    def sealed(self) -> bytes: ...  # noqa: D102 # see tenant
    @property
    def metadata(self) -> bytes: ...  # noqa: D102 # see tenant
    @property
    def blinding(self) -> bytes: ...  # noqa: D102 # see tenant


@dataclass(frozen=True, slots=True)
class LeafInput:
    """The columns of one event, as stored, that its leaf is made of."""

    tenant: UUID
    stream_id: UUID
    version: int
    event_id: UUID
    command_id: UUID
    type: str
    schema_version: int
    occurred_at: datetime
    occurred_precision: str
    recorded_at: datetime
    payload: bytes
    sealed: bytes
    metadata: bytes
    blinding: bytes


def encode_leaf(event: LeafColumns, previous: bytes) -> bytes:
    """Return the leaf's bytes. `previous` is the leaf hash of the stream's version before.

    Raises ValueError where a value cannot be encoded: a hash or the blinding that is not 32 bytes,
    a number below 0. Instants are aware (TypeError otherwise).
    """
    if len(event.blinding) != HASH_BYTES or len(previous) != HASH_BYTES:
        raise ValueError("blinding and the previous leaf hash are 32 bytes each")
    if not (0 < event.version < _MOST and 0 < event.schema_version < _MOST):
        raise ValueError("version and schema_version count from 1")
    kind, precision = event.type.encode(), event.occurred_precision.encode()
    return b"".join(
        (
            _FIXED.pack(
                _LABEL,
                event.tenant.bytes,
                event.stream_id.bytes,
                event.event_id.bytes,
                event.command_id.bytes,
                event.version,
                event.schema_version,
                _microseconds(event.occurred_at),
                _microseconds(event.recorded_at),
                sha256(event.payload).digest(),
                sha256(event.sealed).digest(),
                sha256(event.metadata).digest(),
                event.blinding,
                previous,
            ),
            _LENGTH.pack(len(kind)),
            kind,
            _LENGTH.pack(len(precision)),
            precision,
        )
    )


def make_leaf(event: LeafColumns, previous: bytes) -> bytes:
    """Return the leaf hash of an event, SHA-256(0x00 ‖ leaf) as RFC 6962 has it."""
    return sha256(b"\x00" + encode_leaf(event, previous)).digest()


def _microseconds(instant: datetime) -> int:
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
