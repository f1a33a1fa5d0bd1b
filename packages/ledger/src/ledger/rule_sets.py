"""Dated sets of numbers to decide by: each in force from a day, each with a version to be named."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

EVERYWHERE: Final = "everywhere"
"""Stands for every owner that has no rule set of its own."""


class RuleSet(BaseModel):
    """The numbers of one rule set; a service names its own in a class under this one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    from_day: date
    version: str


R = TypeVar("R", bound=RuleSet)


@dataclass(frozen=True, slots=True)
class RuleSets(Generic[R]):
    """The rule sets by owner, each owner's in the order of their first days."""

    sets: Mapping[str, tuple[R, ...]]

    def on(self, day: date, owner: str = EVERYWHERE) -> R:
        """Return the rule set that an owner goes by on a day.

        Before the first one, the first: what happened before anybody wrote rules is judged too.
        """
        sets = self.of(owner)
        begun = [each for each in sets if each.from_day <= day]
        return begun[-1] if begun else sets[0]

    def of(self, owner: str) -> tuple[R, ...]:
        """Return an owner's own sets, after those that it went by before it had any."""
        own, everywhere = self.sets.get(owner, ()), self.sets[EVERYWHERE]
        if not own:
            return everywhere
        return (*(each for each in everywhere if each.from_day < own[0].from_day), *own)


def read_rule_sets(kind: type[R], text: str) -> RuleSets[R]:
    """Read rule sets from TOML: a table of arrays, by owner. Raises ValueError."""
    sets = {
        owner: tuple(
            sorted((kind.model_validate(each) for each in found), key=lambda one: one.from_day)
        )
        for owner, found in tomllib.loads(text).items()
    }
    if not sets.get(EVERYWHERE):
        raise ValueError(f"rule sets for {EVERYWHERE} are missing")
    versions = [each.version for of in sets.values() for each in of]
    if len(set(versions)) < len(versions):
        raise ValueError("two rule sets have one version")
    return RuleSets(sets)
