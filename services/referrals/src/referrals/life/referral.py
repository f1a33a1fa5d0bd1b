"""One child's referral: received with all that was said, screened for safety, taken on or declined.

The children of one submission have a referral each, tied by the family.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Personal
from referrals.codes import DeclineReason, Eligibility, Safeguarding, Urgency
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
from referrals.life.states import (
    Accepted,
    Declined,
    NotReceived,
    Received,
    Redirected,
    Referral,
    Screened,
    TakenUp,
    evolve,
    said_of,
    screened,
)

CATEGORY = "Referral"
REFERENCE_CLAIM = "reference"
"""The kind of claim by which a reference belongs to one referral of an authority."""


@dataclass(frozen=True, slots=True)
class ReceiveReferral:
    """Keep what a submission says of one child."""

    said: ReferralReceived


@dataclass(frozen=True, slots=True)
class ScreenReferral:
    """Answer the screening's questions; before the decision they may be answered anew."""

    referral: UUID
    safeguarding: Safeguarding
    urgency: Urgency
    eligibility: Eligibility
    words: Personal[str | None]


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
    | ScreenReferral
    | AcceptReferral
    | DeclineReferral
    | NoteScreeningDue
    | NoteTakenUp
    | NoteRedirected
    | NoteCameBack
    | NoteTakenBack
)


class NotScreened(Refusal):
    """A child's safety is looked at before anything is decided."""


class NotEligible(Refusal):
    """The screening found that the family may not have the service."""


class AlreadyDecided(Refusal):
    """The referral was taken on or declined."""


class RedirectUnderWay(Refusal):
    """The referral is offered to another authority, which has it or is still to answer."""


def decide(  # noqa: PLR0911 # a row of the table is a return
    command: ReferralCommand, referral: Referral
) -> list[ReferralEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case ReceiveReferral():
            return _receive(command, referral)
        case ScreenReferral():
            return _screen(command, referral)
        case AcceptReferral():
            return _accept(referral)
        case DeclineReferral():
            return _decline(command, referral)
        case NoteScreeningDue():
            return _note_due(command, referral)
        case NoteTakenUp():
            return _note_taken_up(referral)
        case NoteRedirected() | NoteCameBack() | NoteTakenBack():
            return _redirected(command, referral)
        case _:
            assert_never(command)


REFERRAL: Decider[ReferralCommand, Referral, ReferralEvent] = Decider(
    CATEGORY, NotReceived(), decide, evolve
)


def _receive(command: ReceiveReferral, referral: Referral) -> list[ReferralEvent]:
    said = command.said
    match said_of(referral):
        case None:
            danger = DangerReported(said.referral, said.family, said.child)
            return [said, danger] if said.immediate_danger else [said]
        # The same again is the same answer, here and below, so that callers may retry.
        case held if held.referral == said.referral:
            return []
        case _:
            raise Refusal(ReceiveReferral, type(referral))


def _screen(command: ScreenReferral, referral: Referral) -> list[ReferralEvent]:
    match referral:
        case _ if _answered(command, referral):
            return []
        case Received() | Screened():
            found = _screening(command, referral.said)
            if referral.danger or command.safeguarding != Safeguarding.IMMEDIATE_DANGER:
                return [found]
            said = referral.said
            return [found, DangerReported(said.referral, said.family, said.child)]
        case Accepted() | TakenUp() | Declined():
            raise AlreadyDecided
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise Refusal(ScreenReferral, type(referral))


def _accept(referral: Referral) -> list[ReferralEvent]:
    match referral:
        case Screened(screening=done) if done.eligibility == Eligibility.NOT_ELIGIBLE:
            raise NotEligible
        case Screened(said=said):
            return [_accepted(said)]
        case Received():
            raise NotScreened
        case Accepted() | TakenUp():
            return []
        case Declined():
            raise AlreadyDecided
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise Refusal(AcceptReferral, type(referral))


def _decline(command: DeclineReferral, referral: Referral) -> list[ReferralEvent]:
    match referral:
        case Screened(said=said):
            return [ReferralDeclined(said.referral, said.child, command.reason, command.words)]
        case Received():
            raise NotScreened
        case Declined(reason=held) if held == command.reason:
            return []
        case Accepted() | TakenUp() | Declined():
            raise AlreadyDecided
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise Refusal(DeclineReferral, type(referral))


def _note_due(command: NoteScreeningDue, referral: Referral) -> list[ReferralEvent]:
    match referral:
        case Received(said=said, overdue=False):
            return [ScreeningOverdue(said.referral, command.due_at)]
        case NotReceived():
            raise Refusal(NoteScreeningDue, NotReceived)
        # Noted before, or screened meanwhile.
        case _:
            return []


def _note_taken_up(referral: Referral) -> list[ReferralEvent]:
    match referral:
        case Accepted(before=before):
            return [ReferralTakenUp(before.said.referral)]
        case TakenUp():
            return []
        case _:
            raise Refusal(NoteTakenUp, type(referral))


def _redirected(
    command: NoteRedirected | NoteCameBack | NoteTakenBack, referral: Referral
) -> list[ReferralEvent]:
    match command, referral:
        case NoteRedirected(redirect=redirect, to=to, ground=ground), Screened(said=said):
            return [ReferralRedirected(said.referral, redirect, to, ground)]
        case NoteRedirected(redirect=asked), Redirected(redirect=held):
            if asked != held:
                raise RedirectUnderWay
            return []
        case NoteRedirected(), Received():
            raise NotScreened
        case NoteRedirected(), Accepted() | TakenUp() | Declined():
            raise AlreadyDecided
        case NoteCameBack(redirect=asked, reason=reason), Redirected() if (
            asked == referral.redirect
        ):
            return [ReferralCameBack(referral.before.said.referral, asked, reason)]
        # What brought it is named by the submission.
        case NoteTakenBack(redirect=redirect), Received(said=said) | Screened(said=said):
            return [ReferralTakenBack(said.referral, redirect)]
        case NoteRedirected(), _:
            raise Refusal(NoteRedirected, type(referral))
        # Noted before.
        case _:
            return []


def _screening(command: ScreenReferral, said: ReferralReceived) -> ReferralScreened:
    return ReferralScreened(
        referral=said.referral,
        child=said.child,
        safeguarding=command.safeguarding,
        urgency=command.urgency,
        eligibility=command.eligibility,
        words=command.words,
    )


def _answered(command: ScreenReferral, referral: Referral) -> bool:
    """Whether the screening has just these answers."""
    held = screened(referral)
    return held is not None and (
        command.safeguarding,
        command.urgency,
        command.eligibility,
        command.words,
    ) == (
        held.screening.safeguarding,
        held.screening.urgency,
        held.screening.eligibility,
        held.screening.words,
    )


def _accepted(said: ReferralReceived) -> ReferralAccepted:
    return ReferralAccepted(
        referral=said.referral,
        reference=said.reference,
        family=said.family,
        child=said.child,
        referrer=said.referrer,
        contact=said.contact,
        needs=said.needs,
        duty_holder=said.duty_holder,
    )
