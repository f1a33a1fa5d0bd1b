"""How much of a worker's load a case is, and how much a worker can carry, by a dated formula. Pure.

weight = type x complexity x travel + groups + consultations (DOMAIN §8); a co-worker and a
consultant carry a share of it. What a worker can carry goes with his hours. In tenths of a point.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from casework.workers.profile import Experience
from ledger.rule_sets import RuleSet, RuleSets, read_rule_sets

Tenths = Annotated[int, Field(ge=0, le=10_000)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
PERCENT = 100
RANKED = frozenset({"skill", "registration", "load", "language", "distance", "team"})
"""What a proposal is made from."""


class CaseType(StrEnum):
    """What kind of work a case mostly is."""

    ASSESSMENT = "assessment"
    THERAPY = "therapy"
    SUPPORT = "support"
    LIFE_STORY = "life-story"
    CONTACT = "contact"
    PRE_ORDER = "pre-order"


class Complexity(StrEnum):
    """How hard a case is to hold."""

    STABLE = "stable"
    MODERATE = "moderate"
    COMPLEX = "complex"
    CRISIS = "crisis"


class Travel(StrEnum):
    """How far the work is from where it is done from."""

    LOCAL = "local"
    NEAR = "near"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a case is weighed by; groups run and consultations given for it in a month."""

    type: CaseType
    complexity: Complexity
    travel: Travel
    groups: int
    consultations: int


class Formula(RuleSet):
    """One version of the formula. Shares and multipliers are percent, points are tenths."""

    types: dict[str, Tenths]
    complexities: dict[str, Percent]
    travels: dict[str, Percent]
    group: Tenths
    consultation: Tenths
    # Of a case that nobody has weighed yet.
    unweighed: Tenths
    co_worker: Percent
    consultant: Percent
    full_load: Tenths
    full_week_minutes: Annotated[int, Field(ge=1, le=3_600)]
    newly_qualified: Percent
    # The most that each factor of a proposal can contribute.
    ranking: dict[str, Percent]


def read_formulas(text: str) -> RuleSets[Formula]:
    """Read the formulas: each names every type, complexity and travel. Raises ValueError."""
    read = read_rule_sets(Formula, text)
    for formula in (each for of in read.sets.values() for each in of):
        for named, kind in (
            (formula.types, CaseType),
            (formula.complexities, Complexity),
            (formula.travels, Travel),
        ):
            if set(named) != {each.value for each in kind}:
                raise ValueError(f"formula {formula.version} does not name each {kind.__name__}")
        if set(formula.ranking) != RANKED:
            raise ValueError(f"formula {formula.version} does not rank by each factor")
    return read


@lru_cache
def shipped() -> RuleSets[Formula]:
    """Return the formulas that come with the service."""
    return read_formulas(files(__package__).joinpath("formulas.toml").read_text(encoding="utf-8"))


def weigh(factors: Factors, formula: Formula) -> int:
    """Return the weight of a case, in tenths of a point, halves rounded up."""
    base = formula.types[factors.type.value]
    multiplied = (
        base * formula.complexities[factors.complexity.value] * formula.travels[factors.travel]
    )
    work = (2 * multiplied + PERCENT * PERCENT) // (2 * PERCENT * PERCENT)
    return work + factors.groups * formula.group + factors.consultations * formula.consultation


def capacity(weekly_minutes: int, experience: Experience, formula: Formula) -> int:
    """Return what a worker can carry, pro rata his hours, in tenths of a point, rounded down."""
    allowed = formula.newly_qualified if experience is Experience.NEWLY_QUALIFIED else PERCENT
    full = formula.full_load * weekly_minutes * allowed
    return full // (formula.full_week_minutes * PERCENT)


def share(weight: int, percent: int) -> int:
    """Return a part's share of a weight, halves rounded up."""
    return (2 * weight * percent + PERCENT) // (2 * PERCENT)
