"""Which authority owes the service, and from when to when: the three-year rule as a dated rule."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from referrals.codes import LegalStatus


class LastDay(StrEnum):
    """On which day a period of years from a date ends; the sources leave one day open."""

    CORRESPONDING = "corresponding-date"
    DAY_BEFORE = "day-before-corresponding-date"


@dataclass(frozen=True, slots=True)
class ThreeYearRule:
    """How long the placing authority owes the service after the adoption order.

    In force from the commencement of the Adoption and Children Act 2002; `version` is stored with
    each determination.
    """

    version: str = "2005-12-30"
    years: int = 3
    last_day: LastDay = LastDay.CORRESPONDING

    def last_day_of_placing(self, ordered_on: date) -> date:
        """Return the last day on which the placing authority owes the service."""
        corresponding = corresponding_date(ordered_on, self.years)
        match self.last_day:
            case LastDay.CORRESPONDING:
                return corresponding
            case LastDay.DAY_BEFORE:
                return corresponding - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rule needs to know of a child; authorities are slugs."""

    legal_status: str
    ordered_on: date | None
    placing_authority: str | None
    lives_in: str


@dataclass(frozen=True, slots=True)
class Owed:
    """An authority owes the service from one day to another, both included; None: open."""

    holder: str
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Nobody can say yet: the legal status, the date or the placing authority is not known."""


Duty: TypeAlias = Owed | Undetermined

CURRENT = ThreeYearRule()


def duty_on(day: date, known: Circumstances, rule: ThreeYearRule = CURRENT) -> Duty:
    """Return who owes the service on a day, as far as is known.

    Before the order the placing authority; after it the same until the rule's last day; from the
    next day the authority where they live.
    """
    match known:
        case Circumstances(legal_status=LegalStatus.PLACED, placing_authority=str() as placing):
            return Owed(placing, None, None)
        case Circumstances(legal_status=LegalStatus.ORDER_GRANTED, ordered_on=date() as ordered_on):
            return _after_order(day, ordered_on, known, rule)
        case _:
            return Undetermined()


def _after_order(day: date, ordered_on: date, known: Circumstances, rule: ThreeYearRule) -> Duty:
    last = rule.last_day_of_placing(ordered_on)
    if day > last:
        return Owed(known.lives_in, last + timedelta(days=1), None)
    if known.placing_authority is None:
        return Undetermined()
    return Owed(known.placing_authority, min(day, ordered_on), last)


def corresponding_date(day: date, years: int) -> date:
    """Return the same date so many years on; of 29 February, 28 where there is no such day."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
