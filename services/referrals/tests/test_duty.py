"""Who owes the service: who placed the child, until three years after the order; then, at home."""

from datetime import date, timedelta
from itertools import count
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.personal import Plain
from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    ChildReferred,
    FactWithdrawn,
    FinancialSupportAgreed,
    HolderAgreed,
    LegalStatusUnknown,
    OrderKind,
    OrderMade,
    OrderSetAside,
    PlacedWithoutAgency,
    ResidenceLearned,
    WithoutAgency,
)
from referrals.duty.line import NOTHING, Ground, Span, draw, first_difference, on_day
from referrals.duty.rule import DatedRule, LastDay, Rules, ThreeYearRule, corresponding_date

CHILD = UUID(int=1)
ORDERED = date(2023, 3, 14)
LAST = date(2026, 3, 14)
ASKED = date(2025, 9, 1)
DAY = timedelta(days=1)

CORRESPONDING: Rules = (DatedRule(date(2005, 12, 30), ThreeYearRule()),)
DAY_BEFORE: Rules = (
    DatedRule(date(2005, 12, 30), ThreeYearRule("strict", last_day=LastDay.DAY_BEFORE)),
)
_numbers = count(100)


Head: TypeAlias = tuple[UUID, UUID, None, date, tuple[UUID, ...]]


def head(said_on: date = ASKED, *corrects: AnyFact) -> Head:
    return CHILD, UUID(int=next(_numbers)), None, said_on, tuple(each.fact for each in corrects)


def ordered(
    on: date | None, placing: str | None = "saltby", said_on: date = ASKED, *corrects: AnyFact
) -> OrderMade:
    return OrderMade(*head(said_on, *corrects), OrderKind.ADOPTION, on, placing)


def lives(authority: str, from_day: date = ASKED) -> ResidenceLearned:
    return ResidenceLearned(*head(), authority, from_day)


referred = ChildReferred(*head(), ASKED, "wap")
home = lives("northmoor")
order = ordered(ORDERED)


def duty(*facts: AnyFact, rules: Rules = CORRESPONDING) -> list[tuple[Any, ...]]:
    return said(draw((referred, *facts), rules).duty)


def money(*facts: AnyFact) -> list[tuple[Any, ...]]:
    return said(draw((referred, *facts), CORRESPONDING).financial)


def said(spans: tuple[Span, ...]) -> list[tuple[Any, ...]]:
    return [(each.duty_holder, each.from_day, each.to_day, each.ground) for each in spans]


def test_the_placing_authority_owes_it_to_the_end_of_the_corresponding_date() -> None:
    assert duty(order, home) == [
        ("saltby", ASKED, LAST, Ground.WITHIN_PERIOD),
        ("northmoor", LAST + DAY, None, Ground.AFTER_PERIOD),
    ]


def test_strictly_less_than_three_years_ends_a_day_earlier() -> None:
    assert duty(order, home, rules=DAY_BEFORE) == [
        ("saltby", ASKED, LAST - DAY, Ground.WITHIN_PERIOD),
        ("northmoor", LAST, None, Ground.AFTER_PERIOD),
    ]


@pytest.mark.parametrize(
    ("rules", "last"), [(CORRESPONDING, date(2027, 2, 28)), (DAY_BEFORE, date(2027, 2, 27))]
)
def test_an_order_of_the_leap_day_ends_with_february(rules: Rules, last: date) -> None:
    assert duty(ordered(date(2024, 2, 29)), home, rules=rules) == [
        ("saltby", ASKED, last, Ground.WITHIN_PERIOD),
        ("northmoor", last + DAY, None, Ground.AFTER_PERIOD),
    ]


def test_a_period_may_end_on_a_leap_day() -> None:
    assert corresponding_date(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_an_order_goes_by_the_version_in_force_on_its_day() -> None:
    rules = (*CORRESPONDING, DatedRule(ORDERED + DAY, DAY_BEFORE[0].rule))
    later = ordered(ORDERED + DAY)
    assert [each.rule for each in draw((referred, order, home), rules).duty] == ["2005-12-30"] * 2
    found = draw((referred, later, home), rules).duty
    assert (found[0].rule, found[0].to_day) == ("strict", LAST)


def test_a_child_who_is_placed_is_the_placing_authoritys() -> None:
    assert duty(ChildPlaced(*head(), "saltby", None), home) == [
        ("saltby", ASKED, None, Ground.PLACED)
    ]


def test_before_an_order_that_is_to_come_the_same_authority_owes_it() -> None:
    to_come = ASKED + 10 * DAY
    assert duty(ordered(to_come), home)[:2] == [
        ("saltby", ASKED, to_come - DAY, Ground.PLACED),
        ("saltby", to_come, date(2028, 9, 11), Ground.WITHIN_PERIOD),
    ]


@pytest.mark.parametrize(
    ("fact", "ground"),
    [
        (LegalStatusUnknown(*head()), Ground.STATUS_UNKNOWN),
        (ordered(None), Ground.ORDER_DAY_UNKNOWN),
        (ordered(None, placing=None), Ground.ORDER_DAY_UNKNOWN),
        (ChildPlaced(*head(), None, None), Ground.PLACING_UNKNOWN),
    ],
)
def test_what_is_not_known_leaves_it_undetermined(fact: AnyFact, ground: Ground) -> None:
    assert duty(fact, home) == [(None, ASKED, None, ground)]


def test_after_three_years_where_they_live_decides_whoever_placed() -> None:
    assert duty(ordered(ORDERED, placing=None), home) == [
        (None, ASKED, LAST, Ground.PLACING_UNKNOWN),
        ("northmoor", LAST + DAY, None, Ground.AFTER_PERIOD),
    ]


def test_who_placed_is_known_from_the_placement_where_the_order_does_not_say() -> None:
    placed = ChildPlaced(*head(), "westmarch", ORDERED - 300 * DAY)
    assert duty(placed, ordered(ORDERED, placing=None), home)[0][0] == "westmarch"


def test_without_a_known_residence_it_is_undetermined_after_three_years() -> None:
    assert duty(order)[1] == (None, LAST + DAY, None, Ground.RESIDENCE_UNKNOWN)


def test_a_move_within_three_years_changes_nothing_until_they_are_over() -> None:
    moved = lives("westmarch", date(2026, 1, 10))
    again = lives("estover", date(2026, 5, 1))
    assert duty(order, home, moved, again)[1:] == [
        ("westmarch", LAST + DAY, date(2026, 4, 30), Ground.AFTER_PERIOD),
        ("estover", date(2026, 5, 1), None, Ground.AFTER_PERIOD),
    ]


@pytest.mark.parametrize("reason", WithoutAgency)
@pytest.mark.parametrize("on", [None, ORDERED])
def test_where_no_agency_placed_the_residence_decides(
    reason: WithoutAgency, on: date | None
) -> None:
    alone = PlacedWithoutAgency(*head(), reason, None)
    assert duty(alone, ordered(on, placing=None), home) == [
        ("northmoor", ASKED, None, Ground.NO_AGENCY)
    ]


def test_an_order_set_aside_leaves_the_child_with_who_had_placed_them() -> None:
    old = ordered(date(2021, 1, 14))
    aside = OrderSetAside(*head(), old.fact, date(2025, 11, 3))
    assert duty(old, home, aside) == [
        ("northmoor", ASKED, date(2025, 11, 2), Ground.AFTER_PERIOD),
        ("saltby", date(2025, 11, 3), None, Ground.PLACED),
    ]


def test_an_order_of_which_two_were_told_is_set_aside_once() -> None:
    again = ordered(ORDERED)
    aside = OrderSetAside(*head(), order.fact, ASKED)
    assert duty(order, again, home, aside) == [("saltby", ASKED, None, Ground.PLACED)]


def test_an_order_set_aside_whose_day_is_set_right_stays_set_aside() -> None:
    right = ordered(ORDERED - DAY, "saltby", ASKED, order)
    aside = OrderSetAside(*head(), order.fact, ASKED)
    assert duty(order, right, home, aside) == [("saltby", ASKED, None, Ground.PLACED)]


def test_adopted_again_by_another_authoritys_placing_three_years_run_anew() -> None:
    first, second = ordered(date(2015, 5, 1), "westmarch"), ordered(date(2026, 1, 9), "saltby")
    assert duty(first, second, home) == [
        ("northmoor", ASKED, date(2026, 1, 8), Ground.AFTER_PERIOD),
        ("saltby", date(2026, 1, 9), date(2029, 1, 9), Ground.WITHIN_PERIOD),
        ("northmoor", date(2029, 1, 10), None, Ground.AFTER_PERIOD),
    ]


def test_placed_again_after_an_order_the_new_placing_authority_owes_it() -> None:
    again = ChildPlaced(*head(), "harrowdale", date(2025, 12, 1))
    assert duty(order, home, again)[1:] == [("harrowdale", date(2025, 12, 1), None, Ground.PLACED)]


def test_authorities_may_agree_otherwise_for_a_time() -> None:
    agreed = HolderAgreed(
        *head(), "westmarch", LAST + DAY, date(2026, 9, 14), Plain("A 1"), Plain(None)
    )
    assert duty(order, home, agreed)[1:] == [
        ("westmarch", LAST + DAY, date(2026, 9, 14), Ground.AGREEMENT),
        ("northmoor", date(2026, 9, 15), None, Ground.AFTER_PERIOD),
    ]


def test_money_agreed_before_the_order_stays_with_who_placed() -> None:
    before = FinancialSupportAgreed(*head(), "saltby", ORDERED - DAY, None)
    after = FinancialSupportAgreed(*head(), "saltby", ORDERED, None)
    other = FinancialSupportAgreed(*head(), "westmarch", ORDERED - DAY, None)
    assert money(order, home, before) == [("saltby", ASKED, None, Ground.SUPPORT_AGREED)]
    assert money(order, home, after) == money(order, home, other) == duty(order, home)


def test_money_that_was_to_end_ends() -> None:
    until = FinancialSupportAgreed(*head(), "saltby", ORDERED - DAY, date(2027, 3, 31))
    then = ("northmoor", date(2027, 4, 1), None, Ground.AFTER_PERIOD)
    assert money(order, home, until)[1] == then


def test_of_two_that_cannot_both_be_so_the_later_said_stands() -> None:
    one = ChildPlaced(*head(ASKED), "saltby", None)
    other = ChildPlaced(*head(ASKED + DAY), "westmarch", None)
    assert duty(one, other) == duty(other, one) == [("westmarch", ASKED, None, Ground.PLACED)]


def test_before_the_first_known_residence_the_one_said_last_of_that_day_counts() -> None:
    first = ResidenceLearned(*head(ASKED), "westmarch", date(2027, 1, 1))
    other = ResidenceLearned(*head(ASKED + DAY), "harrowdale", date(2027, 1, 1))
    assert duty(order, other, first)[1:] == [("harrowdale", LAST + DAY, None, Ground.AFTER_PERIOD)]


def test_of_two_orders_to_come_on_a_day_the_one_said_last_counts() -> None:
    to_come = ASKED + 10 * DAY
    first, other = ordered(to_come), ordered(to_come, "westmarch", ASKED + DAY)
    assert {each[0] for each in duty(other, first, home)[:2]} == {"westmarch"}


def test_what_was_set_right_or_withdrawn_counts_no_more() -> None:
    right = ordered(date(2024, 3, 14), "saltby", ASKED, order)
    never = FactWithdrawn(*head(ASKED, right), Plain(None))
    assert duty(order, right, home)[0][2] == date(2027, 3, 14)
    assert duty(order, right, never, home) == [(None, ASKED, None, Ground.STATUS_UNKNOWN)]


def test_before_anybody_referred_the_child_nobody_asked() -> None:
    assert draw((order, home), CORRESPONDING) == NOTHING


@given(
    on=st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    after=st.integers(0, 5 * 366),
    rules=st.sampled_from([CORRESPONDING, DAY_BEFORE]),
)
def test_on_every_day_after_an_order_somebody_owes_it(on: date, after: int, rules: Rules) -> None:
    asked = ChildReferred(*head(), on, "wap")
    day = on + timedelta(days=after)
    found = on_day(draw((asked, ordered(on), home), rules).duty, day)
    assert found is not None
    # An oracle that counts anniversaries: 29 February has none in most years.
    anniversary = (
        on.replace(year=on.year + 3, day=28)
        if (on.month, on.day) == (2, 29)
        else on.replace(year=on.year + 3)
    )
    over = day > anniversary if rules is CORRESPONDING else day >= anniversary
    assert found.duty_holder == ("northmoor" if over else "saltby")


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        ((), (order, home), ASKED),
        ((order, home), (order, home), None),
        ((order, home), (order, lives("westmarch")), LAST + DAY),
        ((home,), (order, home), ASKED),
    ],
)
def test_where_two_lines_part_is_a_day(
    before: tuple[AnyFact, ...], after: tuple[AnyFact, ...], day: date | None
) -> None:
    one, other = (
        draw((referred, *each), CORRESPONDING) if each else NOTHING for each in (before, after)
    )
    assert first_difference(one, other) == first_difference(other, one) == day
