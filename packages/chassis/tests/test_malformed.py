"""Parsers name the field, give a code and say what is allowed; no error repeats the value."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from chassis.edge.malformed import (
    Malformed,
    a_choice,
    a_count,
    a_day,
    a_number,
    a_text,
    a_timestamp,
    a_uuid,
    all_of,
    an_instant,
    if_given,
    one_of,
)

UUID_TEXT = "0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01"


class Route(StrEnum):
    """A code of a test."""

    PHONE = "phone"
    LETTER = "letter"


def code_of(parse: Callable[[], object]) -> str:
    with pytest.raises(Malformed) as raised:
        parse()
    (violation,) = raised.value.violations
    assert violation.field == "child.field"
    assert violation.allowed
    return violation.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("canary-7731", "not-a-uuid"),
        (UUID_TEXT.replace("-", ""), "not-a-uuid"),
        (f"{{{UUID_TEXT}}}", "not-a-uuid"),
        (f"urn:uuid:{UUID_TEXT}", "not-a-uuid"),
        (UUID_TEXT + " ", "not-a-uuid"),
    ],
)
def test_only_the_36_characters_of_a_uuid_are_one(text: str, code: str) -> None:
    assert code_of(lambda: a_uuid("child.field", text)) == code


def test_a_uuid_may_be_spelt_in_capitals() -> None:
    assert a_uuid("f", UUID_TEXT.upper()) == UUID(UUID_TEXT)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("2025-02-29", "bad-date"),
        ("20250228", "bad-date"),
        ("2025-W09-5", "bad-date"),
        ("2025-2-3", "bad-date"),
        ("٢٠٢٥-٠١-٠١", "bad-date"),  # noqa: RUF001 # digits that are not ASCII are the point
        ("1066-10-14", "out-of-range"),
        ("2999-01-01", "out-of-range"),
    ],
)
def test_a_day_must_exist_and_be_of_our_time(text: str, code: str) -> None:
    assert code_of(lambda: a_day("child.field", text)) == code


def test_a_leap_day_is_a_day() -> None:
    assert a_day("f", "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("2025-09-01T10:30:00", "naive-timestamp"),
        ("2025-09-01T10:30", "naive-timestamp"),
        ("2025-09-01", "bad-timestamp"),
        ("2025-09-01T25:00:00Z", "bad-timestamp"),
        ("2025-09-01T10:30:60Z", "bad-timestamp"),
        ("2025-09-01T10:30:00+25:00", "bad-timestamp"),
        ("2025-02-30T10:30:00Z", "bad-timestamp"),
        ("next Tuesday", "bad-timestamp"),
        ("0001-01-01T00:00:00+01:00", "bad-timestamp"),
        ("1066-10-14T09:00:00Z", "out-of-range"),
    ],
)
def test_an_instant_needs_its_offset(text: str, code: str) -> None:
    assert code_of(lambda: an_instant("child.field", text)) == code


@pytest.mark.parametrize("text", ["2025-09-01T10:30:00+01:00", "2025-09-01T09:30:00Z"])
def test_an_instant_is_answered_in_utc(text: str) -> None:
    assert an_instant("f", text) == datetime(2025, 9, 1, 9, 30, tzinfo=UTC)
    assert an_instant("f", text).tzinfo is UTC


@pytest.mark.parametrize(
    ("stamp", "code"),
    [
        (Timestamp(seconds=10**15), "bad-timestamp"),
        (Timestamp(seconds=-(10**15)), "bad-timestamp"),
        (Timestamp(seconds=0, nanos=2_000_000_000), "bad-timestamp"),
        (Timestamp(seconds=-62_135_596_800), "out-of-range"),
    ],
)
def test_a_timestamp_outside_its_own_limits_is_none(stamp: Timestamp, code: str) -> None:
    assert code_of(lambda: a_timestamp("child.field", stamp)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        (" \n\t", "required"),
        ("x" * 101, "too-long"),
        ("a\x00b", "control-character"),
        ("a\x1bb", "control-character"),
        ("a\ud800b", "control-character"),
    ],
)
def test_words_are_there_and_not_too_long(text: str, code: str) -> None:
    assert code_of(lambda: a_text("child.field", text, 100)) == code


def test_words_keep_their_lines_and_accents() -> None:
    assert a_text("f", "Zoë\n\tsays: “no”", 100) == "Zoë\n\tsays: “no”"


def test_a_code_is_one_of_its_list() -> None:
    assert a_choice("f", "phone", Route) is Route.PHONE
    assert code_of(lambda: a_choice("child.field", "carrier-pigeon", Route)) == "unknown-code"
    assert code_of(lambda: one_of("child.field", "x", {"a", "b"})) == "unknown-code"
    with pytest.raises(Malformed, match="one of phone, letter"):
        a_choice("f", "fax", Route)


def test_numbers_have_limits_and_nan_is_none() -> None:
    assert a_count("f", 5, 1, 5) == 5
    assert code_of(lambda: a_count("child.field", 6, 1, 5)) == "out-of-range"
    assert code_of(lambda: a_number("child.field", float("nan"), 0, 1)) == "not-a-number"
    assert code_of(lambda: a_number("child.field", float("inf"), 0, 1)) == "not-a-number"
    assert code_of(lambda: a_number("child.field", 1.5, 0, 1)) == "out-of-range"


def test_an_item_of_a_list_is_named_by_its_index() -> None:
    with pytest.raises(Malformed) as raised:
        all_of("people", [UUID_TEXT, "x"], 10, a_uuid)
    assert raised.value.violations[0].field == "people[1]"
    with pytest.raises(Malformed, match="people: too-many"):
        all_of("people", [UUID_TEXT] * 3, 2, a_uuid)


def test_what_may_be_left_out_is_parsed_where_it_stands() -> None:
    assert if_given(a_uuid, "f", "") is None
    assert if_given(a_uuid, "f", UUID_TEXT) == UUID(UUID_TEXT)


@given(st.text(min_size=12, max_size=40))
def test_no_error_repeats_the_value(value: str) -> None:
    for parse in (a_uuid, a_day, an_instant):
        with pytest.raises(Malformed) as raised:
            parse("field", value)
        assert value not in str(raised.value)
