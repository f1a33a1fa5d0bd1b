"""What a redirect means for the referral: offered elsewhere, come back, or taken back."""

from ledger.decider import Refusal
from referrals.life.commands import NoteCameBack, NoteRedirected, NoteTakenBack
from referrals.life.events import (
    ReferralCameBack,
    ReferralEvent,
    ReferralRedirected,
    ReferralTakenBack,
)
from referrals.life.refusals import AlreadyDecided, NotScreened, RedirectUnderWay
from referrals.life.states import (
    Accepted,
    Declined,
    Received,
    Redirected,
    Referral,
    Screened,
    TakenUp,
    Withdrawn,
)


def note_redirected(command: NoteRedirected, referral: Referral) -> list[ReferralEvent]:
    """Offer the referral elsewhere, once it is screened."""
    match referral:
        case Received(desk=desk):
            raise NotScreened(desk.missing)
        case Screened(desk=desk):
            of = desk.said.referral
            return [ReferralRedirected(of, command.redirect, command.to, command.ground)]
        case Redirected(redirect=held) if held == command.redirect:
            return []
        case Redirected():
            raise RedirectUnderWay
        case Accepted() | TakenUp() | Declined() | Withdrawn():
            raise AlreadyDecided
        case _:
            raise Refusal(NoteRedirected, type(referral))


def note_came_back(command: NoteCameBack, referral: Referral) -> list[ReferralEvent]:
    """Take the referral up again where the redirect did not stand."""
    match referral:
        case Redirected(before=before, redirect=held) if held == command.redirect:
            return [ReferralCameBack(before.desk.said.referral, held, command.reason)]
        # Noted before.
        case _:
            return []


def note_taken_back(command: NoteTakenBack, referral: Referral) -> list[ReferralEvent]:
    """Leave a copy to the authority that sent it; what brought it is named by the submission."""
    match referral:
        case Received(desk=desk) | Screened(desk=desk):
            return [ReferralTakenBack(desk.said.referral, command.redirect)]
        # Noted before.
        case _:
            return []
