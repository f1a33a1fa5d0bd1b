"""Working days are those of England and Wales, held against the official list of bank holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.working_days import ENGLAND_AND_WALES, Calendar, bank_holidays

# As the government publishes them for England and Wales, substitute days included.
OFFICIAL = {
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
THURSDAY_BEFORE_EASTER = date(2025, 4, 17)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize("year", OFFICIAL)
def test_weekdays_that_are_no_working_days_are_the_official_bank_holidays(year: int) -> None:
    official = {date.fromisoformat(f"{year}-{each}") for each in OFFICIAL[year].split()}
    days = [date(year, 1, 1) + timedelta(days=each) for each in range(366)]
    free = {
        each
        for each in days
        if each.year == year and each.weekday() < 5 and not ENGLAND_AND_WALES.is_working(each)
    }
    assert free == official


def test_easter_is_passed_over() -> None:
    assert ENGLAND_AND_WALES.after(THURSDAY_BEFORE_EASTER, 1) == date(2025, 4, 22)
    assert ENGLAND_AND_WALES.after(THURSDAY_BEFORE_EASTER, 0) == THURSDAY_BEFORE_EASTER


def test_from_christmas_eve_the_next_working_day_is_after_boxing_day_and_the_weekend() -> None:
    assert ENGLAND_AND_WALES.after(date(2025, 12, 24), 1) == date(2025, 12, 29)


@given(DAYS, st.integers(0, 60))
def test_counting_is_what_a_person_with_a_wall_calendar_does(day: date, count: int) -> None:
    counted, at = 0, day
    while counted < count:
        at += timedelta(days=1)
        if at.weekday() < 5 and at not in bank_holidays(at.year):
            counted += 1
    assert ENGLAND_AND_WALES.after(day, count) == at


def test_a_calendar_of_another_version_knows_a_day_that_was_added_and_one_that_was_moved() -> None:
    added, moved = date(2026, 6, 15), date(2026, 5, 4)
    later = Calendar("later", frozenset([added]), frozenset([moved]))
    assert not later.is_working(added)
    assert later.is_working(moved)
    assert ENGLAND_AND_WALES.is_working(added)


@pytest.mark.parametrize("count", [-1, 2_001])
def test_a_count_out_of_bounds_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="0 to 2000"):
        ENGLAND_AND_WALES.after(THURSDAY_BEFORE_EASTER, count)
