"""Waits by group: whole quarters, medians, and no figure by which a child could be found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.codes import ETHNICITIES
from referrals.worklists.equity import (
    Distance,
    Ethnicity,
    Figures,
    Quarter,
    distance_from,
    equity,
    ethnicity_of,
)
from referrals.worklists.suppression import FEWEST, HIDDEN, Hidden
from referrals.worklists.waits import Waited


def child(
    ethnicity: str = "WBRI", screening: int | None = 1, decision: int | None = 9, children: int = 1
) -> Waited:
    return Waited(ethnicity, "westmarch", screening, decision, children)


children = st.lists(
    st.builds(
        child,
        st.sampled_from([*sorted(ETHNICITIES), "other"]),
        st.none() | st.integers(0, 40),
        st.none() | st.integers(0, 200),
        st.integers(1, 9),
    ),
    max_size=20,
)


@given(children)
def test_no_figure_is_of_fewer_than_five_children(found: list[Waited]) -> None:
    figures = equity(found, Ethnicity, ethnicity_of)
    for each in (figures.all, *figures.groups):
        if isinstance(each.referred, Hidden) or each.referred < FEWEST:
            assert each.referred in (HIDDEN, 0)
            assert (each.days_to_screening, each.days_to_decision) == (None, None)
        else:
            assert each.referred >= FEWEST


@given(children)
def test_every_group_is_there_once(found: list[Waited]) -> None:
    figures = equity(found, Ethnicity, ethnicity_of)
    assert [each.group for each in figures.groups] == list(Ethnicity)


def test_medians_are_of_those_who_waited_to_the_end() -> None:
    found = [child(screening=days, decision=None) for days in (0, 1, 1, 2, 7)]
    assert equity(found, Ethnicity, ethnicity_of).all == Figures("all", 5, 1, None)


def test_every_ethnicity_code_has_its_group() -> None:
    assert {ethnicity_of(child(each)) for each in ETHNICITIES} == set(Ethnicity)
    assert ethnicity_of(child("REFU")) == ethnicity_of(child("NOBT")) == Ethnicity.NOT_KNOWN
    assert ethnicity_of(child("BOTH")) == Ethnicity.BLACK
    assert ethnicity_of(child("other")) == Ethnicity.NOT_KNOWN


def test_distance_is_told_by_partnership() -> None:
    distance = distance_from("westmarch", {"westmarch", "saltby"})
    found = [Waited("WBRI", each, 1, 1, 1) for each in ("westmarch", "saltby", "northmoor")]
    assert [distance(each) for each in found] == list(Distance)


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (Quarter(2025, 1), date(2025, 1, 1), date(2025, 3, 31)),
        (Quarter(2025, 3), date(2025, 7, 1), date(2025, 9, 30)),
        (Quarter(2025, 4), date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_a_quarter_is_three_months_and_over_when_its_last_day_is(
    quarter: Quarter, first: date, last: date
) -> None:
    assert (quarter.first_day, quarter.last_day) == (first, last)
    assert not quarter.is_over(last)
    assert quarter.is_over(date.fromordinal(last.toordinal() + 1))
