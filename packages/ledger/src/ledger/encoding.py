"""What stands beside a fact, as bytes: its envelope, and its sealed blocks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter

from ledger.commands import StoredEvent
from ledger.envelope import Actor, Basis, Envelope, Occurred
from ledger.personal import Block, SealedBlock


@dataclass(slots=True)
class _Metadata:
    """What encode_metadata writes."""

    category: str
    actor: str
    role: str
    correlation_id: UUID
    basis: Basis
    on_behalf_of: str | None = None
    causation_id: UUID | None = None
    traceparent: str | None = None
    corrects: UUID | None = None
    subjects: tuple[UUID, ...] = ()
    case_id: UUID | None = None


@dataclass(slots=True)
class _Sealed:
    """A row of what encode_sealed writes."""

    __pydantic_config__ = ConfigDict(val_json_bytes="hex")

    subject: UUID
    block: Block
    key_id: UUID
    nonce: bytes
    ciphertext: bytes
    commitment: bytes
    fields: frozenset[str]


_METADATA = TypeAdapter(_Metadata)
_SEALED = TypeAdapter(list[_Sealed])


def encode_sealed(blocks: Iterable[tuple[SealedBlock, Iterable[str]]]) -> bytes:
    """Encode the sealed blocks of one event, each with its field names; no block, no bytes."""
    rows = [
        {
            "subject": str(each.subject),
            "block": each.block.value,
            "key_id": str(each.key_id),
            "nonce": each.nonce.hex(),
            "ciphertext": each.ciphertext.hex(),
            "commitment": each.commitment.hex(),
            "fields": sorted(names),
        }
        for each, names in blocks
    ]
    return json.dumps(rows, separators=(",", ":")).encode() if rows else b""


def decode_sealed(stored: StoredEvent) -> list[tuple[SealedBlock, frozenset[str]]]:
    """Read the sealed blocks of a stored event, each with its field names."""
    if not stored.sealed:
        return []
    return [
        (
            SealedBlock(
                tenant=stored.tenant,
                stream_id=stored.stream_id,
                version=stored.version,
                type=stored.type,
                schema_version=stored.schema_version,
                subject=row.subject,
                block=row.block,
                key_id=row.key_id,
                nonce=row.nonce,
                ciphertext=row.ciphertext,
                commitment=row.commitment,
            ),
            row.fields,
        )
        for row in _SEALED.validate_json(stored.sealed)
    ]


def encode_metadata(
    category: str,
    actor: Actor,
    correlation_id: UUID,
    *,
    causation_id: UUID | None = None,
    traceparent: str | None = None,
    basis: Basis = Basis.FACT,
    corrects: UUID | None = None,
    subjects: Sequence[UUID] = (),
    case_id: UUID | None = None,
) -> bytes:
    """Encode the part of the envelope that has no column of its own; absent values are left out."""
    pairs = {
        "category": category,
        "actor": actor.id,
        "role": actor.role,
        "on_behalf_of": actor.on_behalf_of,
        "correlation_id": str(correlation_id),
        "causation_id": str(causation_id) if causation_id else None,
        "traceparent": traceparent,
        "basis": basis.value,
        "corrects": str(corrects) if corrects else None,
        "subjects": [str(each) for each in subjects] or None,
        "case_id": str(case_id) if case_id else None,
    }
    kept = {name: value for name, value in pairs.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def decode_envelope(stored: StoredEvent) -> Envelope:
    """Read the envelope of a stored event."""
    meta = _METADATA.validate_json(stored.metadata)
    return Envelope(
        event_id=stored.event_id,
        tenant=stored.tenant,
        category=meta.category,
        stream_id=stored.stream_id,
        version=stored.version,
        position=stored.position,
        type=stored.type,
        schema_version=stored.schema_version,
        occurred=Occurred(stored.occurred_at, stored.occurred_precision),
        recorded_at=stored.recorded_at,
        actor=Actor(meta.actor, meta.role, meta.on_behalf_of),
        command_id=stored.command_id,
        correlation_id=meta.correlation_id,
        causation_id=meta.causation_id,
        traceparent=meta.traceparent,
        basis=meta.basis,
        corrects=meta.corrects,
        subjects=meta.subjects,
        case_id=meta.case_id,
    )
