"""How long the placing authority owes the service: the three-year rule, in dated versions."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias


class LastDay(StrEnum):
    """On which day a period of years from a date ends; the sources leave one day open."""

    CORRESPONDING = "corresponding-date"
    DAY_BEFORE = "day-before-corresponding-date"


@dataclass(frozen=True, slots=True)
class ThreeYearRule:
    """How long the placing authority owes the service after the order (ASSR 2005 reg 7).

    `version` is stored with each determination.
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
class DatedRule:
    """A version of the rule: for orders made from a day until the next version's."""

    from_day: date
    rule: ThreeYearRule


Rules: TypeAlias = tuple[DatedRule, ...]
"""A partnership's versions, at least one, in the order of their first days."""


def rule_on(day: date, rules: Rules) -> ThreeYearRule:
    """Return the version in force on a day; before the first one, the first."""
    begun = [each.rule for each in rules if each.from_day <= day]
    return begun[-1] if begun else rules[0].rule


def corresponding_date(day: date, years: int) -> date:
    """Return the same date so many years on; of 29 February, 28 where there is no such day."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
