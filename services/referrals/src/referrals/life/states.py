"""Where a referral can stand, and how its events lead there."""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never
from uuid import UUID

from referrals.codes import DeclineReason
from referrals.life.events import (
    DangerReported,
    ReferralAccepted,
    ReferralCameBack,
    ReferralDeclined,
    ReferralEvent,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenBack,
    ReferralTakenUp,
    ScreeningOverdue,
)


@dataclass(frozen=True, slots=True)
class NotReceived:
    """There is no such referral."""


@dataclass(frozen=True, slots=True)
class Received:
    """Waits for its screening. `danger`: whether danger was reported."""

    said: ReferralReceived
    danger: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Screened:
    """Waits for a decision."""

    said: ReferralReceived
    danger: bool
    overdue: bool
    screening: ReferralScreened


@dataclass(frozen=True, slots=True)
class Accepted:
    """Waits for casework."""

    before: Screened


@dataclass(frozen=True, slots=True)
class TakenUp:
    """In a case."""

    before: Screened


@dataclass(frozen=True, slots=True)
class Declined:
    """Not taken on."""

    before: Screened
    reason: DeclineReason


@dataclass(frozen=True, slots=True)
class Redirected:
    """Offered to another authority, or taken over by it. `to`: that authority's slug."""

    before: Screened
    redirect: UUID
    to: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A copy that a redirect brought, and that the authority which sent it decides again."""

    before: Received | Screened


Referral: TypeAlias = (
    NotReceived | Received | Screened | Accepted | TakenUp | Declined | Redirected | TakenBack
)


def evolve(  # noqa: C901 # a row of the table is a branch
    referral: Referral, event: ReferralEvent
) -> Referral:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, referral:
        case ReferralReceived(), _:
            folded: Referral = Received(event)
        case DangerReported(), Received() | Screened():
            folded = replace(referral, danger=True)
        case ScreeningOverdue(), Received() | Screened():
            folded = replace(referral, overdue=True)
        case ReferralScreened(), Received() | Screened():
            folded = Screened(referral.said, referral.danger, referral.overdue, event)
        case ReferralAccepted(), Screened():
            folded = Accepted(referral)
        case ReferralDeclined(reason=reason), Screened():
            folded = Declined(referral, reason)
        case ReferralTakenUp(), Accepted(before=before):
            folded = TakenUp(before)
        case ReferralRedirected(redirect=redirect, to=to), Screened():
            folded = Redirected(referral, redirect, to)
        case ReferralCameBack(), Redirected(before=before):
            folded = before
        case ReferralTakenBack(), Received() | Screened():
            folded = TakenBack(referral)
        case _:
            folded = referral
    return folded


def screened(referral: Referral) -> Screened | None:
    """Return the referral as it was screened, if it was."""
    match referral:
        case NotReceived() | Received():
            return None
        case Screened():
            return referral
        case (
            Accepted(before=before)
            | TakenUp(before=before)
            | Declined(before=before)
            | Redirected(before=before)
        ):
            return before
        case TakenBack(before=copy):
            return screened(copy)
        case _:
            assert_never(referral)


def said_of(referral: Referral) -> ReferralReceived | None:
    """Return what was said when the referral was received, if it was."""
    if isinstance(referral, TakenBack):
        return referral.before.said
    if isinstance(referral, Received):
        return referral.said
    known = screened(referral)
    return known.said if known else None


def was_late(referral: Referral) -> bool:
    """Whether the screening fell due before it was done."""
    if isinstance(referral, TakenBack):
        return referral.before.overdue
    if isinstance(referral, Received):
        return referral.overdue
    known = screened(referral)
    return known is not None and known.overdue
