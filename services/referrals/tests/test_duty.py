"""Who owes the service: the placing authority before the order and three years after, then home."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.duty.rule import (
    Circumstances,
    Duty,
    LastDay,
    Owed,
    ThreeYearRule,
    Undetermined,
    corresponding_date,
    duty_on,
)

ORDERED = date(2023, 3, 14)
LAST = date(2026, 3, 14)
STRICTLY_LESS = ThreeYearRule(last_day=LastDay.DAY_BEFORE)
PLACING = Owed("saltby", ORDERED, LAST)
HOME = Owed("northmoor", LAST + timedelta(days=1), None)


def ordered(on: date | None, placing: str | None = "saltby") -> Circumstances:
    return Circumstances("order-granted", on, placing, "northmoor")


@pytest.mark.parametrize(
    ("day", "owed"),
    [
        (ORDERED, PLACING),
        (LAST - timedelta(days=1), PLACING),
        (LAST, PLACING),
        (LAST + timedelta(days=1), HOME),
    ],
)
def test_the_placing_authority_owes_it_to_the_end_of_the_corresponding_date(
    day: date, owed: Duty
) -> None:
    assert duty_on(day, ordered(ORDERED)) == owed


def test_strictly_less_than_three_years_ends_a_day_earlier() -> None:
    before = LAST - timedelta(days=1)
    assert duty_on(before, ordered(ORDERED), STRICTLY_LESS) == Owed("saltby", ORDERED, before)
    assert duty_on(LAST, ordered(ORDERED), STRICTLY_LESS) == Owed("northmoor", LAST, None)


@pytest.mark.parametrize(
    ("rule", "last"),
    [(ThreeYearRule(), date(2027, 2, 28)), (STRICTLY_LESS, date(2027, 2, 27))],
)
def test_an_order_of_the_leap_day_ends_with_february(rule: ThreeYearRule, last: date) -> None:
    known = ordered(date(2024, 2, 29))
    assert duty_on(last, known, rule) == Owed("saltby", date(2024, 2, 29), last)
    following = last + timedelta(days=1)
    assert duty_on(following, known, rule) == Owed("northmoor", following, None)


def test_a_period_may_end_on_a_leap_day() -> None:
    assert corresponding_date(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_before_the_order_the_placing_authority_owes_it() -> None:
    known = Circumstances("placed", None, "saltby", "northmoor")
    assert duty_on(ORDERED, known) == Owed("saltby", None, None)


@pytest.mark.parametrize(
    "known",
    [
        Circumstances("unknown", None, None, "northmoor"),
        Circumstances("unknown", ORDERED, "saltby", "northmoor"),
        Circumstances("other", ORDERED, "saltby", "northmoor"),
        Circumstances("placed", None, None, "northmoor"),
        ordered(None),
        ordered(ORDERED, placing=None),
    ],
)
def test_what_is_not_known_leaves_it_undetermined(known: Circumstances) -> None:
    assert duty_on(ORDERED, known) == Undetermined()


def test_after_three_years_home_owes_it_whoever_placed() -> None:
    assert duty_on(LAST + timedelta(days=1), ordered(ORDERED, placing=None)) == HOME


@given(
    on=st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    after=st.integers(0, 5 * 366),
    last_day=st.sampled_from(LastDay),
)
def test_every_day_after_an_order_lies_in_the_period_that_answers(
    on: date, after: int, last_day: LastDay
) -> None:
    day = on + timedelta(days=after)
    owed = duty_on(day, ordered(on), ThreeYearRule(last_day=last_day))
    assert isinstance(owed, Owed)
    assert owed.from_day is not None
    assert owed.from_day <= day
    assert owed.to_day is None or day <= owed.to_day
    # An oracle that counts anniversaries: 29 February has none in most years.
    anniversary = (
        on.replace(year=on.year + 3, day=28)
        if (on.month, on.day) == (2, 29)
        else (on.replace(year=on.year + 3))
    )
    over = day > anniversary if last_day is LastDay.CORRESPONDING else day >= anniversary
    assert owed.holder == ("northmoor" if over else "saltby")
