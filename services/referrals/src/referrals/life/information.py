"""What is told to a referral after it came: set right, added, needed, asked for with a clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn
from referrals.codes import AmendReason, AskedBy, Informant, NeedKind
from referrals.life.amendable import CodedField, WordsField
from referrals.life.entitlement import Capacity

Words: TypeAlias = Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]
MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]
OwnWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="person")]


@dataclass(frozen=True, slots=True)
class ReferralAmended:
    """A coded field of the referral was set right; yes-or-no fields hold `yes` or nothing."""

    referral: UUID
    child: UUID
    reason: AmendReason
    field: CodedField
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferralReworded:
    """Words of the referral were set right; the earlier wording stays in the record."""

    referral: UUID
    child: UUID
    reason: AmendReason
    field: WordsField
    words: Words


@dataclass(frozen=True, slots=True)
class ReferralRevised:
    """Whoever sent the referral sent it anew, as of an instant: it is set right by what follows.

    Nobody has looked at the new wording: whether the child is safe is open again.
    """

    referral: UUID
    child: UUID
    revision: UUID
    said_at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentAsked:
    """Somebody asks for an assessment; whether it must be made follows, with its ground."""

    referral: UUID
    child: UUID
    asked_by: AskedBy
    asked_for: Capacity
    entitled: bool
    ground: str


@dataclass(frozen=True, slots=True)
class NeedRecorded:
    """What a person of the referral needs so that the service can reach them, or who they are."""

    referral: UUID
    person: UUID
    kind: NeedKind
    code: str
    words: OwnWords


@dataclass(frozen=True, slots=True)
class InformationAdded:
    """Somebody told more, without being asked. On what it rests, the envelope says (basis)."""

    referral: UUID
    child: UUID
    information: UUID
    source: Informant
    immediate_danger: bool
    words: Words


@dataclass(frozen=True, slots=True)
class InformationAsked:
    """Somebody was asked for what is missing, and by when; the referral waits for it.

    `next_due_at`: when the first answer is due of all that are waited for.
    """

    referral: UUID
    child: UUID
    inquiry: UUID
    source: Informant
    words: Words
    due_at: datetime
    policy: str
    calendar: str
    next_due_at: datetime


@dataclass(frozen=True, slots=True)
class InformationReceived:
    """What was asked for came. `next_due_at` as in InformationAsked; None: nothing is waited for.

    On what it rests, the envelope says (basis).
    """

    referral: UUID
    child: UUID
    inquiry: UUID
    source: Informant
    immediate_danger: bool
    words: Words
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class InformationOverdue:
    """What was asked for did not come by the time it was due. `next_due_at`: of the others."""

    referral: UUID
    inquiry: UUID
    due_at: datetime
    next_due_at: datetime | None
