"""Where a referral can stand, and how its events lead there."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from referrals.codes import DeclineReason, WithdrawReason
from referrals.life.desk import Desk, revised_at, worked_on
from referrals.life.events import (
    ReferralAccepted,
    ReferralCameBack,
    ReferralDeclined,
    ReferralEvent,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenBack,
    ReferralTakenUp,
    ReferralWithdrawn,
)
from referrals.life.information import (
    MaybeWords,
    ReferralRevised,
)


@dataclass(frozen=True, slots=True)
class NotReceived:
    """There is no such referral."""


@dataclass(frozen=True, slots=True)
class Received:
    """Waits for its screening, or for the rest of it."""

    desk: Desk


@dataclass(frozen=True, slots=True)
class Screened:
    """Waits for a decision: all checks are answered."""

    desk: Desk
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
    """Not taken on; `words` are for the family."""

    before: Received | Screened
    reason: DeclineReason
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Taken back by those who made it."""

    before: Received | Screened
    reason: WithdrawReason


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


Ended: TypeAlias = Accepted | TakenUp | Declined | Withdrawn | Redirected | TakenBack
Referral: TypeAlias = NotReceived | Received | Screened | Ended


def evolve(  # noqa: C901 # a row of the table is a branch
    referral: Referral, event: ReferralEvent
) -> Referral:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, referral:
        case ReferralReceived(), _:
            folded: Referral = Received(Desk(event, urgent=event.urgent))
        case ReferralScreened(), Received(desk=desk) | Screened(desk=desk):
            folded = Screened(replace(desk, urgent=event.urgent), event)
        case ReferralRevised(), Received(desk=desk) | Screened(desk=desk):
            folded = Received(revised_at(desk, event))
        case ReferralAccepted(), Screened():
            folded = Accepted(referral)
        case ReferralDeclined(reason=reason, words=words), Received() | Screened():
            folded = Declined(referral, reason, words)
        case ReferralWithdrawn(reason=why), Received() | Screened():
            folded = Withdrawn(referral, why)
        case ReferralTakenUp(), Accepted(before=before):
            folded = TakenUp(before)
        case ReferralRedirected(redirect=redirect, to=to), Screened():
            folded = Redirected(referral, redirect, to)
        case ReferralCameBack(), Redirected(before=back):
            folded = back
        case ReferralTakenBack(), Received() | Screened():
            folded = TakenBack(referral)
        case _, NotReceived():
            folded = referral
        case _:
            folded = _at_desk(referral, event)
    return folded


def screened(referral: Referral) -> Screened | None:
    """Return the referral as it was screened, if it was."""
    match referral:
        case Screened():
            return referral
        case Accepted(before=before) | TakenUp(before=before) | Redirected(before=before):
            return before
        case Declined(before=at) | Withdrawn(before=at) | TakenBack(before=at):
            return screened(at)
        case NotReceived() | Received():
            return None
        case _:
            assert_never(referral)


def desk_of(referral: Referral) -> Desk | None:
    """Return what is known of a referral, if it was received."""
    match referral:
        case NotReceived():
            return None
        case Received(desk=desk) | Screened(desk=desk):
            return desk
        case (
            Accepted(before=before)
            | TakenUp(before=before)
            | Declined(before=before)
            | Withdrawn(before=before)
            | Redirected(before=before)
            | TakenBack(before=before)
        ):
            return before.desk
        case _:
            assert_never(referral)


def said_of(referral: Referral) -> ReferralReceived | None:
    """Return what the referral says, as amended, if it was received."""
    desk = desk_of(referral)
    return desk.said if desk else None


def was_late(referral: Referral) -> bool:
    """Whether the screening fell due before it was done."""
    desk = desk_of(referral)
    return desk is not None and desk.overdue


def _at_desk(referral: Received | Screened | Ended, event: ReferralEvent) -> Referral:
    """Fold a fact that leaves the referral where it stands."""
    if isinstance(referral, Received | Screened):
        return replace(referral, desk=worked_on(referral.desk, event))
    before = replace(referral.before, desk=worked_on(referral.before.desk, event))
    # One of several kinds that have `before` in common: no type says so.
    at: Any = referral
    folded: Referral = replace(at, before=before)
    return folded
