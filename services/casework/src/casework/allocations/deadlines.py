"""Until when a case must have a lead and a worker an answer: as their facts say it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from casework.allocations.allocation_events import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationEnded,
    AllocationOffered,
    AllocationWithdrawn,
    CaseAllocated,
    HandoverAccepted,
    HandoverOffered,
    LeadAwaited,
    LeadEnded,
)
from casework.allocations.commands import NoteAllocationOverdue, NoteOfferUnanswered
from casework.falling import FallDue
from casework.streams import allocation_stream
from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded

ALLOCATION: Final = "allocation"
OFFER: Final = "allocation-offer/"
"""Followed by the case and the offer: several may be open at once."""


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set a deadline at each gap and each offer; a lead or an answer meets it, or the closing."""
    match recorded.event:
        case LeadAwaited(case_id, due_on=day) | LeadEnded(case_id, due_on=day):
            return [Due(ALLOCATION, allocation_stream(case_id), _end_of(day))]
        case CaseAllocated(case_id=case_id) | AllocationEnded(case_id=case_id):
            return [Met(ALLOCATION, allocation_stream(case_id))]
        case AllocationOffered(case_id, offer_id=offer, answer_by=day) | HandoverOffered(
            case_id, offer_id=offer, answer_by=day
        ):
            return [Due(_kind(case_id, offer), allocation_stream(case_id), _end_of(day))]
        case (
            AllocationAccepted(case_id, offer_id=offer)
            | HandoverAccepted(case_id, offer_id=offer)
            | AllocationDeclined(case_id, offer_id=offer)
            | AllocationWithdrawn(case_id, offer_id=offer)
        ):
            return [Met(_kind(case_id, offer), allocation_stream(case_id))]
        case _:
            return []


def _kind(case_id: UUID, offer: UUID) -> str:
    return f"{OFFER}{case_id}/{offer}"


def _end_of(day: date) -> datetime:
    """Return the instant at which it is too late: the end of that day in London."""
    return start_of_day(day + timedelta(days=1))


def _overdue(_kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    return Do(NoteAllocationOverdue(stream_id, last_day), target=stream_id)


def _unanswered(kind: str, stream_id: UUID, _due: datetime) -> Do:
    case_id, _, offer = kind.removeprefix(OFFER).partition("/")
    return Do(NoteOfferUnanswered(UUID(case_id), UUID(offer)), target=stream_id)


FALLING: Mapping[str, FallDue] = {ALLOCATION: _overdue, OFFER: _unanswered}
