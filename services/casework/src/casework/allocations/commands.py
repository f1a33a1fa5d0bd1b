"""What can be asked about who works on a case, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.allocations.allocation_events import (
    AllocationReason,
    DeclineReason,
    LeavingReason,
    Part,
    WithdrawalReason,
)
from casework.allocations.conflict import Knows, Tie
from casework.allocations.weight import Factors
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class AllocateCase:
    """Name the worker who leads a case, or who works on it beside the lead."""

    case_id: UUID
    worker: UUID
    reason: AllocationReason
    words: Plain[str | None]
    part: Part = Part.LEAD


@dataclass(frozen=True, slots=True)
class NoteAllocationOverdue:
    """The last day for naming a lead is over; by the allocation's stream."""

    allocation_stream: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class OfferAllocation:
    """Ask a worker to take a part in a case. `area`: where the family lives, if it is said."""

    offer_id: UUID
    case_id: UUID
    worker: UUID
    part: Part
    reason: AllocationReason
    area: str
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class AcceptAllocation:
    """The worker takes what he was offered."""

    offer_id: UUID
    case_id: UUID
    worker: UUID


@dataclass(frozen=True, slots=True)
class DeclineAllocation:
    """The worker does not take what he was offered; with a conflict of interest, that is known."""

    offer_id: UUID
    case_id: UUID
    worker: UUID
    reason: DeclineReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class WithdrawAllocation:
    """Take an offer back."""

    offer_id: UUID
    case_id: UUID
    reason: WithdrawalReason


@dataclass(frozen=True, slots=True)
class NoteOfferUnanswered:
    """The last day for answering an offer is over."""

    case_id: UUID
    offer_id: UUID


@dataclass(frozen=True, slots=True)
class EndPartInCase:
    """A worker's part in a case ends."""

    case_id: UUID
    worker: UUID
    reason: LeavingReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class WeighCaseBy:
    """Weigh a case by these factors."""

    case_id: UUID
    factors: Factors


@dataclass(frozen=True, slots=True)
class DeclareConflictIn:
    """A worker knows the child of a case, or the family."""

    case_id: UUID
    worker: UUID
    knows: Knows
    tie: Tie
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ClearConflictIn:
    """It was a mistake that a worker knows the child or family of a case."""

    case_id: UUID
    worker: UUID


OfAllocation: TypeAlias = (
    AllocateCase
    | NoteAllocationOverdue
    | OfferAllocation
    | AcceptAllocation
    | DeclineAllocation
    | WithdrawAllocation
    | NoteOfferUnanswered
    | EndPartInCase
    | WeighCaseBy
    | DeclareConflictIn
    | ClearConflictIn
)
