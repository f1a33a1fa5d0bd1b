"""What casework can be asked to do, before the streams are looked up that it takes."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.allocation import AllocationReason
from casework.case import CloseReason, TakeOnReferral
from casework.group_place import NoteTold
from casework.session import Account, Change, CorrectionReason
from casework.urgent.commands import UrgentCommand
from casework.worker import ChangeWorkerRegistration, RegisterWorker
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


@dataclass(frozen=True, slots=True)
class RecordSession:
    """The worker held a session in the case."""

    session_id: UUID
    case_id: UUID
    worker: UUID
    account: Account
    notes: Plain[str]


@dataclass(frozen=True, slots=True)
class CorrectSession:
    """Set right the entry at `version` of a session's stream."""

    session_id: UUID
    version: int
    change: Change
    reason: CorrectionReason
    notes: Plain[str | None]


@dataclass(frozen=True, slots=True)
class RequestPlace:
    """Ask a group's cohort for a place for the family of the case."""

    request_id: UUID
    case_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class NotePlace:
    """A group told something of a place for the family of the case."""

    case_id: UUID
    note: NoteTold


@dataclass(frozen=True, slots=True)
class CloseCase:
    """End the work of a case on that day in London; None: today, by the service's clock."""

    case_id: UUID
    reason: CloseReason
    on: date | None
    summary: Plain[str]


CaseworkCommand: TypeAlias = (
    RegisterWorker
    | ChangeWorkerRegistration
    | TakeOnReferral
    | AllocateCase
    | NoteAllocationOverdue
    | RecordSession
    | CorrectSession
    | RequestPlace
    | NotePlace
    | CloseCase
    | UrgentCommand
)
