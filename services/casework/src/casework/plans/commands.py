"""What can be done with a plan from outside, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.plans.document import PlanDocument
from casework.plans.plan_events import PauseReason
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """Write the next version of a case's plan."""

    case_id: UUID
    draft_id: UUID
    document: PlanDocument
    words: Plain[dict[str, str]]


@dataclass(frozen=True, slots=True)
class NominateMonitor:
    """A worker is to monitor the plan that is in force."""

    case_id: UUID
    monitor: UUID


@dataclass(frozen=True, slots=True)
class PausePlan:
    """From a day, or today, nothing is to be done under the plan."""

    case_id: UUID
    from_day: date | None
    reason: PauseReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ResumePlan:
    """From a day, or today, the work under the plan goes on."""

    case_id: UUID
    from_day: date | None
