"""Rule sets of the partnerships, each in force from a day; what was decided names its version."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from referrals.duty.rule import DatedRule, LastDay, Rules, ThreeYearRule

EVERYWHERE: Final = "everywhere"
"""Stands for every partnership that has no rule set of its own."""

Count = Annotated[int, Field(ge=0, le=366)]


class RuleSet(BaseModel):
    """The numbers of one rule set. Working days unless a name says days or years."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    # Strings in the file; strict values elsewhere.
    from_day: date
    version: str
    three_years: Annotated[int, Field(ge=1, le=10)]
    three_years_end: Annotated[LastDay, Field(strict=False)]
    screening_urgent: Count
    screening: Count
    information: Count
    redirect: Count
    draft_days: Count
    draft_warning_days: Count

    @property
    def three_year_rule(self) -> ThreeYearRule:
        """The rule of who owes the service, under this version."""
        return ThreeYearRule(self.version, self.three_years, self.three_years_end)


@dataclass(frozen=True, slots=True)
class Policies:
    """The rule sets by partnership, each partnership's in the order of their first days."""

    sets: Mapping[str, tuple[RuleSet, ...]]

    def on(self, day: date, partnership: str = EVERYWHERE) -> RuleSet:
        """Return the rule set that a partnership goes by on a day.

        Before the first one, the first: what happened before anybody wrote rules is judged too.
        """
        sets = self._of(partnership)
        begun = [each for each in sets if each.from_day <= day]
        return begun[-1] if begun else sets[0]

    def duty_rules(self, partnership: str = EVERYWHERE) -> Rules:
        """Return a partnership's versions of the rule who owes the service, by their days."""
        return tuple(
            DatedRule(each.from_day, each.three_year_rule) for each in self._of(partnership)
        )

    def _of(self, partnership: str) -> tuple[RuleSet, ...]:
        """Return a partnership's own sets, after those that it went by before it had any."""
        own, everywhere = self.sets.get(partnership, ()), self.sets[EVERYWHERE]
        if not own:
            return everywhere
        return (*(each for each in everywhere if each.from_day < own[0].from_day), *own)


def read_policies(text: str) -> Policies:
    """Read rule sets from TOML: a table of arrays, by partnership. Raises ValueError."""
    sets = {
        partnership: tuple(
            sorted((RuleSet.model_validate(each) for each in found), key=lambda one: one.from_day)
        )
        for partnership, found in tomllib.loads(text).items()
    }
    if not sets.get(EVERYWHERE):
        raise ValueError(f"rule sets for {EVERYWHERE} are missing")
    versions = [each.version for of in sets.values() for each in of]
    if len(set(versions)) < len(versions):
        raise ValueError("two rule sets have one version")
    return Policies(sets)


@lru_cache
def shipped() -> Policies:
    """Return the rule sets that come with the service."""
    return read_policies(files(__package__).joinpath("policies.toml").read_text(encoding="utf-8"))
