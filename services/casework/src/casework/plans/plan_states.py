"""How a plan stands: its versions, whether one is proposed, and whether one is in force."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.plans.document import PlanDocument
from casework.plans.plan_events import EndReason, PauseReason


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the plan, as it was drafted. Numbers go on over all episodes of a case."""

    number: int
    draft_id: UUID
    document: PlanDocument


@dataclass(frozen=True, slots=True)
class NoProposal:
    """No notice proposes a version."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A notice proposes this version."""

    version: int
    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class NotYetActive:
    """No version was ever in force."""


@dataclass(frozen=True, slots=True)
class Active:
    """This version is in force from that day on."""

    version: int
    from_day: date
    monitor: UUID
    review_by: date
    decided_by: UUID


@dataclass(frozen=True, slots=True)
class Paused:
    """A version is in force, and from that day nothing is done under it."""

    active: Active
    from_day: date
    reason: PauseReason


@dataclass(frozen=True, slots=True)
class Ended:
    """The version that was in force last is over after that day."""

    version: int
    on: date
    reason: EndReason


Proposal: TypeAlias = NoProposal | Proposed
Life: TypeAlias = NotYetActive | Active | Paused | Ended


@dataclass(frozen=True, slots=True)
class NoPlan:
    """Nobody has drafted a plan."""


@dataclass(frozen=True, slots=True)
class Planned:
    """There are versions; what is proposed and what is in force stand beside each other."""

    case_id: UUID
    child: UUID
    versions: tuple[Version, ...]
    proposal: Proposal
    life: Life


Plan: TypeAlias = NoPlan | Planned


def in_force(plan: Plan) -> Active | None:
    """Return the version in force, if there is one; also of a plan that is paused."""
    match plan:
        case Planned(life=Active() as active) | Planned(life=Paused(active=active)):
            return active
        case _:
            return None


def version_of(plan: Plan, number: int) -> Version | None:
    """Return a version by its number, if there is such a one."""
    if isinstance(plan, NoPlan) or not 1 <= number <= len(plan.versions):
        return None
    return plan.versions[number - 1]
