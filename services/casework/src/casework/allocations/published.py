"""What others are told of who leads a case; offers and answers are the authority's own affair."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from casework.allocations import allocation_events as stored
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class CaseAllocated:
    """The worker leads the case from now on, in place of the previous one if there was one."""

    worker: UUID
    previous_worker: UUID | None


@dataclass(frozen=True, slots=True)
class LeadEnded:
    """The worker leads the case no longer, and nobody follows him yet."""

    worker: UUID


EVENTS: Final[tuple[type, ...]] = (CaseAllocated, LeadEnded)
Public: TypeAlias = CaseAllocated | LeadEnded


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a stored event, if anything."""
    match recorded.event:
        case stored.CaseAllocated(worker=who, previous_worker=previous):
            return CaseAllocated(who, previous)
        case stored.LeadEnded(worker=who):
            return LeadEnded(who)
        case _:
            return None
