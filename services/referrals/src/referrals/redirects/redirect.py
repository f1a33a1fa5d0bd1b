"""A redirect on the side that began it: offered, delivered, then acknowledged there or back here.

The other authority's stream (`incoming.py`) decides which of the two it is, since the worker's act
and the end of the time meet there. Here an answer that is due is only asked for, and whatever was
decided there is noted. Of an authority outside the installation this stream decides itself.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Personal, Plain
from referrals.redirects.events import (
    RedirectAskedBack,
    RedirectCameBack,
    RedirectDelivered,
    RedirectEvent,
    RedirectOffered,
    RedirectTakenOver,
)
from referrals.redirects.reasons import RecallReason, RefuseReason, ReturnReason
from referrals.redirects.reasons import recalled as reason_of_recall
from referrals.redirects.reasons import refused as reason_of_refusal

CATEGORY = "Redirect"


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer a referral; what it needs was looked up."""

    said: RedirectOffered


@dataclass(frozen=True, slots=True)
class NoteDelivered:
    """The copy is on the other side."""

    redirect: UUID


@dataclass(frozen=True, slots=True)
class RecallRedirect:
    """Take a redirect back that nobody has acknowledged."""

    redirect: UUID
    reason: RecallReason


@dataclass(frozen=True, slots=True)
class EndForConsent:
    """The consent that the redirect rests on was taken back."""

    redirect: UUID


@dataclass(frozen=True, slots=True)
class EndUnsent:
    """The copy cannot be made: something is not there, or may not go."""

    redirect: UUID


@dataclass(frozen=True, slots=True)
class EndUnanswered:
    """The time to acknowledge is over."""


@dataclass(frozen=True, slots=True)
class NoteAcknowledged:
    """The other side acknowledged."""

    redirect: UUID


@dataclass(frozen=True, slots=True)
class NoteRefused:
    """The other side refused."""

    redirect: UUID
    reason: RefuseReason


@dataclass(frozen=True, slots=True)
class NoteGivenBack:
    """The other side let go of what was asked back."""

    redirect: UUID


@dataclass(frozen=True, slots=True)
class RecordOutsideAcknowledgement:
    """An authority outside the installation said that it has the referral."""

    redirect: UUID
    how: Personal[str | None]


Ending: TypeAlias = RecallRedirect | EndForConsent | EndUnsent | EndUnanswered
RedirectCommand: TypeAlias = (
    Offer
    | NoteDelivered
    | RecallRedirect
    | EndForConsent
    | EndUnsent
    | EndUnanswered
    | NoteAcknowledged
    | NoteRefused
    | NoteGivenBack
    | RecordOutsideAcknowledgement
)


@dataclass(frozen=True, slots=True)
class NotOffered:
    """There is no such redirect."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Waits for the other authority. `delivered`: its copy is there."""

    said: RedirectOffered
    delivered: bool


@dataclass(frozen=True, slots=True)
class AskedBack:
    """Waits to hear whether it was acknowledged in time."""

    said: RedirectOffered
    reason: ReturnReason


@dataclass(frozen=True, slots=True)
class TakenOver:
    """With the other authority, which acknowledged it."""

    said: RedirectOffered


@dataclass(frozen=True, slots=True)
class CameBack:
    """Again with the authority that offered it."""

    said: RedirectOffered
    reason: ReturnReason


Redirect: TypeAlias = NotOffered | Offered | AskedBack | TakenOver | CameBack


class AlreadyAcknowledged(Refusal):
    """The other authority has the referral: it can only be redirected anew, by that one."""


class AlreadyBack(Refusal):
    """The redirect did not stand, and the referral is here: it is offered anew."""


class NotOutside(Refusal):
    """An authority of this installation acknowledges by an act of its own."""


def decide(command: RedirectCommand, redirect: Redirect) -> list[RedirectEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case Offer(said=said):
            return _offer(said, redirect)
        case NoteDelivered():
            return _deliver(redirect)
        case RecallRedirect() | EndForConsent() | EndUnsent() | EndUnanswered():
            return _end(command, redirect)
        case NoteAcknowledged() | NoteRefused() | NoteGivenBack():
            return _note_answer(command, redirect)
        case RecordOutsideAcknowledgement():
            return _acknowledged_outside(command, redirect)
        case _:
            assert_never(command)


def evolve(redirect: Redirect, event: RedirectEvent) -> Redirect:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, redirect:
        case RedirectOffered(), _:
            folded: Redirect = Offered(event, delivered=False)
        case RedirectDelivered(), Offered():
            folded = replace(redirect, delivered=True)
        case RedirectAskedBack(reason=reason), Offered(said=said):
            folded = AskedBack(said, reason)
        case RedirectTakenOver(), Offered(said=said) | AskedBack(said=said):
            folded = TakenOver(said)
        case RedirectCameBack(reason=reason), Offered(said=said) | AskedBack(said=said):
            folded = CameBack(said, reason)
        case _:
            folded = redirect
    return folded


REDIRECT: Decider[RedirectCommand, Redirect, RedirectEvent] = Decider(
    CATEGORY, NotOffered(), decide, evolve
)


def _offer(said: RedirectOffered, redirect: Redirect) -> list[RedirectEvent]:
    match redirect:
        case NotOffered():
            return [said]
        # The same again is the same answer, here and below, so that callers may retry.
        case _ if redirect.said.redirect == said.redirect:
            return []
        case _:
            raise Refusal(Offer, type(redirect))


def _deliver(redirect: Redirect) -> list[RedirectEvent]:
    match redirect:
        case Offered(said=said, delivered=False):
            return [RedirectDelivered(said.redirect)]
        case NotOffered():
            raise Refusal(NoteDelivered, NotOffered)
        case _:
            return []


def _end(command: Ending, redirect: Redirect) -> list[RedirectEvent]:
    match redirect:
        case Offered(said=said) if said.outside:
            return [RedirectCameBack(said.redirect, said.referral, _why(command))]
        case Offered(said=said):
            return [RedirectAskedBack(said.redirect, said.to_authority, _why(command))]
        case TakenOver() if isinstance(command, RecallRedirect):
            raise AlreadyAcknowledged
        case NotOffered():
            raise Refusal(type(command), NotOffered)
        case _:
            return []


def _note_answer(
    command: NoteAcknowledged | NoteRefused | NoteGivenBack, redirect: Redirect
) -> list[RedirectEvent]:
    match command, redirect:
        case NoteAcknowledged(), Offered(said=said) | AskedBack(said=said):
            return [RedirectTakenOver(said.redirect, said.child, Plain(None))]
        case NoteRefused(reason=reason), Offered(said=said) | AskedBack(said=said):
            return [RedirectCameBack(said.redirect, said.referral, reason_of_refusal(reason))]
        case NoteGivenBack(), AskedBack(said=said, reason=why):
            return [RedirectCameBack(said.redirect, said.referral, why)]
        case NoteAcknowledged(), TakenOver():
            return []
        case NoteRefused() | NoteGivenBack(), CameBack():
            return []
        case _:
            raise Refusal(type(command), type(redirect))


def _acknowledged_outside(
    command: RecordOutsideAcknowledgement, redirect: Redirect
) -> list[RedirectEvent]:
    match redirect:
        case Offered(said=said) if said.outside:
            return [RedirectTakenOver(said.redirect, said.child, command.how)]
        case TakenOver(said=said) if said.outside:
            return []
        case CameBack(said=said) if said.outside:
            raise AlreadyBack
        case NotOffered():
            raise Refusal(RecordOutsideAcknowledgement, NotOffered)
        case _:
            raise NotOutside


def _why(command: Ending) -> ReturnReason:
    match command:
        case RecallRedirect(reason=reason):
            return reason_of_recall(reason)
        case EndForConsent():
            return ReturnReason.CONSENT_WITHDRAWN
        case EndUnsent():
            return ReturnReason.COULD_NOT_BE_SENT
        case EndUnanswered():
            return ReturnReason.NOT_ACKNOWLEDGED
        case _:
            assert_never(command)
