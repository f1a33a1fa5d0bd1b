"""What becomes of a referral beside screening and decision, as others are told it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.codes import Check
from referrals.life import events as happened
from referrals.life import information


@dataclass(frozen=True, slots=True)
class ReferralWithdrawn:
    """Those who made the referral took it back, for a coded reason."""

    referral_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class InformationAsked:
    """Somebody (a code: family, referrer, school …) is asked for what a referral waits for."""

    referral_id: UUID
    inquiry_id: UUID
    source: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class InformationReceived:
    """What was asked for came."""

    referral_id: UUID
    inquiry_id: UUID


@dataclass(frozen=True, slots=True)
class InformationOverdue:
    """What was asked for did not come by the time it was due."""

    referral_id: UUID
    inquiry_id: UUID


@dataclass(frozen=True, slots=True)
class ConflictAnswered:
    """Which worker knows the child's family, by this referral: nothing of theirs is there for him.

    None: nobody. The last answer stands.
    """

    referral_id: UUID
    child: UUID
    worker: UUID | None


EVENTS = (
    ReferralWithdrawn,
    InformationAsked,
    InformationReceived,
    InformationOverdue,
    ConflictAnswered,
)


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event, None where others are told nothing."""
    match recorded.event:
        case happened.ReferralWithdrawn(referral=referral, reason=why):
            return ReferralWithdrawn(referral, why.value)
        case happened.CheckAnswered(check=Check.CONFLICT) as answered:
            return ConflictAnswered(answered.referral, answered.child, answered.known_by)
        case information.InformationAsked() as asked:
            return InformationAsked(asked.referral, asked.inquiry, asked.source.value, asked.due_at)
        case information.InformationReceived(referral=referral, inquiry=inquiry):
            return InformationReceived(referral, inquiry)
        case information.InformationOverdue(referral=referral, inquiry=inquiry):
            return InformationOverdue(referral, inquiry)
        case _:
            return None
