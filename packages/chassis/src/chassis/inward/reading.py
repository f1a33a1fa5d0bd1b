"""Records of others' topics as things heard: read tolerantly, and warily.

Unknown headers and fields pass; whatever else is not as it should be is named, never repeated.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from chassis.acting import Heard
from chassis.outward.records import UNPUBLISHED
from ledger.envelope import Occurred

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}", re.ASCII)
_MAX_VERSION = 2**31 - 1
_MAX_DIGITS = 20
_PRECISIONS = frozenset({"instant", "day"})


class Unreadable(ValueError):  # noqa: N818 # named for the record, as the topic's reader sees it
    """A record that is no record of ours. `at` names the header or field; never its content."""

    def __init__(self, at: str) -> None:
        super().__init__(f"unreadable record: {at}")
        self.at = at


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A record whose fact cannot be read, of a stream that can: the stream waits behind it.

    `at` names the header or field that is wrong.
    """

    service: str
    tenant: UUID
    stream_id: UUID
    version: int
    at: str
    event_id: UUID | None
    type: str


def to_heard(key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> Heard:
    """Read a record tolerantly: unknown headers and fields pass. Raises Unreadable."""
    found = dict(headers)
    name, version = _type(found)
    if key is None:
        raise Unreadable("key")
    case_id = found.get("ce_caseid")
    return Heard(
        event_id=_uuid(found, "ce_id"),
        service=_source(found),
        tenant=_uuid(found, "ce_tenant"),
        category=_text(found, "ce_category"),
        stream_id=_uuid(found, "ce_subject"),
        version=_count(found, "ce_sequence"),
        type=name,
        schema_version=version,
        occurred=_occurred(found),
        recorded_at=_time(found, "ce_recordedtime"),
        correlation_id=_uuid(found, "ce_correlationid"),
        case_id=_uuid(found, "ce_caseid") if case_id is not None else None,
        data=_data(value) if name != UNPUBLISHED else {},
    )


def read_record(
    key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]
) -> Heard | Spoiled:
    """Read a record as far as it goes. Raises Unreadable where not even its stream can be read."""
    try:
        return to_heard(key, value, headers)
    except Unreadable as unreadable:
        found = dict(headers)
        return Spoiled(
            service=_source(found),
            tenant=_uuid(found, "ce_tenant"),
            stream_id=_uuid(found, "ce_subject"),
            version=_count(found, "ce_sequence"),
            at=unreadable.at,
            event_id=_if_readable(_uuid, found, "ce_id"),
            type=_if_readable(_type_name, found, "ce_type") or "",
        )


def _text(headers: dict[str, bytes], name: str) -> str:
    try:
        return headers[name].decode()
    except (KeyError, UnicodeDecodeError, AttributeError):
        # The last: Kafka knows headers without a value.
        raise Unreadable(name) from None


def _source(headers: dict[str, bytes]) -> str:
    return _text(headers, "ce_source").rsplit("/", 1)[-1]


def _if_readable(
    read: Callable[[dict[str, bytes], str], T], headers: dict[str, bytes], name: str
) -> T | None:
    try:
        return read(headers, name)
    except Unreadable:
        return None


def _uuid(headers: dict[str, bytes], name: str) -> UUID:
    try:
        return UUID(_text(headers, name))
    except ValueError:
        raise Unreadable(name) from None


def _count(headers: dict[str, bytes], name: str) -> int:
    text = _text(headers, name)
    # Zero-padded to 20 digits; a longer one is not even read.
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise Unreadable(name)
    if not 0 < int(text) <= _MAX_VERSION:
        raise Unreadable(name)
    return int(text)


def _time(headers: dict[str, bytes], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(headers, name))
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        # The latter: there is no such instant in UTC.
        raise Unreadable(name) from None
    raise Unreadable(name)


def _occurred(headers: dict[str, bytes]) -> Occurred:
    precision = _text(headers, "ce_timeprecision")
    if precision not in _PRECISIONS:
        raise Unreadable("ce_timeprecision")
    return Occurred(_time(headers, "ce_time"), precision)


def _type(headers: dict[str, bytes]) -> tuple[str, int]:
    parts = _text(headers, "ce_type").split(".")
    match parts:
        case ["throughline", _, name, version] if version.startswith("v"):
            number = version[1:]
            digits = number.isascii() and number.isdigit() and len(number) <= _MAX_DIGITS
            if _NAME.fullmatch(name) and digits:
                return name, int(number)
    raise Unreadable("ce_type")


def _type_name(headers: dict[str, bytes], _header: str) -> str:
    return _type(headers)[0]


def _data(value: bytes | None) -> dict[str, Any]:
    if value is None:
        raise Unreadable("data")
    try:
        data = json.loads(
            value, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        raise Unreadable("data") from None
    if not isinstance(data, dict):
        raise Unreadable("data")
    return data


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number beyond a double's range")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
