"""Until when a case must have a lead: a dated rule, the one in force when the case was opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from casework.allocations.allocation import CaseAllocated
from casework.allocations.commands import NoteAllocationOverdue
from casework.cases.case import CaseClosed, CaseOpened, EpisodeOpened
from casework.falling import FallDue
from casework.streams import case_stream
from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded

ALLOCATION = "allocation"


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """In force from a day: a lead is named by the end of so many calendar days after opening."""

    name: str
    from_day: date
    days: int


RULES = (AllocationRule("allocation-1", date(2000, 1, 1), 10),)
"""Local policy, not law (DOMAIN §2.6 names no limit): newest last. Never change one in force."""


def rule_on(day: date) -> AllocationRule:
    """Return the rule in force on a day; before the first one, the first."""
    in_force = [each for each in RULES if each.from_day <= day]
    return in_force[-1] if in_force else RULES[0]


def due_on(opened_on: date) -> date:
    """Return the last day in London on which a case opened then can get its lead in time."""
    return opened_on + timedelta(days=rule_on(opened_on).days)


def due_at(opened_on: date) -> datetime:
    """Return the instant at which it is too late: the end of that day."""
    return start_of_day(due_on(opened_on) + timedelta(days=1))


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the deadline at each opening; a lead or the closing meets it."""
    match recorded.event:
        case CaseOpened(case_id, referral=referral) | EpisodeOpened(case_id, referral=referral):
            return [Due(ALLOCATION, case_stream(case_id), due_at(referral.accepted_on))]
        case CaseAllocated(case_id=case_id) | CaseClosed(case_id=case_id):
            return [Met(ALLOCATION, case_stream(case_id))]
        case _:
            return []


def _overdue(_kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    return Do(NoteAllocationOverdue(stream_id, last_day), target=stream_id)


FALLING: Mapping[str, FallDue] = {ALLOCATION: _overdue}
