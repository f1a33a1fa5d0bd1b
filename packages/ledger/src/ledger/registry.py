"""Event types and their bytes: encoding, schema versions, upcasters, personal parts kept apart."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter
from pydantic_core import PydanticSerializationError, from_json

from ledger.commands import StoredEvent
from ledger.envelope import Actor, Basis, Envelope, Occurred, Recorded
from ledger.personal import Block, Handle, OpenBlock, Plain, SealedBlock, SealedIn

Clear = dict[str, Any]
Upcaster = Callable[[Clear], Clear]

_STRICT = ConfigDict(allow_inf_nan=False, extra="forbid")
_BASES = {each.value: each for each in Basis}


class UnknownEvent(LookupError):  # noqa: N818 # named for what it is, like KeyError's kin in the domain
    """No event type of that name and version is registered."""


@dataclass(frozen=True, slots=True)
class _Type:
    cls: type
    category: str
    version: int
    clear: Mapping[str, TypeAdapter[Any]]
    personal: Mapping[str, SealedIn]
    upcasters: tuple[Upcaster, ...]


def personal_fields(event: type) -> dict[str, SealedIn]:
    """Return the marked personal fields of an event type."""
    hints = get_type_hints(event, include_extras=True)
    return {
        name: mark
        for name, hint in hints.items()
        if get_origin(hint) is Annotated
        for mark in get_args(hint)[1:]
        if isinstance(mark, SealedIn)
    }


class Registry:
    """The event types of one service, by stored name."""

    def __init__(self) -> None:
        self._types: dict[str, _Type] = {}

    def register(
        self,
        category: str,
        *events: type,
        upcasters: Mapping[type, Sequence[Upcaster]] = MappingProxyType({}),
    ) -> "Registry":
        """Add event types of a stream category; `upcasters[cls]` lead from version 1 to today's.

        An event with n upcasters is at schema version n + 1. Answers itself, so that calls chain.
        """
        for cls in events:
            if not is_dataclass(cls):
                raise TypeError(f"{cls.__name__} is not a dataclass")
            if cls.__name__ in self._types:
                raise ValueError(f"{cls.__name__} is registered twice")
            hints = get_type_hints(cls, include_extras=True)
            marked = personal_fields(cls)
            for name, mark in marked.items():
                if hints.get(mark.of) is not UUID:
                    raise TypeError(f"{cls.__name__}.{name}: {mark.of} is no UUID field of it")
            clear = {
                each.name: _adapter(hints[each.name])
                for each in fields(cls)
                if each.name not in marked
            }
            chain = tuple(upcasters.get(cls, ()))
            self._types[cls.__name__] = _Type(cls, category, len(chain) + 1, clear, marked, chain)
        return self

    def joined(self, other: "Registry") -> "Registry":
        """Return a registry with the event types of both."""
        if twice := self._types.keys() & other._types.keys():  # noqa: SLF001 # of its own class
            raise ValueError(f"{', '.join(sorted(twice))} is registered twice")
        both = Registry()
        both._types = self._types | other._types  # noqa: SLF001 # of its own class
        return both

    def types(self) -> Iterable[tuple[str, type, int]]:
        """Return (category, class, schema version) of every event type, by name."""
        return [(t.category, t.cls, t.version) for _, t in sorted(self._types.items())]

    def schema_version(self, event: object) -> int:
        """Return today's schema version of an event."""
        return self._of(type(event).__name__).version

    def category(self, name: str) -> str:
        """Return the stream category of an event type."""
        return self._of(name).category

    def encode(self, event: object) -> tuple[bytes, list[OpenBlock]]:
        """Return the clear part as JSON bytes, and the personal fields by (subject, block).

        Raises TypeError for a value that is not of its field's type (once stored it could not be
        read again), ValueError for NaN and infinities, UnknownEvent.
        """
        kind = self._of(type(event).__name__)
        clear = {name: _dumped(event, name, adapter) for name, adapter in kind.clear.items()}
        payload = json.dumps(clear, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        blocks: dict[tuple[UUID, Block], dict[str, object]] = {}
        for name, mark in kind.personal.items():
            value = getattr(event, name)
            if not isinstance(value, Plain):
                raise TypeError(f"{type(event).__name__}.{name} is not plain: seal values once")
            if value.value is not None:
                blocks.setdefault((getattr(event, mark.of), mark.block), {})[name] = value.value
        return payload.encode(), [
            OpenBlock(subject, block, values) for (subject, block), values in blocks.items()
        ]

    def decode(self, stored: StoredEvent) -> Recorded[Any]:
        """Read a stored event back: upcast, with handles in place of personal values."""
        kind = self._of(stored.type)
        if stored.schema_version > kind.version:
            raise UnknownEvent(f"{stored.type} version {stored.schema_version}: of a later release")
        envelope = decode_envelope(stored)
        clear = from_json(stored.payload)
        for upcast in kind.upcasters[stored.schema_version - 1 :]:
            clear = upcast(clear)
        if clear.keys() != kind.clear.keys():
            raise UnknownEvent(f"{stored.type} version {stored.schema_version}: other fields")
        values: dict[str, Any] = {
            name: adapter.validate_python(clear[name], strict=False)
            for name, adapter in kind.clear.items()
        }
        if kind.personal:
            sealed = {
                (block.subject, block.block): (block, names)
                for block, names in decode_sealed(stored)
            }
            for name, mark in kind.personal.items():
                found = sealed.get((values[mark.of], mark.block))
                values[name] = Handle(found[0], name) if found and name in found[1] else Plain(None)
        return Recorded(kind.cls(**values), envelope)

    def _of(self, name: str) -> _Type:
        try:
            return self._types[name]
        except KeyError:
            raise UnknownEvent(name) from None


def _dumped(event: object, name: str, adapter: TypeAdapter[Any]) -> Any:
    try:
        return adapter.dump_python(getattr(event, name), mode="json", warnings="error")
    except PydanticSerializationError:
        # Its words would quote the value.
        raise TypeError(f"{type(event).__name__}.{name} is not of its type") from None


def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint) if is_dataclass(hint) else TypeAdapter(hint, config=_STRICT)


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
                subject=UUID(row["subject"]),
                block=Block(row["block"]),
                key_id=UUID(row["key_id"]),
                nonce=bytes.fromhex(row["nonce"]),
                ciphertext=bytes.fromhex(row["ciphertext"]),
                commitment=bytes.fromhex(row["commitment"]),
            ),
            frozenset(row["fields"]),
        )
        for row in json.loads(stored.sealed)
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
    meta = from_json(stored.metadata)
    return Envelope(
        event_id=stored.event_id,
        tenant=stored.tenant,
        category=meta["category"],
        stream_id=stored.stream_id,
        version=stored.version,
        position=stored.position,
        type=stored.type,
        schema_version=stored.schema_version,
        occurred=Occurred(stored.occurred_at, stored.occurred_precision),
        recorded_at=stored.recorded_at,
        actor=Actor(meta["actor"], meta["role"], meta.get("on_behalf_of")),
        command_id=stored.command_id,
        correlation_id=_id(meta["correlation_id"]),
        causation_id=_id(meta["causation_id"]) if "causation_id" in meta else None,
        traceparent=meta.get("traceparent"),
        basis=_BASES[meta["basis"]],
        corrects=_id(meta["corrects"]) if "corrects" in meta else None,
        subjects=tuple(map(_id, meta.get("subjects", ()))),
        case_id=_id(meta["case_id"]) if "case_id" in meta else None,
    )


@lru_cache(4_096)
def _id(text: str) -> UUID:
    """Read an id; the events of one command, and of one case, share theirs."""
    return UUID(text)
