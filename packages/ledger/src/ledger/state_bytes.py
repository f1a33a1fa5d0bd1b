"""States as bytes: dataclasses, enumerations and values of known types, read back as they were.

Each value says what it is, since a union of classes that look alike could not be told apart.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic_core import from_json

from ledger.personal import Plain

_PLAIN: tuple[type, ...] = (str, int, float, bool, type(None))

# By tag: what is written so, how it is written, and how it is read. A datetime is a date too.
_ATOMS: Mapping[str, tuple[type, Callable[[Any], object], Callable[[Any], object]]] = {
    "u": (UUID, str, UUID),
    "t": (datetime, datetime.isoformat, lambda text: _in_utc(datetime.fromisoformat(text))),
    "d": (date, date.isoformat, date.fromisoformat),
    "s": (timedelta, lambda of: [of.days, of.seconds, of.microseconds], lambda of: timedelta(*of)),
    "b": (bytes, bytes.hex, bytes.fromhex),
    "n": (Decimal, str, Decimal),
}


class NotEncodable(TypeError):  # noqa: N818 # named for what it is
    """A state that cannot be written; the words name a type, never what is in it."""


class StateBytes:
    """Writes values of some types, and of whatever these hold, as bytes."""

    def __init__(self, kinds: Iterable[Any]) -> None:
        found: dict[str, type] = {}
        for kind in kinds:
            _collect(kind, found)
        # Where a class stands among them is its name: who reads has the same code.
        self._classes = [found[name] for name in sorted(found)]
        self._place = {each: place for place, each in enumerate(self._classes)}
        self._fields = {
            each: tuple(field.name for field in fields(each))
            for each in self._classes
            if is_dataclass(each)
        }

    def write(self, value: object) -> bytes:
        """Write a value. Raises NotEncodable."""
        made = self._written(value)
        return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()

    def read(self, encoded: bytes) -> Any:
        """Read a value."""
        return self._read(from_json(encoded))

    def _written(self, value: Any) -> object:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is tuple:
            return [self._written(each) for each in value]
        if kind is frozenset:
            return {"f": [self._written(each) for each in value]}
        if kind in self._place:
            return self._object(value, kind)
        for tag, (of, write, _) in _ATOMS.items():
            if isinstance(value, of):
                return {tag: write(value)}
        raise NotEncodable(kind.__name__)

    def _object(self, value: Any, kind: type) -> object:
        place = self._place[kind]
        if isinstance(value, Enum):
            return {"e": [place, self._written(value.value)]}
        if isinstance(value, Plain) and value.value is not None:
            raise NotEncodable("a personal value that is not sealed")
        return {"o": [place, *(self._written(getattr(value, n)) for n in self._fields[kind])]}

    def _read(self, written: Any) -> Any:
        if isinstance(written, list):
            return tuple(map(self._read, written))
        if not isinstance(written, dict):
            return written
        [(tag, value)] = written.items()
        if tag == "o":
            return self._classes[value[0]](*map(self._read, value[1:]))
        if tag == "e":
            return self._classes[value[0]](self._read(value[1]))
        if tag == "f":
            return frozenset(map(self._read, value))
        return _ATOMS[tag][2](value)


def _in_utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is not None and not at.utcoffset() else at


def _collect(hint: Any, found: dict[str, type]) -> None:
    """Find the classes that a type and its fields name."""
    for each in (get_origin(hint), *get_args(hint)):
        if each is not None:
            _collect(each, found)
    if not isinstance(hint, type):
        return
    name = f"{hint.__module__}.{hint.__qualname__}"
    if name in found or not (is_dataclass(hint) or issubclass(hint, Enum)):
        return
    found[name] = hint
    if is_dataclass(hint):
        for each in get_type_hints(hint, include_extras=True).values():
            _collect(each, found)
