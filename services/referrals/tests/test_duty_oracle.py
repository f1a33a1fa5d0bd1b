"""Random histories: the line says of every day what somebody says who walks through them by day.

`python -m services.referrals.tests.test_duty_oracle 100000` walks through so many, with two numbers
through those between them.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.duty.facts import AnyFact
from referrals.duty.line import Line, Span
from referrals.duty.rule import DatedRule, Rules, ThreeYearRule
from referrals.duty.timeline import TIMELINE, LearnFacts, line_of
from services.referrals.tests.duty_histories import DAY, DAYS, FIRST, HORIZON, invented
from services.referrals.tests.duty_oracle import STRICT, Answer, Oracle

SAMPLE, PARTS = 2_000, 8
SOME_RULES: tuple[Rules, ...] = (
    (DatedRule(date(2005, 12, 30), ThreeYearRule("usual")),),
    (DatedRule(date(2005, 12, 30), ThreeYearRule("strict", last_day=STRICT)),),
    (
        DatedRule(date(2005, 12, 30), ThreeYearRule("usual")),
        DatedRule(date(2022, 3, 1), ThreeYearRule("strict", last_day=STRICT)),
    ),
    (
        DatedRule(date(2005, 12, 30), ThreeYearRule("one", years=1)),
        DatedRule(date(2021, 6, 15), ThreeYearRule("four", years=4)),
    ),
)


def learned(facts: Iterable[AnyFact], rules: Rules) -> Line:
    """Learn facts one by one, as the service does, and return the line determined last."""
    state: Any = TIMELINE.initial
    for number, fact in enumerate(facts):
        today = FIRST + 40 * number * DAY
        state = TIMELINE.fold(TIMELINE.decide(LearnFacts((fact,), rules, today), state), state)
    return line_of(state)


def by_day(spans: Iterable[Span]) -> Iterator[tuple[date, Answer]]:
    """Write out what spans say of each day up to the horizon."""
    for each in spans:
        said = each.duty_holder, each.ground.value, each.rule
        last = min(each.to_day or HORIZON, HORIZON)
        for day in DAYS[(each.from_day - FIRST).days : (last - FIRST).days + 1]:
            yield day, said


def difference(seed: int) -> date | None:
    """Return the first day of a history on which the line and the oracle differ."""
    made = invented(seed)
    rules = SOME_RULES[seed % len(SOME_RULES)]
    line = learned(made.in_some_order(), rules)
    walks = Oracle(made.facts, rules).days(), by_day(line.duty), by_day(line.financial)
    nothing = (HORIZON, None)
    for oracle, duty, money in zip_longest(*walks, fillvalue=nothing):
        day = oracle[0]
        if (duty, money) != ((day, oracle[1]), (day, oracle[-1])):
            return min(day, duty[0], money[0])
    return None


@pytest.mark.parametrize("part", range(PARTS))
def test_the_line_and_the_oracle_say_the_same_of_every_day(part: int) -> None:
    assert [seed for seed in range(part, SAMPLE, PARTS) if difference(seed)] == []


@given(seed=st.integers(0, 2**32))
def test_in_whatever_order_facts_are_learned_the_line_is_the_same(seed: int) -> None:
    made = invented(seed)
    rules = SOME_RULES[seed % len(SOME_RULES)]
    assert learned(made.in_some_order(), rules) == learned(made.in_some_order(), rules)


if __name__ == "__main__":
    SEEDS = range(*map(int, sys.argv[1:] or ["100000"]))
    differing = [seed for seed in SEEDS if difference(seed)]
    sys.stdout.write(f"{len(SEEDS)} histories, {len(differing)} differences {differing[:10]}\n")
