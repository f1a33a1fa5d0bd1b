"""What a plan can be told to do, with all that was looked up for it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.plans.document import PlanDocument
from casework.plans.plan_events import EndReason, Ground, PauseReason
from casework.rules.due import DueBy
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """Write the next version of the plan, with the words of its parts by key."""

    case_id: UUID
    child: UUID
    draft_id: UUID
    document: PlanDocument
    words: Plain[dict[str, str]]


@dataclass(frozen=True, slots=True)
class ProposeVersion:
    """A notice is to propose this version."""

    version: int
    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class EndProposal:
    """The notice came to nothing, or was taken back."""

    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class ActivateVersion:
    """A version comes into force from a day; by then it is to be reviewed."""

    version: int
    from_day: date
    ground: Ground
    decided_by: UUID
    review_by: DueBy


@dataclass(frozen=True, slots=True)
class NominateMonitor:
    """Another worker is to monitor the plan."""

    monitor: UUID


@dataclass(frozen=True, slots=True)
class PausePlan:
    """From a day nothing is to be done under the plan."""

    from_day: date
    reason: PauseReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ResumePlan:
    """From a day the work goes on."""

    from_day: date


@dataclass(frozen=True, slots=True)
class EndPlan:
    """The plan is over after a day."""

    on: date
    reason: EndReason
    ground: Ground
    decided_by: UUID


PlanCommand: TypeAlias = (
    DraftPlan
    | ProposeVersion
    | EndProposal
    | ActivateVersion
    | NominateMonitor
    | PausePlan
    | ResumePlan
    | EndPlan
)
