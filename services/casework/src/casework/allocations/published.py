"""What others are told of who leads a case, and who is let near none: no offers, no answers."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from casework.allocations import allocation_events as stored
from casework.allocations import conflict
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


@dataclass(frozen=True, slots=True)
class ConflictDeclared:
    """The worker knows them, a child or a family: nothing of theirs is there for him."""

    worker: UUID
    about: UUID


@dataclass(frozen=True, slots=True)
class ConflictCleared:
    """It was a mistake that the worker knows them."""

    worker: UUID
    about: UUID


EVENTS: Final[tuple[type, ...]] = (CaseAllocated, LeadEnded, ConflictDeclared, ConflictCleared)
Public: TypeAlias = CaseAllocated | LeadEnded | ConflictDeclared | ConflictCleared
FIRST: Final = frozenset({conflict.ConflictDeclared.__name__})
"""Stored events that keep somebody out: others are to know it before anything else that waits."""


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a stored event, if anything."""
    match recorded.event:
        case stored.CaseAllocated(worker=who, previous_worker=previous):
            return CaseAllocated(who, previous)
        case stored.LeadEnded(worker=who):
            return LeadEnded(who)
        case conflict.ConflictDeclared(worker=who, about=about):
            return ConflictDeclared(who, about)
        case conflict.ConflictCleared(worker=who, about=about):
            return ConflictCleared(who, about)
        case _:
            return None
