"""Rule sets of the partnerships, each in force from a day; what was decided names its version."""

from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from ledger.rule_sets import EVERYWHERE, RuleSet, RuleSets, read_rule_sets
from referrals.duty.rule import DatedRule, LastDay, Rules, ThreeYearRule

Count = Annotated[int, Field(ge=0, le=366)]


class FrontDoorRules(RuleSet):
    """The numbers of one rule set. Working days unless a name says days or years."""

    three_years: Annotated[int, Field(ge=1, le=10)]
    # Strings in the file; strict values elsewhere.
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


def duty_rules(policies: RuleSets[FrontDoorRules], partnership: str = EVERYWHERE) -> Rules:
    """Return a partnership's versions of the rule who owes the service, by their days."""
    return tuple(
        DatedRule(each.from_day, each.three_year_rule) for each in policies.of(partnership)
    )


def read_policies(text: str) -> RuleSets[FrontDoorRules]:
    """Read the rule sets of the front door. Raises ValueError."""
    return read_rule_sets(FrontDoorRules, text)


@lru_cache
def shipped() -> RuleSets[FrontDoorRules]:
    """Return the rule sets that come with the service."""
    return read_policies(files(__package__).joinpath("policies.toml").read_text(encoding="utf-8"))
