"""On which day a notice counts as served: dated rule sets of the partnerships."""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from ledger.rule_sets import RuleSet, RuleSets, read_rule_sets
from ledger.working_days import ENGLAND_AND_WALES

Count = Annotated[int, Field(ge=0, le=60)]


class Method(StrEnum):
    """How a statutory notice is served."""

    BY_HAND = "by-hand"
    FIRST_CLASS = "first-class-post"
    SECOND_CLASS = "second-class-post"


class ServiceRules(RuleSet):
    """Working days after the sending on which a notice counts as served."""

    by_hand_working_days: Count
    first_class_working_days: Count
    second_class_working_days: Count


@lru_cache
def shipped() -> RuleSets[ServiceRules]:
    """Return the rule sets that come with the service."""
    text = files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return read_rule_sets(ServiceRules, text)


def deemed(method: Method, sent_on: date, rules: ServiceRules) -> date:
    """Return the day on which a notice that was handed over or posted counts as served."""
    count = {
        Method.BY_HAND: rules.by_hand_working_days,
        Method.FIRST_CLASS: rules.first_class_working_days,
        Method.SECOND_CLASS: rules.second_class_working_days,
    }[method]
    return ENGLAND_AND_WALES.after(sent_on, count)
