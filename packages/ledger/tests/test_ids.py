"""Derived ids are the same each time and meet no others; days are those of London."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ledger.clock import london_day, start_of_day
from ledger.ids import caused_id, new_id, stream_of

cause = UUID(int=1)
target = UUID(int=2)


def test_fresh_ids_are_in_the_order_of_time() -> None:
    made = [new_id() for _ in range(100)]
    assert made == sorted(made)
    assert {each.version for each in made} == {7}


def test_derived_ids_never_change() -> None:
    # Stored for ever: a change here would make every retry a new command.
    assert stream_of("referrals", "Person", cause) == UUID("715275a3-f436-58cf-95d1-9c918f29ced9")
    assert caused_id("casework", cause, "OpenCase", target) == UUID(
        "f7bfcad6-947d-56eb-aeb3-10df512e5849"
    )


def test_each_part_of_a_cause_makes_another_id() -> None:
    one = caused_id("casework", cause, "OpenCase", target)
    others = {
        caused_id("groups", cause, "OpenCase", target),
        caused_id("casework", target, "OpenCase", target),
        caused_id("casework", cause, "JoinCase", target),
        caused_id("casework", cause, "OpenCase", cause),
        stream_of("casework", "OpenCase", cause),
    }
    assert one not in others
    assert len(others) == 5


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_a_day_begins_within_itself(day: date) -> None:
    assert london_day(start_of_day(day)) == day


def test_a_summer_evening_in_utc_is_the_next_day_in_london() -> None:
    assert london_day(datetime(2025, 6, 30, 23, 30, tzinfo=UTC)) == date(2025, 7, 1)
    assert london_day(datetime(2025, 12, 31, 23, 30, tzinfo=UTC)) == date(2025, 12, 31)
