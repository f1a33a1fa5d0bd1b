"""From bytes to a request message, refusing what protobuf itself lets pass.

Protobuf accepts fields that it does not know, NaN, numbers that are no code of an enumeration, and
texts of any length; a record that is kept for a hundred years accepts none of these.
"""

import math
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet

from chassis.edge.malformed import Malformed, Violation, malformed

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor

MAX_TEXT = 100_000
"""Characters in any text of a request; the field's own parser allows less."""
MAX_VIOLATIONS = 20

_NUMBERS = frozenset({FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT})


def read_message(kind: type[Message], data: bytes) -> Message:
    """Parse a request. Raises Malformed, which names each field that is wrong."""
    try:
        message = kind.FromString(data)
    except DecodeError:
        raise malformed("request", "not-protobuf", f"a {kind.DESCRIPTOR.full_name}") from None
    known_and_unknown = message.ByteSize()
    message.DiscardUnknownFields()
    if message.ByteSize() != known_and_unknown:
        raise Malformed(_first(_unknown(kind.FromString(data), "")))
    # Only bytes long enough can hold a text too long, only a zero byte makes a NUL.
    if len(data) > MAX_TEXT or b"\x00" in data or _must_be_walked(kind.DESCRIPTOR):
        violations = _first(_wrong(message, ""))
        if violations:
            raise Malformed(violations)
    return message


def _first(violations: Iterator[Violation]) -> list[Violation]:
    return [each for each, _ in zip(violations, range(MAX_VIOLATIONS), strict=False)]


@cache
def _must_be_walked(descriptor: "Descriptor") -> bool:
    """Whether a message of this type can hold a number or a code that must be looked at."""
    seen: set[str] = set()
    waiting = [descriptor]
    while waiting:
        each = waiting.pop()
        if each.full_name in seen:
            continue
        seen.add(each.full_name)
        for field in each.fields:
            if field.cpp_type in _NUMBERS or field.enum_type is not None:
                return True
            if field.message_type is not None:
                waiting.append(field.message_type)
    return False


def _wrong(message: Message, path: str) -> Iterator[Violation]:
    for field, value in message.ListFields():
        for where, each in _values(field, value, f"{path}{field.name}"):
            if isinstance(each, Message):
                yield from _wrong(each, f"{where}.")
            else:
                yield from _wrong_value(field, each, where)


def _wrong_value(field: FieldDescriptor, value: Any, where: str) -> Iterator[Violation]:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            yield Violation(where, "too-long", f"at most {MAX_TEXT} characters")
        if "\x00" in value:
            yield Violation(where, "control-character", "text without control characters")
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Violation(where, "not-a-number", "a finite number")
    elif field.enum_type is not None and value not in field.enum_type.values_by_number:
        names = ", ".join(each.name for each in field.enum_type.values)
        yield Violation(where, "unknown-code", f"one of {names}")


def _values(field: FieldDescriptor, value: Any, path: str) -> Iterable[tuple[str, Any]]:
    """Return each single value of a field with its path; of a map the values and the keys."""
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return [
            pair
            for index, (key, each) in enumerate(value.items())
            for pair in ((f"{path}[{index}]", key), (f"{path}[{index}]", each))
        ]
    if field.is_repeated:
        return [(f"{path}[{index}]", each) for index, each in enumerate(value)]
    return [(path, value)]


def _unknown(message: Message, path: str) -> Iterator[Violation]:
    kind = message.DESCRIPTOR.full_name
    unknown_fields = UnknownFieldSet(message)
    for unknown in (unknown_fields[index] for index in range(len(unknown_fields))):
        yield Violation(f"{path}#{unknown.field_number}", "unknown-field", f"the fields of {kind}")
    for field, value in message.ListFields():
        for where, each in _values(field, value, f"{path}{field.name}"):
            if isinstance(each, Message):
                yield from _unknown(each, f"{where}.")
