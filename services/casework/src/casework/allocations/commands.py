"""What can be done about who leads a case, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.allocations.allocation import AllocationReason
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class AllocateCase:
    """Name the worker who leads a case."""

    case_id: UUID
    worker: UUID
    reason: AllocationReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class NoteAllocationOverdue:
    """The last day for naming a lead is over; by the case's stream, as the deadline knows it."""

    case_stream: UUID
    due_on: date
