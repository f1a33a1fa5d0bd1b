"""What can be done with sessions, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.sessions.booking import CancelReason, Slot
from casework.sessions.intervention import PauseCause
from casework.sessions.session import Account, Change, CorrectionReason
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class RecordSession:
    """The worker held a session in the case; `booking`: the one that was kept by it, if any."""

    session_id: UUID
    case_id: UUID
    worker: UUID
    account: Account
    notes: Plain[str]
    booking: UUID | None = None


@dataclass(frozen=True, slots=True)
class CorrectSession:
    """Set right the entry at `version` of a session's stream."""

    session_id: UUID
    version: int
    change: Change
    reason: CorrectionReason
    notes: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ScheduleSession:
    """Book a session."""

    booking_id: UUID
    case_id: UUID
    slot: Slot
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class CancelSession:
    """The booked session is not held."""

    case_id: UUID
    booking_id: UUID
    reason: CancelReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class PauseIntervention:
    """Pause the direct work of a case; `on` None: today."""

    case_id: UUID
    cause: PauseCause
    on: date | None
    reasons: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ResumeIntervention:
    """Let the direct work of a case go on; `on` None: today."""

    case_id: UUID
    cause: PauseCause
    on: date | None
    reasons: Plain[str | None]
