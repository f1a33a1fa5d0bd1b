"""What can be done with a session, before what it takes is looked up."""

from dataclasses import dataclass
from uuid import UUID

from casework.sessions.session import Account, Change, CorrectionReason
from ledger.personal import Plain


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
