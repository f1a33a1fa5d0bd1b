"""Event types and their bytes: encoding, schema versions, upcasters, personal parts kept apart."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, make_dataclass
from types import MappingProxyType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json

from ledger.commands import StoredEvent
from ledger.encoding import decode_envelope, decode_sealed, encode_metadata, encode_sealed
from ledger.envelope import Recorded
from ledger.personal import Block, Handle, OpenBlock, Personal, Plain, SealedIn

Clear = dict[str, Any]
Upcaster = Callable[[Clear], Clear]

__all__ = [
    "Registry",
    "UnknownEvent",
    "decode_envelope",
    "decode_sealed",
    "encode_metadata",
    "encode_sealed",
    "personal_fields",
]

_STRICT = ConfigDict(allow_inf_nan=False, extra="forbid")


class UnknownEvent(LookupError):  # noqa: N818 # named for what it is, like KeyError's kin in the domain
    """No event type of that name and version is registered."""


@dataclass(frozen=True, slots=True)
class _Type:
    cls: type
    category: str
    version: int
    clear: Mapping[str, TypeAdapter[Any]]
    # All of them at once, from JSON: several times as fast, and silent about what is wrong.
    whole: TypeAdapter[Any]
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
            whole = _at_once({name: hints[name] for name in clear})
            made = _Type(cls, category, len(chain) + 1, clear, whole, marked, chain)
            self._types[cls.__name__] = made
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
        kind = self._readable(stored)
        envelope = decode_envelope(stored)
        values = _clear_values(kind, stored)
        if kind.personal:
            values |= _personal_values(kind, stored, values)
        return Recorded(kind.cls(**values), envelope)

    def parts(self, stored: StoredEvent) -> tuple[Clear, dict[str, Personal[Any]]]:
        """Return the clear part of a stored event as its JSON says it, upcast, and the rest.

        For whoever tells it on: nothing is made of its values, which costs most of `decode`.
        """
        kind = self._readable(stored)
        clear = _upcast(kind, stored)
        if not kind.personal:
            return clear, {}
        subjects = {mark.of: UUID(clear[mark.of]) for mark in kind.personal.values()}
        return clear, _personal_values(kind, stored, subjects)

    def _readable(self, stored: StoredEvent) -> _Type:
        kind = self._of(stored.type)
        if stored.schema_version > kind.version:
            raise UnknownEvent(f"{stored.type} version {stored.schema_version}: of a later release")
        return kind

    def _of(self, name: str) -> _Type:
        try:
            return self._types[name]
        except KeyError:
            raise UnknownEvent(name) from None


def _clear_values(kind: _Type, stored: StoredEvent) -> dict[str, Any]:
    if stored.schema_version == kind.version:
        with suppress(ValidationError):
            values: dict[str, Any] = vars(kind.whole.validate_json(stored.payload))
            return values
    clear = _upcast(kind, stored)
    return {
        name: adapter.validate_python(clear[name], strict=False)
        for name, adapter in kind.clear.items()
    }


def _upcast(kind: _Type, stored: StoredEvent) -> Clear:
    clear: Clear = from_json(stored.payload)
    for upcast in kind.upcasters[stored.schema_version - 1 :]:
        clear = upcast(clear)
    if clear.keys() != kind.clear.keys():
        raise UnknownEvent(f"{stored.type} version {stored.schema_version}: other fields")
    return clear


def _personal_values(
    kind: _Type, stored: StoredEvent, subjects: Mapping[str, Any]
) -> dict[str, Personal[Any]]:
    """Return each personal field: a handle where it was sealed. `subjects`: ids by field name."""
    sealed = {
        (block.subject, block.block): (block, names) for block, names in decode_sealed(stored)
    }
    values: dict[str, Personal[Any]] = {}
    for name, mark in kind.personal.items():
        found = sealed.get((subjects[mark.of], mark.block))
        values[name] = Handle(found[0], name) if found and name in found[1] else Plain(None)
    return values


def _at_once(hints: Mapping[str, Any]) -> TypeAdapter[Any]:
    """Return what reads all the clear fields of an event into the attributes of one object."""
    clear = make_dataclass("Clear", list(hints.items()))
    clear.__pydantic_config__ = _STRICT  # type: ignore[attr-defined] # how pydantic is told
    return TypeAdapter(clear)


def _dumped(event: object, name: str, adapter: TypeAdapter[Any]) -> Any:
    try:
        return adapter.dump_python(getattr(event, name), mode="json", warnings="error")
    except PydanticSerializationError:
        # Its words would quote the value.
        raise TypeError(f"{type(event).__name__}.{name} is not of its type") from None


def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint) if is_dataclass(hint) else TypeAdapter(hint, config=_STRICT)
