"""The leaf of an event changes with every stored column, and no two rows share one."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.leaf import NO_LEAF, LeafInput, encode_leaf, make_leaf

EVENT = LeafInput(
    tenant=UUID(int=1),
    stream_id=UUID(int=2),
    version=3,
    event_id=UUID(int=4),
    command_id=UUID(int=5),
    type="SessionRecorded",
    schema_version=1,
    occurred_at=datetime(2025, 9, 1, tzinfo=UTC),
    occurred_precision="day",
    recorded_at=datetime(2025, 9, 2, 10, 11, 12, 131415, tzinfo=UTC),
    payload=b'{"kind":"visit"}',
    sealed=b"",
    metadata=b"{}",
    blinding=bytes(range(32)),
)
OTHER: dict[str, Any] = {
    "tenant": UUID(int=9),
    "stream_id": UUID(int=9),
    "version": 4,
    "event_id": UUID(int=9),
    "command_id": UUID(int=9),
    "type": "SessionRecordee",
    "schema_version": 2,
    "occurred_at": datetime(2025, 9, 1, 0, 0, 0, 1, tzinfo=UTC),
    "occurred_precision": "daz",
    "recorded_at": datetime(2025, 9, 2, 10, 11, 12, 131416, tzinfo=UTC),
    "payload": b'{"kind":"visiu"}',
    "sealed": b" ",
    "metadata": b"{} ",
    "blinding": bytes(32),
}


def test_the_encoding_of_version_1_stays_as_it_is() -> None:
    # A golden sample: stored leaves must be made again in a hundred years.
    assert len(encode_leaf(EVENT, NO_LEAF)) == 18 + 64 + 16 + 16 + 96 + 64 + 8 + 15 + 3
    assert make_leaf(EVENT, NO_LEAF).hex() == (
        "7b6ba2b831f5bef9758532983b15cf2d938d849ee7b987da61e5b42aaf300b46"
    )


def test_the_leaf_hash_is_that_of_rfc_6962() -> None:
    leaf = encode_leaf(EVENT, NO_LEAF)
    assert make_leaf(EVENT, NO_LEAF) == sha256(b"\x00" + leaf).digest()


@pytest.mark.parametrize("column", [each.name for each in fields(LeafInput)])
def test_another_value_in_any_column_gives_another_leaf(column: str) -> None:
    other = replace(EVENT, **{column: OTHER[column]})
    assert make_leaf(other, NO_LEAF) != make_leaf(EVENT, NO_LEAF)


def test_another_leaf_before_it_gives_another_leaf() -> None:
    assert make_leaf(EVENT, bytes(31) + b"\x01") != make_leaf(EVENT, NO_LEAF)


def test_an_instant_counts_and_not_how_its_zone_is_written() -> None:
    paris = EVENT.recorded_at.astimezone(timezone(timedelta(hours=2)))
    assert make_leaf(replace(EVENT, recorded_at=paris), NO_LEAF) == make_leaf(EVENT, NO_LEAF)


TEXTS = st.text(max_size=4)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_what_stands_in_one_column_cannot_pass_for_another(
    kind: str, precision: str, other_kind: str, other_precision: str
) -> None:
    one = encode_leaf(replace(EVENT, type=kind, occurred_precision=precision), NO_LEAF)
    other = replace(EVENT, type=other_kind, occurred_precision=other_precision)
    same = (kind, precision) == (other_kind, other_precision)
    assert (one == encode_leaf(other, NO_LEAF)) is same


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_every_microsecond_counts(one: datetime, other: datetime) -> None:
    leaves = {make_leaf(replace(EVENT, occurred_at=at), NO_LEAF) for at in (one, other)}
    assert len(leaves) == len({one, other})


@pytest.mark.parametrize(
    "wrong",
    [
        {"blinding": bytes(31)},
        {"version": 0},
        {"version": 2**63},
        {"schema_version": -1},
    ],
)
def test_what_no_row_can_hold_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"32 bytes|count from 1"):
        make_leaf(replace(EVENT, **wrong), NO_LEAF)
    with pytest.raises(ValueError, match="32 bytes"):
        make_leaf(EVENT, b"")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(TypeError):
        make_leaf(replace(EVENT, recorded_at=datetime(2025, 1, 1)), NO_LEAF)  # noqa: DTZ001 # the point
