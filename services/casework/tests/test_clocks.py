"""Due days agree with a count made day by day, by rules written here anew."""

from datetime import date

import pytest

from casework.rules.calendars import in_force, read_calendar
from casework.rules.clocks import Clock, Unit, calendar_of, due_on
from ledger.working_days import Calendar
from services.casework.tests.due_days import disagreements

NEW_YEARS_EVE = date(2025, 12, 31)
PLAIN = Calendar("plain")


@pytest.mark.parametrize(
    ("clock", "day"),
    [
        (Clock(date(2025, 11, 3), 28, Unit.DAYS), date(2025, 12, 1)),
        (Clock(date(2025, 12, 24), 1, Unit.WORKING_DAYS), date(2025, 12, 29)),
        (Clock(date(2025, 11, 24), 12, Unit.MONTHS), date(2026, 11, 24)),
        (Clock(date(2024, 2, 29), 12, Unit.MONTHS), date(2025, 2, 28)),
        (Clock(date(2025, 1, 31), 1, Unit.MONTHS), date(2025, 2, 28)),
        (Clock(NEW_YEARS_EVE, 2, Unit.MONTHS), date(2026, 2, 28)),
        (Clock(NEW_YEARS_EVE, 0, Unit.WORKING_DAYS), NEW_YEARS_EVE),
    ],
)
def test_a_clock_ends_on_its_day(clock: Clock, day: date) -> None:
    assert due_on(clock, PLAIN) == day


def test_a_bank_holiday_that_is_proclaimed_or_moved_counts() -> None:
    clock = Clock(date(2026, 5, 1), 1, Unit.WORKING_DAYS)
    assert due_on(clock, PLAIN) == date(2026, 5, 5)
    assert due_on(clock, Calendar("x", added=frozenset({date(2026, 5, 5)}))) == date(2026, 5, 6)
    assert due_on(clock, Calendar("x", removed=frozenset({date(2026, 5, 4)}))) == date(2026, 5, 4)


def test_only_a_clock_of_working_days_depends_on_a_calendar() -> None:
    assert calendar_of(Clock(NEW_YEARS_EVE, 1, Unit.WORKING_DAYS), PLAIN) == "plain"
    assert calendar_of(Clock(NEW_YEARS_EVE, 1, Unit.DAYS), PLAIN) == ""
    assert calendar_of(None, PLAIN) == ""


def test_a_calendar_is_read_with_what_sets_it_right() -> None:
    text = 'version = "7"\nadded = [2026-05-05]\nremoved = []\n'
    assert read_calendar(text).version.endswith("/7")
    assert not read_calendar(text).is_working(date(2026, 5, 5))
    assert in_force().is_working(date(2026, 5, 5))


def test_two_thousand_random_clocks_agree_with_a_naive_count() -> None:
    # A hundred thousand: python -m services.casework.tests.due_days
    assert disagreements(2_000, seed=1) == []
