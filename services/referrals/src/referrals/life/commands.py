"""What can be asked of a referral."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from ledger.personal import Personal, Plain
from referrals.codes import (
    AmendReason,
    AskedBy,
    Check,
    DeclineReason,
    Informant,
    NeedKind,
    WithdrawReason,
)
from referrals.duty.line import Span
from referrals.life.amendable import CodedField, WordsField
from referrals.life.entitlement import Capacity
from referrals.life.events import ReferralReceived
from referrals.life.targets import AnswerBy, Targets

NO_WORDS: Final[Plain[str | None]] = Plain(None)


@dataclass(frozen=True, slots=True)
class ReceiveReferral:
    """Keep what a submission says of one child. `targets`: by when it is to be screened."""

    said: ReferralReceived
    targets: Targets


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one check; `refers_to` as in CheckAnswered."""

    check: Check
    code: str
    refers_to: UUID | None
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class DutyFound:
    """The answer to the check of the duty holder: what the child's line of duty says of the day.

    `span`: None where no line was drawn yet. `rule`: the version of the rule.
    """

    span: Span | None
    rule: str


@dataclass(frozen=True, slots=True)
class AnswerChecks:
    """Answer any of the checks; before the decision they may be answered anew."""

    answers: tuple[Answer | DutyFound, ...]
    targets: Targets


@dataclass(frozen=True, slots=True)
class Recode:
    """Set a coded field right."""

    field: CodedField
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reword:
    """Set words right."""

    field: WordsField
    words: Personal[str]


@dataclass(frozen=True, slots=True)
class Amend:
    """Set a field of the referral right."""

    reason: AmendReason
    change: Recode | Reword
    targets: Targets


@dataclass(frozen=True, slots=True)
class Revise:
    """Set right what its sender says otherwise now. `said_at`: as of when."""

    revision: UUID
    said_at: datetime
    changes: tuple[Recode | Reword, ...]
    targets: Targets


@dataclass(frozen=True, slots=True)
class AddInformation:
    """Keep what somebody told unasked."""

    information: UUID
    source: Informant
    immediate_danger: bool
    words: Personal[str]
    targets: Targets


@dataclass(frozen=True, slots=True)
class AskAssessment:
    """Note that an assessment is asked for; the answer whether it must be made is derived."""

    asked_by: AskedBy
    asked_for: Capacity


@dataclass(frozen=True, slots=True)
class Need:
    """One need of a person."""

    kind: NeedKind
    code: str
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class RecordNeeds:
    """Keep what a person of the referral needs."""

    person: UUID
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class AskInformation:
    """Ask somebody for what is missing."""

    inquiry: UUID
    source: Informant
    words: Personal[str]
    answer_by: AnswerBy


@dataclass(frozen=True, slots=True)
class ReceiveInformation:
    """Keep what was asked for."""

    inquiry: UUID
    immediate_danger: bool
    words: Personal[str]
    targets: Targets


@dataclass(frozen=True, slots=True)
class NoteInformationDue:
    """The time for an answer is over."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class AcceptReferral:
    """Take the referral on."""

    referral: UUID


@dataclass(frozen=True, slots=True)
class DeclineReferral:
    """Do not take the referral on."""

    referral: UUID
    reason: DeclineReason
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class WithdrawReferral:
    """Take the referral back."""

    referral: UUID
    reason: WithdrawReason
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class NoteScreeningDue:
    """The time for the screening is over."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class NoteTakenUp:
    """Casework says that the case is open."""

    referral: UUID


@dataclass(frozen=True, slots=True)
class NoteRedirected:
    """The referral is offered to another authority."""

    redirect: UUID
    to: str
    ground: str


@dataclass(frozen=True, slots=True)
class NoteCameBack:
    """The redirect did not stand, for a coded reason."""

    redirect: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class NoteTakenBack:
    """The redirect that brought this copy did not stand."""

    redirect: UUID


ReferralCommand: TypeAlias = (
    ReceiveReferral
    | AnswerChecks
    | Amend
    | Revise
    | AddInformation
    | AskAssessment
    | RecordNeeds
    | AskInformation
    | ReceiveInformation
    | NoteInformationDue
    | AcceptReferral
    | DeclineReferral
    | WithdrawReferral
    | NoteScreeningDue
    | NoteTakenUp
    | NoteRedirected
    | NoteCameBack
    | NoteTakenBack
)
