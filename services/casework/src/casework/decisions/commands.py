"""What can be done about a proposal, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.decisions.notice_events import (
    Addressee,
    Document,
    Manner,
    Outcome,
    Proposal,
)
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class WriteProposal:
    """A worker writes a proposal. `assessment`: None takes the completed one, if there is one."""

    notice_id: UUID
    case_id: UUID
    proposal: Proposal
    services: tuple[str, ...]
    addressee: Addressee
    assessment: UUID | None
    plan_version: int | None
    by: str
    text: Plain[str]


@dataclass(frozen=True, slots=True)
class RewordProposal:
    """The text is written anew, in that version."""

    notice_id: UUID
    case_id: UUID
    by: str
    text_version: int
    text: Plain[str]


@dataclass(frozen=True, slots=True)
class IssueNotice:
    """The notice goes out for service on a day; None: today."""

    notice_id: UUID
    case_id: UUID
    on: date | None


@dataclass(frozen=True, slots=True)
class RecordRepresentations:
    """Somebody made representations on a day; None: today."""

    notice_id: UUID
    case_id: UUID
    representation_id: UUID
    by: UUID
    manner: Manner
    on: date | None
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class RecordSatisfied:
    """Somebody said on a day that the proposal is as it should be; None: today."""

    notice_id: UUID
    case_id: UUID
    by: UUID
    on: date | None


@dataclass(frozen=True, slots=True)
class WithdrawProposal:
    """The authority does not go on with the proposal, from a day on; None: today."""

    notice_id: UUID
    case_id: UUID
    on: date | None
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class DecideProposal:
    """A manager decides on a day; None: today."""

    notice_id: UUID
    case_id: UUID
    outcome: Outcome
    on: date | None
    by: str
    plan_version: int | None
    from_day: date | None
    reasons: Plain[str]
    text: Plain[str]


@dataclass(frozen=True, slots=True)
class NoteNoticeServed:
    """Notifications says that a notice counts as served."""

    notice_id: UUID
    document: Document
    attempt: int
    method: str
    deemed_on: date


@dataclass(frozen=True, slots=True)
class NoteNoticeFailed:
    """Notifications says that a notice did not reach its addressee."""

    notice_id: UUID
    document: Document
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class NotePeriodEnded:
    """The last day for representations is over; by the stream of the proposal."""

    notice_stream: UUID
    last_day: date


ByWorker: TypeAlias = (
    RewordProposal | IssueNotice | RecordRepresentations | RecordSatisfied | WithdrawProposal
)
OfNotice: TypeAlias = (
    RewordProposal
    | IssueNotice
    | RecordRepresentations
    | RecordSatisfied
    | WithdrawProposal
    | DecideProposal
    | NoteNoticeServed
    | NoteNoticeFailed
)
