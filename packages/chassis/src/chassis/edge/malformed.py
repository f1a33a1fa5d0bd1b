"""What is wrong with a request's form: parsers that name the field and say what is allowed.

No parser repeats the value in its error: it may be personal.
"""

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import TypeVar
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

T = TypeVar("T")
Choice = TypeVar("Choice", bound=Enum)

EARLIEST_DAY = date(1900, 1, 1)
LATEST_DAY = date(2199, 12, 31)
MAX_TEXT = 10_000
"""Characters in a text whose parser is given no limit of its own."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?(?P<zone>Z|[+-]\d{2}:\d{2})?", re.ASCII
)
# Line breaks and tabs are part of prose; other control characters are never meant.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong: the field's path, a code for machines, and what is allowed, for people."""

    field: str
    code: str
    allowed: str


class Malformed(Exception):  # noqa: N818 # the word of STYLE for what is not even a command
    """The request has not the form of its type; nothing was done."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{v.field}: {v.code} ({v.allowed})" for v in self.violations))


def malformed(field: str, code: str, allowed: str) -> Malformed:
    """Make the error for one field."""
    return Malformed([Violation(field, code, allowed)])


def a_uuid(field: str, text: str) -> UUID:
    """Read a UUID in its 36-character form; the same id has one spelling but for case."""
    _present(field, text, "a UUID")
    try:
        value = UUID(text)
    except ValueError:
        raise malformed(field, "not-a-uuid", "a UUID of 36 characters") from None
    if str(value) != text.lower():
        raise malformed(field, "not-a-uuid", "a UUID of 36 characters")
    return value


def a_day(field: str, text: str, earliest: date = EARLIEST_DAY, latest: date = LATEST_DAY) -> date:
    """Read a day of the calendar, YYYY-MM-DD, inside the given range."""
    _present(field, text, "a day, YYYY-MM-DD")
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise malformed(field, "bad-date", "a day that exists, YYYY-MM-DD")
    if not earliest <= day <= latest:
        raise malformed(field, "out-of-range", f"a day from {earliest} to {latest}")
    return day


def an_instant(field: str, text: str) -> datetime:
    """Read an ISO 8601 instant with its offset from UTC; answer it in UTC."""
    allowed = "an instant with its offset, such as 2025-09-01T10:30:00+01:00"
    _present(field, text, allowed)
    form = _INSTANT.fullmatch(text)
    if form is None:
        raise malformed(field, "bad-timestamp", allowed)
    if form["zone"] is None:
        raise malformed(field, "naive-timestamp", allowed)
    try:
        instant = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise malformed(field, "bad-timestamp", allowed) from None
    return _of_our_time(field, instant)


def a_timestamp(field: str, stamp: Timestamp) -> datetime:
    """Read a protobuf timestamp as an instant in UTC (microseconds; finer parts are cut off)."""
    try:
        instant = stamp.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise malformed(field, "bad-timestamp", "a google.protobuf.Timestamp") from None
    return _of_our_time(field, instant)


def a_text(field: str, text: str, maximum: int = MAX_TEXT) -> str:
    """Read words that must be there: not blank, at most `maximum` characters, no control codes."""
    allowed = f"1 to {maximum} characters"
    if len(text) > maximum:
        raise malformed(field, "too-long", allowed)
    if not text.strip():
        raise malformed(field, "required", allowed)
    if _CONTROL.search(text) or _SURROGATE.search(text):
        raise malformed(field, "control-character", "text without control characters")
    return text


def a_choice(field: str, text: str, choices: type[Choice]) -> Choice:
    """Read one of an enumeration's values."""
    allowed = _listed([str(each.value) for each in choices])
    _present(field, text, allowed)
    try:
        return choices(text)
    except ValueError:
        raise malformed(field, "unknown-code", allowed) from None


def one_of(field: str, text: str, codes: Collection[str]) -> str:
    """Read one of a set of codes."""
    _present(field, text, _listed(sorted(codes)))
    if text not in codes:
        raise malformed(field, "unknown-code", _listed(sorted(codes)))
    return text


def a_count(field: str, number: int, minimum: int, maximum: int) -> int:
    """Read a whole number inside its limits, both allowed."""
    if not minimum <= number <= maximum:
        raise malformed(field, "out-of-range", f"{minimum} to {maximum}")
    return number


def a_number(field: str, number: float, minimum: float, maximum: float) -> float:
    """Read a finite number inside its limits, both allowed."""
    if not math.isfinite(number):
        raise malformed(field, "not-a-number", f"{minimum} to {maximum}")
    if not minimum <= number <= maximum:
        raise malformed(field, "out-of-range", f"{minimum} to {maximum}")
    return number


def all_of(
    field: str, items: Collection[str], maximum: int, parse: Callable[[str, str], T]
) -> tuple[T, ...]:
    """Read a list of at most `maximum` items, each by `parse`; its index is in the path."""
    if len(items) > maximum:
        raise malformed(field, "too-many", f"at most {maximum}")
    return tuple(parse(f"{field}[{index}]", each) for index, each in enumerate(items))


def if_given(parse: Callable[[str, str], T], field: str, text: str) -> T | None:
    """Read a field that may be left empty."""
    return parse(field, text) if text else None


def _present(field: str, text: str, allowed: str) -> None:
    if not text:
        raise malformed(field, "required", allowed)


def _of_our_time(field: str, instant: datetime) -> datetime:
    if not EARLIEST_DAY <= instant.date() <= LATEST_DAY:
        raise malformed(field, "out-of-range", f"from {EARLIEST_DAY} to {LATEST_DAY}")
    return instant


def _listed(codes: Sequence[str]) -> str:
    return "one of " + ", ".join(codes)
