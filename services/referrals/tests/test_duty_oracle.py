"""Random histories: the line says of every day what somebody says who walks through them by day.

`python services/referrals/tests/test_duty_oracle.py 100000` walks through so many, with two numbers
through those between them.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import zip_longest
from random import Random
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
from referrals.duty.line import Line, Span
from referrals.duty.rule import DatedRule, LastDay, Rules, ThreeYearRule
from referrals.duty.timeline import TIMELINE, LearnFacts, line_of

SAMPLE, PARTS = 2_000, 8
CHILD = UUID(int=1)
DAY = timedelta(days=1)
FIRST, HORIZON = date(2020, 1, 1), date(2027, 6, 30)
DAYS = tuple(FIRST + number * DAY for number in range((HORIZON - FIRST).days + 1))
AUTHORITIES = ("westmarch", "harrowdale", "saltby", "northmoor")
STRICT = LastDay.DAY_BEFORE
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
Answer: TypeAlias = tuple[str | None, str, str]
"""Who owes it, why, by which version."""


# The histories.


@dataclass
class Invented:
    """Facts of a child, made up from a seed, so that days often coincide."""

    random: Random
    facts: list[AnyFact] = field(default_factory=list)
    # By fact, those that must have come before.
    after: dict[UUID, set[UUID]] = field(default_factory=dict)

    def head(self, *corrects: UUID) -> tuple[UUID, UUID, None, date, tuple[UUID, ...]]:
        """Make what every fact begins with."""
        fact = UUID(int=self.random.getrandbits(64) << 10 | len(self.facts))
        self.after[fact] = set(corrects)
        return CHILD, fact, None, self.day(), corrects

    def day(self) -> date:
        """Pick a day."""
        pick = self.random.random()
        if pick < 0.15:
            return date(2020, 2, 29) if pick < 0.1 else date(2024, 2, 29)
        if pick < 0.5:
            # Close to each other, and to the same days of other years.
            return date(2020 + self.random.randrange(7), 3, 1 + self.random.randrange(4))
        return FIRST + self.random.randrange(6 * 365) * DAY

    def authority(self) -> str:
        """Pick an authority."""
        return self.random.choice(AUTHORITIES)

    def maybe(self, likely: float) -> bool:
        """Throw the dice."""
        return self.random.random() < likely

    def add(self, fact: AnyFact) -> None:
        """Add a fact."""
        self.facts.append(fact)

    def order(self, *corrects: UUID) -> OrderMade:
        """Make up an order."""
        return OrderMade(
            *self.head(*corrects),
            self.random.choice(list(OrderKind)),
            self.day() if self.maybe(0.85) else None,
            self.authority() if self.maybe(0.75) else None,
        )

    def placement(self, *corrects: UUID) -> ChildPlaced:
        """Make up a placement."""
        authority = self.authority() if self.maybe(0.8) else None
        return ChildPlaced(
            *self.head(*corrects), authority, self.day() if self.maybe(0.6) else None
        )

    def without_agency(self) -> PlacedWithoutAgency:
        """Make up that no agency placed the child."""
        since = self.day() if self.maybe(0.5) else None
        return PlacedWithoutAgency(*self.head(), self.random.choice(list(WithoutAgency)), since)

    def residence(self, *corrects: UUID) -> ResidenceLearned:
        """Make up where they live."""
        return ResidenceLearned(*self.head(*corrects), self.authority(), self.day())

    def agreement(self) -> HolderAgreed:
        """Make up an agreement."""
        day = self.day()
        return HolderAgreed(
            *self.head(), self.authority(), day, self.until(day), Plain("A 1"), Plain(None)
        )

    def support(self) -> FinancialSupportAgreed:
        """Make up that somebody pays."""
        day = self.day()
        return FinancialSupportAgreed(*self.head(), self.authority(), day, self.until(day))

    def until(self, day: date) -> date | None:
        """Pick how long, or open."""
        return day + self.random.randrange(900) * DAY if self.maybe(0.7) else None

    def set_aside(self, order: OrderMade) -> None:
        """Set an order aside, on its day or later."""
        first = order.ordered_on or FIRST
        aside = OrderSetAside(*self.head(), order.fact, first + self.random.randrange(1500) * DAY)
        self.after[aside.fact].add(order.fact)
        self.add(aside)

    def same_again(self, order: OrderMade) -> None:
        """Say once more what is said of an order."""
        _, fact, _, said_on, _ = self.head()
        self.add(replace(order, fact=fact, said_on=said_on, corrects=()))

    def set_right(self, fact: AnyFact) -> None:
        """Correct or withdraw a fact, after all that speak of it as it was."""
        match fact:
            case OrderMade() if self.maybe(0.7):
                right: AnyFact = self.order(fact.fact)
            case ChildPlaced() if self.maybe(0.7):
                right = self.placement(fact.fact)
            case ResidenceLearned() if self.maybe(0.7):
                right = self.residence(fact.fact)
            case _:
                right = FactWithdrawn(*self.head(fact.fact), Plain(None))
        speak = {
            each.fact
            for each in self.facts
            if isinstance(each, OrderSetAside) and each.order == fact.fact
        }
        self.after[right.fact] |= speak
        self.add(right)

    def in_some_order(self) -> Iterator[AnyFact]:
        """Give the facts in an order in which they may be learned."""
        waiting = list(self.facts)
        self.random.shuffle(waiting)
        known: set[UUID] = set()
        while waiting:
            fact = next(each for each in waiting if self.after[each.fact] <= known)
            waiting.remove(fact)
            known.add(fact.fact)
            yield fact


def invented(seed: int) -> Invented:
    """Make up a history."""
    made = Invented(Random(seed))  # noqa: S311 # repeatable, not secret
    for _ in range(1 + made.maybe(0.2)):
        made.add(ChildReferred(*made.head(), made.day(), "wap"))
    for _ in range(made.random.choice((0, 1, 1, 1, 2, 3))):
        order = made.order()
        made.add(order)
        if made.maybe(0.15):
            made.same_again(order)
        if made.maybe(0.25):
            made.set_aside(order)
    likely: tuple[tuple[float, Callable[[], AnyFact]], ...] = (
        (0.4, made.placement),
        (0.15, made.placement),
        (0.15, made.without_agency),
        (0.8, made.residence),
        (0.4, made.residence),
        (0.25, made.agreement),
        (0.1, made.agreement),
        (0.35, made.support),
        (0.1, made.support),
        (0.15, lambda: LegalStatusUnknown(*made.head())),
    )
    made.facts += [make() for chance, make in likely if made.maybe(chance)]
    for fact in [each for each in made.facts if made.maybe(0.12)]:
        made.set_right(fact)
        if made.maybe(0.3):
            made.set_right(made.facts[-1])
    return made


def learned(facts: Iterable[AnyFact], rules: Rules) -> Line:
    """Learn facts one by one, as the service does, and return the line determined last."""
    state: Any = TIMELINE.initial
    for number, fact in enumerate(facts):
        today = FIRST + 40 * number * DAY
        state = TIMELINE.fold(TIMELINE.decide(LearnFacts((fact,), rules, today), state), state)
    return line_of(state)


# The oracle: shares no code with the line. It lives through every day and remembers.


@dataclass(eq=False)
class Court:
    """An order as the oracle keeps it; without a day it was made before all days."""

    day: date | None
    placed_by: str | None
    without_agency: bool
    version: ThreeYearRule
    ends: date | None

    @cached_property
    def anniversary(self) -> date:
        """The day on which the years are full, as one looks it up in a calendar."""
        assert self.day is not None
        year = self.day.year + self.version.years
        try:
            return self.day.replace(year=year)
        except ValueError:
            return date(year, 2, 28)

    def over(self, today: date) -> bool:
        """Whether the years are over."""
        if self.version.last_day is STRICT:
            return today >= self.anniversary
        return today > self.anniversary


NOBODY = "nobody"
Stage: TypeAlias = Court | tuple[str | None, bool]
"""An order, or who placed the child, and whether no agency did."""


class Oracle:
    """Walks through all days and says of each who owes the service, and who owes money."""

    def __init__(self, facts: Iterable[AnyFact], rules: Rules) -> None:
        told = list(facts)
        self.rules = rules
        self.corrected_by = {wrong: each for each in told for wrong in each.corrects}
        self.told = sorted(
            (each for each in told if each.fact not in self.corrected_by),
            key=lambda each: (each.said_on, each.fact.int),
        )
        self.asked = [each.on for each in self.told if isinstance(each, ChildReferred)]
        self.agreements = [each for each in self.told if isinstance(each, HolderAgreed)]
        self.supports = [each for each in self.told if isinstance(each, FinancialSupportAgreed)]
        self.usual = self._usual()
        self.placements = self._placements()
        self.courts = self._courts({each.fact: each for each in told})

    def days(self) -> Iterator[tuple[date, Answer, Answer]]:
        """Answer each day from the first referral's to the horizon."""
        if not self.asked:
            return
        way: list[Stage] = [who for day, who in self.placements if day is None]
        over: list[Court] = []
        lives = ""
        began: dict[date, list[Stage]] = {}
        for since, who in self.placements:
            if since is not None:
                began.setdefault(since, []).append(who)
        for court in self.courts:
            if court.day is not None:
                began.setdefault(court.day, []).append(court)
        moves = {
            each.from_day: each.authority
            for each in self.told
            if isinstance(each, ResidenceLearned)
        }
        ending = {FIRST, *(each.ends for each in self.courts if each.ends)}
        asked = min(self.asked)
        for today in DAYS:
            if today in ending:
                over = [each for each in self.courts if each.ends and each.ends <= today]
            way += began.get(today, ())
            way = [each for each in way if each not in over] if over else way
            lives = moves.get(today, lives)
            if today >= asked:
                home = lives or next((moves[each] for each in sorted(moves)), "")
                stage = self._stage(today, way, over)
                duty = self._duty(today, stage, home)
                yield today, duty, self._money(today, stage, duty)

    def _placements(self) -> list[tuple[date | None, tuple[str | None, bool]]]:
        found: list[tuple[date | None, tuple[str | None, bool]]] = []
        for each in self.told:
            match each:
                case ChildPlaced(authority=who, from_day=day):
                    found.append((day, (who, False)))
                case PlacedWithoutAgency(from_day=day):
                    found.append((day, (NOBODY, True)))
                case _:
                    pass
        # What is not known of a day is said first, so that what is known stands.
        return [each for each in found if each[1][0] is None] + [
            each for each in found if each[1][0] is not None
        ]

    def _courts(self, by_id: dict[UUID, AnyFact]) -> list[Court]:
        said = [each for each in self.told if isinstance(each, OrderMade)]
        if any(each.ordered_on for each in said):
            said = [each for each in said if each.ordered_on]
        elif self.placements and all(alone for _, (_, alone) in self.placements):
            said = [each for each in said if each.placing_authority]
        said.sort(key=lambda each: each.ordered_on or FIRST)
        return [self._court(each, by_id) for each in said]

    def _court(self, order: OrderMade, by_id: dict[UUID, AnyFact]) -> Court:
        placed_by, alone = order.placing_authority, False
        if placed_by is None:
            for day in [None, *sorted({each for each, _ in self.placements if each})]:
                if day is None or order.ordered_on is None or day <= order.ordered_on:
                    for since, (who, without) in self.placements:
                        if since == day:
                            placed_by, alone = who, without
        ends = [
            each.on
            for each in self.told
            if isinstance(each, OrderSetAside) and self._is_of(each, order, by_id)
        ]
        in_force = [each for each in self.rules if each.from_day <= (order.ordered_on or FIRST)]
        version = in_force[-1].rule
        if order.ordered_on is None:
            version = self.rules[0].rule
        return Court(order.ordered_on, placed_by, alone, version, min(ends, default=None))

    def _is_of(self, aside: OrderSetAside, order: OrderMade, by_id: dict[UUID, AnyFact]) -> bool:
        meant = by_id[aside.order]
        while meant.fact in self.corrected_by:
            meant = self.corrected_by[meant.fact]
        return isinstance(meant, OrderMade) and (
            (meant.kind, meant.ordered_on, meant.placing_authority)
            == (order.kind, order.ordered_on, order.placing_authority)
        )

    def _stage(self, today: date, way: list[Stage], over: list[Court]) -> Stage | None:
        for each in reversed(self.courts):
            if each.day is None and each not in over:
                return each
        if way:
            return way[-1]
        if over:
            return over[-1].placed_by, over[-1].without_agency
        to_come = [each for each in self.courts if each.day is not None and each.day > today]
        if to_come:
            soonest = min(each.day for each in to_come if each.day)
            said_last = [each for each in to_come if each.day == soonest][-1]
            return said_last.placed_by, said_last.without_agency
        return None

    def _duty(self, today: date, stage: Stage | None, home: str) -> Answer:
        usual = self.usual
        agreed = [
            each for each in self.agreements if each.from_day <= today <= (each.to_day or HORIZON)
        ]
        if agreed:
            latest = max(each.from_day for each in agreed)
            return (
                next(each.authority for each in reversed(agreed) if each.from_day == latest),
                "agreement",
                usual,
            )
        if stage is None:
            return None, "legal-status-unknown", usual
        if not isinstance(stage, Court):
            who, alone = stage
            return _placed(who, alone, "placed", home, usual)
        if stage.day is None:
            return None, "order-day-unknown", usual
        by = stage.version.version
        if not stage.without_agency and stage.over(today):
            return (home, "after-period", by) if home else (None, "residence-unknown", by)
        return _placed(stage.placed_by, stage.without_agency, "within-period", home, by)

    def _money(self, today: date, stage: Stage | None, duty: Answer) -> Answer:
        best: tuple[date, Answer] | None = None
        for each in self.supports:
            if stage is None or not each.agreed_on <= today <= (each.to_day or HORIZON):
                continue
            if isinstance(stage, Court):
                who, by = stage.placed_by, stage.version.version
                if stage.day is None or each.agreed_on >= stage.day:
                    continue
            else:
                who, by = stage[0], self.usual
            if who in (None, each.authority) and (best is None or best[0] <= each.agreed_on):
                best = each.agreed_on, (each.authority, "support-agreed-before-order", by)
        return best[1] if best else duty

    def _usual(self) -> str:
        asked = min(self.asked, default=FIRST)
        return [each.rule.version for each in self.rules if each.from_day <= asked][-1]


def _placed(who: str | None, alone: bool, ground: str, home: str, by: str) -> Answer:  # noqa: FBT001 # what is known
    if alone:
        return (home, "no-agency", by) if home else (None, "residence-unknown", by)
    return (who, ground, by) if who else (None, "placing-authority-unknown", by)


# The two held against each other.


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
    SEEDS = range(*map(int, sys.argv[1:]))
    differing = [seed for seed in SEEDS if difference(seed)]
    sys.stdout.write(f"{len(SEEDS)} histories, {len(differing)} differences {differing[:10]}\n")
