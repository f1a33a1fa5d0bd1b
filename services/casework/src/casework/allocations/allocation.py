"""Who leads a case: exactly one worker at any time, or none, and that shows.

Each naming is a fact of its own, with its reason; the one before stays. A case that nobody leads
when the time allowed is over gets a fact that says so. Closing the case ends its allocation.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from casework.cases.case import (
    Case,
    CaseIsClosed,
    Closed,
    NoSuchCase,
    NotOpened,
    Open,
    open_case,
)
from casework.workers.worker import Worker, WorkerKind, known_worker
from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn


class AllocationReason(StrEnum):
    """Why this worker, now."""

    NEW_CASE = "new-case"
    HANDOVER = "handover"
    ABSENCE = "absence"
    WORKLOAD = "workload"
    SKILLS = "skills"
    FAMILY_REQUEST = "family-request"
    LEFT_SERVICE = "left-service"


MAY_LEAD = frozenset(WorkerKind) - {WorkerKind.GROUP_FACILITATOR}
"""Kinds of worker who may lead a case."""


@dataclass(frozen=True, slots=True)
class AllocateLead:
    """Name the worker who leads the case; the case and the worker are looked up."""

    case: Case
    worker: Worker
    reason: AllocationReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class EndAllocation:
    """The case is being closed: nobody leads it any more."""

    case: Case


@dataclass(frozen=True, slots=True)
class NoteOverdue:
    """The time allowed for naming a lead is over, by that rule; the case is looked up."""

    case: Case
    due_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class CaseAllocated:
    """The worker leads the case from now on, in place of the previous one if there was one."""

    case_id: UUID
    child: UUID
    episode: int
    worker: UUID
    previous_worker: UUID | None
    reason: AllocationReason
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class AllocationEnded:
    """The case was closed: whoever led it, if anybody did, leads it no more.

    Recorded at every closing, so that a lead named at the same instant is one or the other.
    """

    case_id: UUID
    episode: int
    worker: UUID | None


@dataclass(frozen=True, slots=True)
class AllocationOverdue:
    """Nobody was named in the time that the rule allows: until the end of that day in London."""

    case_id: UUID
    episode: int
    due_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class Unallocated:
    """Nobody leads the case. `overdue_in`: the latest episode in which that was noted as late."""

    overdue_in: int = 0


@dataclass(frozen=True, slots=True)
class Led:
    """One worker leads the case."""

    worker: UUID


@dataclass(frozen=True, slots=True)
class Ended:
    """The case was closed in that episode; `last` led it then. A later one gets a lead anew."""

    episode: int
    last: UUID | None


class MayNotLead(Refusal):
    """A worker of this kind leads no cases."""


AllocationCommand: TypeAlias = AllocateLead | EndAllocation | NoteOverdue
AllocationEvent: TypeAlias = CaseAllocated | AllocationEnded | AllocationOverdue
Allocation: TypeAlias = Unallocated | Led | Ended


def decide(command: AllocationCommand, allocation: Allocation) -> list[AllocationEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, allocation:
        case AllocateLead(), _:
            return _allocate(command, allocation)
        case EndAllocation(case=case), _:
            return _end(case, allocation)
        case NoteOverdue(), _:
            return _note(command, allocation)
        case _:
            assert_never(command)


def _allocate(command: AllocateLead, allocation: Allocation) -> list[AllocationEvent]:
    case, worker = open_case(command.case), known_worker(command.worker)
    previous = None
    match allocation:
        case _ if worker.kind not in MAY_LEAD:
            raise MayNotLead
        # The same lead again is the same answer, so that callers may retry.
        case Led(worker=held) if held == worker.worker:
            return []
        case Led(worker=held):
            previous = held
        # Closed in the very instant in which the case was read as open.
        case Ended(episode=over) if case.episode <= over:
            raise CaseIsClosed
        case Unallocated() | Ended():
            pass
    return [
        CaseAllocated(
            case.case_id,
            case.child,
            case.episode,
            worker.worker,
            previous,
            command.reason,
            command.words,
        )
    ]


def _end(case: Case, allocation: Allocation) -> list[AllocationEvent]:
    match case, allocation:
        case NotOpened(), _:
            raise NoSuchCase
        # The closing is heard of again.
        case Closed(), _:
            return []
        case Open(case_id=case_id, episode=episode), Led(worker=worker):
            return [AllocationEnded(case_id, episode, worker)]
        case Open(case_id=case_id, episode=episode), Unallocated() | Ended():
            return [AllocationEnded(case_id, episode, None)]


def _note(command: NoteOverdue, allocation: Allocation) -> list[AllocationEvent]:
    match command.case, allocation:
        case Open(case_id=case_id, episode=episode), Unallocated(overdue_in=over) | Ended(
            episode=over
        ) if episode > over:
            return [AllocationOverdue(case_id, episode, command.due_on, command.rule)]
        # Noted already, or a lead was named or the case closed in the same instant.
        case _:
            return []


def evolve(allocation: Allocation, event: AllocationEvent) -> Allocation:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case CaseAllocated(worker=worker):
            return Led(worker)
        case AllocationEnded(episode=episode, worker=worker):
            return Ended(episode, worker)
        case AllocationOverdue(episode=episode):
            return allocation if isinstance(allocation, Led) else Unallocated(episode)
        case _:
            assert_never(event)


DECIDER: Decider[AllocationCommand, Allocation, AllocationEvent] = Decider(
    "Allocation", Unallocated(), decide, evolve
)
