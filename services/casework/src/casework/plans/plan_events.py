"""What is recorded of a plan: its versions, what was proposed, how it came into force and ended."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.plans.document import PlanDocument
from ledger.personal import Block, Personal, SealedIn


class Ground(StrEnum):
    """By what right a plan comes into force or ends."""

    # A decision after notice and representations.
    DECISION = "decision"
    # Provision that could not wait: what was skipped is made good afterwards.
    URGENT = "urgent-provision"
    # The case ends, or the child is no longer one for whom there can be a plan.
    CLOSING = "closing"


class PauseReason(StrEnum):
    """Why nothing is done under a plan for a while."""

    FAMILY_ASKED = "family-asked"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    NO_WORKER = "no-worker"
    SAFETY = "safety"
    FUNDING = "funding"
    ILLNESS = "illness"


class EndReason(StrEnum):
    """Why a plan is over."""

    GOALS_MET = "goals-met"
    FAMILY_ASKED = "family-asked"
    NOT_HELPING = "not-helping"
    CASE_CLOSED = "case-closed"
    TRANSFERRED = "transferred"
    OTHER_DECISION = "other-decision"


@dataclass(frozen=True, slots=True)
class PlanDrafted:
    """A version of the plan was written; `words` are by the key of the part that they belong to."""

    case_id: UUID
    child: UUID
    version: int
    draft_id: UUID
    document: PlanDocument
    words: Annotated[Personal[dict[str, str]], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class PlanProposed:
    """A notice proposes this version to the family: it is not changed while the notice stands."""

    case_id: UUID
    child: UUID
    version: int
    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class PlanProposalEnded:
    """The notice that proposed this version came to nothing, or was taken back."""

    case_id: UUID
    child: UUID
    version: int
    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class PlanActivated:
    """This version is in force from a day; a worker monitors it, and by a day it is reviewed.

    `decided_by`: the proposal that was decided on, or the authorisation of an urgent provision.
    """

    case_id: UUID
    child: UUID
    version: int
    from_day: date
    monitor: UUID
    review_by: date
    rule: str
    ground: Ground
    decided_by: UUID


@dataclass(frozen=True, slots=True)
class MonitorNominated:
    """Another worker monitors the plan from now on."""

    case_id: UUID
    child: UUID
    monitor: UUID
    previous: UUID


@dataclass(frozen=True, slots=True)
class PlanPaused:
    """From a day nothing is done under the plan, for a reason; it is not over."""

    case_id: UUID
    child: UUID
    version: int
    from_day: date
    reason: PauseReason
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class PlanResumed:
    """From a day the work under the plan goes on."""

    case_id: UUID
    child: UUID
    version: int
    from_day: date


@dataclass(frozen=True, slots=True)
class PlanEnded:
    """The plan is over after a day, by a decision or with the case."""

    case_id: UUID
    child: UUID
    version: int
    on: date
    reason: EndReason
    ground: Ground
    decided_by: UUID


PlanEvent: TypeAlias = (
    PlanDrafted
    | PlanProposed
    | PlanProposalEnded
    | PlanActivated
    | MonitorNominated
    | PlanPaused
    | PlanResumed
    | PlanEnded
)
