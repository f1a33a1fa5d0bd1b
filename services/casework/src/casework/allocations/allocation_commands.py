"""What can be decided of who works on a case; cases, workers and conflicts are looked up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.allocations.allocation_events import (
    AllocationReason,
    DeclineReason,
    LeavingReason,
    Part,
    Reach,
    WithdrawalReason,
)
from casework.allocations.conflict import Conflict
from casework.allocations.weight import Factors
from casework.cases.case import Case
from casework.workers.worker import Worker
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Candidate:
    """A worker who is to have a part in a case from a day on, with his conflicts of interest."""

    worker: Worker
    on: date
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class AwaitLead:
    """An episode is being opened: a lead is to be named by then, by that rule."""

    case_id: UUID
    child: UUID
    episode: int
    due_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class AllocateLead:
    """Name the worker who leads the case."""

    case: Case
    candidate: Candidate
    reason: AllocationReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class JoinCase:
    """Let a worker work on the case beside its lead."""

    case: Case
    candidate: Candidate
    part: Part
    reason: AllocationReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class OfferPart:
    """Ask a worker to take a part; the lead of a case that is led is a handover.

    `unweighed`: the weight of a case that nobody has weighed.
    """

    offer_id: UUID
    case: Case
    candidate: Candidate
    part: Part
    reason: AllocationReason
    reach: Reach
    weight: int
    answer_by: date
    rule: str
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """The worker takes what he was offered."""

    offer_id: UUID
    case: Case
    candidate: Candidate
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class DeclineOffer:
    """The worker does not take what he was offered."""

    offer_id: UUID
    case: Case
    worker: UUID
    reason: DeclineReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class WithdrawOffer:
    """Take an offer back that nobody answered."""

    offer_id: UUID
    case: Case
    reason: WithdrawalReason


@dataclass(frozen=True, slots=True)
class NoteUnanswered:
    """The last day for answering an offer is over; the case is looked up."""

    offer_id: UUID
    case: Case


@dataclass(frozen=True, slots=True)
class EndPart:
    """A worker's part in the case ends; where he led it, a new lead is due by then."""

    case: Case
    worker: UUID
    reason: LeavingReason
    due_on: date
    rule: str
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class WeighCase:
    """Weigh the case by these factors; what it comes to is worked out by that formula."""

    case: Case
    factors: Factors
    weight: int
    formula: str


@dataclass(frozen=True, slots=True)
class EndAllocation:
    """The case is being closed: nobody leads it any more."""

    case: Case


@dataclass(frozen=True, slots=True)
class NoteOverdue:
    """The time allowed for naming a lead is over."""

    due_on: date


AllocationCommand: TypeAlias = (
    AwaitLead
    | AllocateLead
    | JoinCase
    | OfferPart
    | AcceptOffer
    | DeclineOffer
    | WithdrawOffer
    | NoteUnanswered
    | EndPart
    | WeighCase
    | EndAllocation
    | NoteOverdue
)
