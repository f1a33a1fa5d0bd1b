"""For tests of who owes the service: an oracle that lives through every day and remembers.

It shares no code with the line that it is held against.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias
from uuid import UUID

from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    ChildReferred,
    FinancialSupportAgreed,
    HolderAgreed,
    OrderMade,
    OrderSetAside,
    PlacedWithoutAgency,
    ResidenceLearned,
)
from referrals.duty.rule import LastDay, Rules, ThreeYearRule
from services.referrals.tests.duty_histories import DAYS, FIRST, HORIZON

STRICT = LastDay.DAY_BEFORE
Answer: TypeAlias = tuple[str | None, str, str]
"""Who owes it, why, by which version."""


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
