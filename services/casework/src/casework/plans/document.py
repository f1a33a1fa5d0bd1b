"""What a plan says (DOMAIN §2.4): each part has a key, a code, and words that are kept apart.

Parts name each other by key: a goal its need, a service its goal, a measure its service, a view
what was decided because of it. So a plan can be read from either end.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class ServiceType(StrEnum):
    """What may be provided (ASSR 2005 reg 3)."""

    ADVICE = "counselling-advice-information"
    FINANCIAL = "financial-support"
    GROUP = "group"
    CONTACT = "contact"
    THERAPY = "therapy"
    RELATIONSHIP = "relationship"
    TRAINING = "training"
    RESPITE = "respite"
    DISRUPTION = "disruption"


class Setting(StrEnum):
    """Where a service is given."""

    HOME = "home"
    CLINIC = "clinic"
    SCHOOL = "school"
    COMMUNITY = "community"
    ONLINE = "online"


class Frequency(StrEnum):
    """How often."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    TERMLY = "termly"
    AS_NEEDED = "as-needed"


class Funding(StrEnum):
    """Who pays."""

    AUTHORITY = "authority"
    # The national fund for therapy after adoption.
    FUND = "asgsf"
    HEALTH = "health"
    EDUCATION = "education"
    NO_COST = "no-cost"


class Party(StrEnum):
    """Who has a part in it, by how they stand to the child."""

    CHILD = "child"
    PARENTS = "parents"
    WORKER = "worker"
    SCHOOL = "school"
    HEALTH = "health"
    SOCIAL_CARE = "social-care"
    OTHER = "other"


class CameOf(StrEnum):
    """What came of a view: something was decided because of it, or why not."""

    DECIDED = "decided"
    ANOTHER_WAY = "met-another-way"
    NOT_SAFE = "not-safe"
    NOT_OURS = "not-ours-to-decide"
    NOT_AVAILABLE = "not-available"
    NOT_YET = "not-yet"
    # There is no view, for one of these reasons.
    TOO_YOUNG = "not-given-too-young"
    DID_NOT_WISH = "not-given-did-not-wish"
    NOT_REACHED = "not-given-not-reached"


@dataclass(frozen=True, slots=True)
class Need:
    """A need that the assessment found, by code."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Goal:
    """An outcome that is wanted, for the need that it answers."""

    key: str
    need: str


@dataclass(frozen=True, slots=True)
class PlannedService:
    """What is given towards a goal, by whom, where, from when, how often, at whose cost.

    `cost_pence`: of all its sessions.
    """

    key: str
    goal: str
    kind: ServiceType
    provider: str
    setting: Setting
    starts_on: date
    sessions: int
    frequency: Frequency
    cost_pence: int
    funding: Funding


@dataclass(frozen=True, slots=True)
class Measure:
    """By which instrument it is seen on a day whether a service helps."""

    key: str
    service: str
    instrument: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Part:
    """Who does what towards a goal or a service."""

    key: str
    of: str
    who: Party


@dataclass(frozen=True, slots=True)
class Contact:
    """How a relationship with the family of birth, or another one, is kept."""

    key: str
    kind: str


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk by code; its words say how everybody is kept safe."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What education, health or somebody else brings in."""

    key: str
    who: Party


@dataclass(frozen=True, slots=True)
class Criterion:
    """By what is seen that a goal is reached, so that the work can end."""

    key: str
    goal: str


@dataclass(frozen=True, slots=True)
class Contingency:
    """What is done if a part of the plan fails, or a risk comes true."""

    key: str
    of: str


@dataclass(frozen=True, slots=True)
class View:
    """What the child or a parent said, and the parts that were decided because of it, or why none.

    `led_to` is empty where nothing was decided because of it.
    """

    key: str
    whose: Party
    came_of: CameOf
    led_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A whole plan but for its words. `review_on`: a day thought right before the rule's last."""

    needs: tuple[Need, ...]
    goals: tuple[Goal, ...]
    services: tuple[PlannedService, ...]
    measures: tuple[Measure, ...]
    parts: tuple[Part, ...]
    contacts: tuple[Contact, ...]
    risks: tuple[Risk, ...]
    contributions: tuple[Contribution, ...]
    views: tuple[View, ...]
    criteria: tuple[Criterion, ...]
    contingencies: tuple[Contingency, ...]
    monitor: UUID
    review_on: date | None


AnyPart: TypeAlias = (
    Need
    | Goal
    | PlannedService
    | Measure
    | Part
    | Contact
    | Risk
    | Contribution
    | View
    | Criterion
    | Contingency
)

SECTIONS = (
    "needs",
    "goals",
    "services",
    "measures",
    "parts",
    "contacts",
    "risks",
    "contributions",
    "views",
    "criteria",
    "contingencies",
)
"""The fields of a document that hold parts, in the order in which a plan is read."""


def parts_of(document: PlanDocument) -> Iterator[tuple[str, AnyPart]]:
    """Give every part with its section, in the order in which a plan is read."""
    for section in SECTIONS:
        for each in getattr(document, section):
            yield section, each


def keys_of(items: Collection[AnyPart]) -> frozenset[str]:
    """Return the keys of some parts."""
    return frozenset(each.key for each in items)
