"""A rule set is in force from its day until the next one's, for its partnership or for all."""

from datetime import date

import pytest

from referrals.duty.rule import LastDay
from referrals.rules.policies import duty_rules, read_policies, shipped

EARLY, LATE = date(2024, 1, 1), date(2026, 1, 1)
NUMBERS = """
three_years = 3
three_years_end = "{end}"
screening_urgent = 0
screening = 1
information = 10
redirect = 5
draft_days = 28
draft_warning_days = 7
"""


def rule_set(table: str, version: str, day: date, end: str = "corresponding-date") -> str:
    head = f'[[{table}]]\nversion = "{version}"\nfrom_day = {day}'
    return head + NUMBERS.format(end=end)


def test_the_one_in_force_is_the_last_that_has_begun() -> None:
    found = read_policies(
        rule_set("everywhere", "new", LATE) + rule_set("everywhere", "old", EARLY)
    )
    assert found.on(date(2025, 12, 31)).version == "old"
    assert found.on(LATE).version == "new"
    assert found.on(date(2000, 1, 1)).version == "old"


def test_a_partnership_goes_by_its_own() -> None:
    own = rule_set("wap", "wap-1", EARLY, "day-before-corresponding-date")
    found = read_policies(rule_set("everywhere", "all", EARLY) + own)
    assert found.on(LATE, "wap").three_year_rule.last_day is LastDay.DAY_BEFORE
    assert found.on(LATE, "wap").three_year_rule.version == "wap-1"
    assert found.on(LATE, "anc").version == "all"


@pytest.mark.parametrize(
    "text",
    [
        "",
        rule_set("wap", "alone", EARLY),
        rule_set("everywhere", "one", EARLY) * 2,
        rule_set("everywhere", "one", EARLY) + "tea = 1\n",
        rule_set("everywhere", "one", EARLY, "some day"),
    ],
)
def test_rule_sets_that_do_not_hold_together_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_policies(text)


def test_those_that_are_shipped_are_in_force_today() -> None:
    assert shipped().on(LATE).three_years == 3


def test_before_its_own_sets_a_partnership_goes_by_those_of_everywhere() -> None:
    text = rule_set("everywhere", "all", EARLY) + rule_set("wap", "wap-1", LATE)
    found = read_policies(text)
    assert found.on(EARLY, "wap").version == "all"
    assert found.on(LATE, "wap").version == "wap-1"
    assert [each.rule.version for each in duty_rules(found, "wap")] == ["all", "wap-1"]


def test_one_that_is_shipped_counts_strictly_less_than_three_years() -> None:
    ends = {shipped().on(date(2026, 3, 1), each).three_years_end for each in ("wap", "anc")}
    assert ends == {LastDay.CORRESPONDING, LastDay.DAY_BEFORE}
