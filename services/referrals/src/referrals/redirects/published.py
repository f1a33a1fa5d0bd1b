"""What is told of redirects, to others and between the two sides: ids, codes, slugs, instants."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.life import events as happened
from referrals.redirects import events, incoming


@dataclass(frozen=True, slots=True)
class ReferralRedirected:
    """A referral was offered to the authority `to` (a slug); the redirect's events say the rest."""

    referral_id: UUID
    redirect_id: UUID
    to: str
    ground: str


@dataclass(frozen=True, slots=True)
class ReferralCameBack:
    """A redirect did not stand: the referral is again for its authority to decide."""

    referral_id: UUID
    redirect_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralTakenBack:
    """A copy that a redirect brought is no longer this authority's to decide."""

    referral_id: UUID
    redirect_id: UUID


@dataclass(frozen=True, slots=True)
class RedirectOffered:
    """A redirect began; `to_authority` is to acknowledge it by an instant."""

    redirect_id: UUID
    referral_id: UUID
    to_authority: UUID
    outside: bool
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class RedirectAskedBack:
    """A redirect is to end unless it was acknowledged meanwhile."""

    redirect_id: UUID
    to_authority: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RedirectTakenOver:
    """The authority that offered a referral knows that the other one has it."""

    redirect_id: UUID


@dataclass(frozen=True, slots=True)
class RedirectArrived:
    """A redirect of the authority `sent_by_authority` is here, with a referral of its own."""

    redirect_id: UUID
    referral_id: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class RedirectAcknowledged:
    """The receiving authority has the referral."""

    redirect_id: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class RedirectRefused:
    """The receiving authority does not take the referral over."""

    redirect_id: UUID
    sent_by_authority: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RedirectGivenBack:
    """The receiving authority let go of a redirect that was asked back."""

    redirect_id: UUID
    sent_by_authority: UUID


EVENTS = (
    ReferralRedirected,
    ReferralCameBack,
    ReferralTakenBack,
    RedirectOffered,
    RedirectAskedBack,
    RedirectTakenOver,
    RedirectArrived,
    RedirectAcknowledged,
    RedirectRefused,
    RedirectGivenBack,
)


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event of this room, None for any other."""
    match recorded.event:
        case happened.ReferralRedirected() as told:
            return ReferralRedirected(told.referral, told.redirect, told.to, told.ground)
        case happened.ReferralCameBack(referral=referral, redirect=redirect, reason=reason):
            return ReferralCameBack(referral, redirect, reason)
        case happened.ReferralTakenBack(referral=referral, redirect=redirect):
            return ReferralTakenBack(referral, redirect)
        case _:
            return _of_sender(recorded.event) or _of_receiver(recorded.event)


def _of_sender(event: object) -> object | None:
    match event:
        case events.RedirectOffered() as told:
            return RedirectOffered(
                told.redirect, told.referral, told.to_authority, told.outside, told.answer_by
            )
        case events.RedirectAskedBack(redirect=redirect, to_authority=to, reason=reason):
            return RedirectAskedBack(redirect, to, reason.value)
        case events.RedirectTakenOver(redirect=redirect):
            return RedirectTakenOver(redirect)
        case _:
            return None


def _of_receiver(event: object) -> object | None:
    match event:
        case incoming.RedirectArrived(redirect=redirect, referral=referral) as told:
            return RedirectArrived(redirect, referral, told.sent_by_authority)
        case incoming.RedirectAcknowledged(redirect=redirect, sent_by_authority=sender):
            return RedirectAcknowledged(redirect, sender)
        case incoming.RedirectRefused(redirect=redirect, sent_by_authority=sender) as told:
            return RedirectRefused(redirect, sender, told.reason.value)
        case incoming.RedirectGivenBack(redirect=redirect, sent_by_authority=sender):
            return RedirectGivenBack(redirect, sender)
        case _:
            return None
