"""A redirect on the side that receives it: arrived, then acknowledged, refused or given back.

This stream decides what becomes of the redirect. The other side asks it back when nobody answered
in time, or when it recalls it: whichever comes first, the worker's answer or that, stands.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, SealedIn
from referrals.redirects.reasons import Ground, RefuseReason

CATEGORY = "IncomingRedirect"

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class RedirectArrived:
    """Another authority offers a referral, and a copy of it is here, in the same append.

    `referral` and `child` are those of this authority, `sent_referral` is the other's. `consent`
    says in what capacity consent was given there, None where the ground is another.
    """

    redirect: UUID
    sent_by: str
    sent_by_authority: UUID
    sent_referral: UUID
    referral: UUID
    child: UUID
    ground: Ground
    consent: str | None
    consent_from: date | None


@dataclass(frozen=True, slots=True)
class RedirectAcknowledged:
    """A worker of this authority said that it has the referral: it is this authority's from now."""

    redirect: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class RedirectRefused:
    """A worker of this authority does not take the referral over, for a coded reason."""

    redirect: UUID
    sent_by_authority: UUID
    child: UUID
    reason: RefuseReason
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class RedirectGivenBack:
    """Nobody here had acknowledged it when it was asked back: it is not this authority's."""

    redirect: UUID
    sent_by_authority: UUID


IncomingEvent: TypeAlias = (
    RedirectArrived | RedirectAcknowledged | RedirectRefused | RedirectGivenBack
)


@dataclass(frozen=True, slots=True)
class NoteArrived:
    """Keep what another authority offers."""

    said: RedirectArrived


@dataclass(frozen=True, slots=True)
class AcknowledgeRedirect:
    """Say that the referral is here and is this authority's."""

    redirect: UUID


@dataclass(frozen=True, slots=True)
class RefuseRedirect:
    """Do not take the referral over."""

    redirect: UUID
    reason: RefuseReason
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The authority that sent it asks it back."""

    redirect: UUID
    sent_by_authority: UUID


IncomingCommand: TypeAlias = NoteArrived | AcknowledgeRedirect | RefuseRedirect | GiveBack


@dataclass(frozen=True, slots=True)
class NotArrived:
    """Nothing is known of it here."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waits for a worker's answer."""

    said: RedirectArrived


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """This authority's."""

    said: RedirectArrived


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken over."""

    said: RedirectArrived
    reason: RefuseReason


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Asked back before anybody answered."""

    said: RedirectArrived


@dataclass(frozen=True, slots=True)
class NeverToArrive:
    """Asked back before it arrived: it no longer may."""


Incoming: TypeAlias = NotArrived | Waiting | Acknowledged | Refused | GivenBack | NeverToArrive


class AlreadyAnswered(Refusal):
    """A worker here acknowledged or refused the redirect."""


class AlreadyGivenBack(Refusal):
    """The authority that sent it asked it back before anybody answered."""


def decide(command: IncomingCommand, incoming: Incoming) -> list[IncomingEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case NoteArrived(said=said):
            return [said] if isinstance(incoming, NotArrived) else []
        case AcknowledgeRedirect():
            return _acknowledge(incoming)
        case RefuseRedirect():
            return _refuse(command, incoming)
        case GiveBack():
            return _give_back(command, incoming)
        case _:
            assert_never(command)


def evolve(incoming: Incoming, event: IncomingEvent) -> Incoming:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, incoming:
        case RedirectArrived(), NotArrived():
            folded: Incoming = Waiting(event)
        case RedirectAcknowledged(), Waiting(said=said):
            folded = Acknowledged(said)
        case RedirectRefused(reason=reason), Waiting(said=said):
            folded = Refused(said, reason)
        case RedirectGivenBack(), Waiting(said=said):
            folded = GivenBack(said)
        case RedirectGivenBack(), NotArrived():
            folded = NeverToArrive()
        case _:
            folded = incoming
    return folded


INCOMING: Decider[IncomingCommand, Incoming, IncomingEvent] = Decider(
    CATEGORY, NotArrived(), decide, evolve
)


def arrived(incoming: Incoming) -> RedirectArrived | None:
    """Return what arrived, if it did."""
    return None if isinstance(incoming, NotArrived | NeverToArrive) else incoming.said


def _acknowledge(incoming: Incoming) -> list[IncomingEvent]:
    match incoming:
        case Waiting(said=said):
            return [RedirectAcknowledged(said.redirect, said.sent_by_authority)]
        case Acknowledged():
            return []
        case Refused():
            raise AlreadyAnswered
        case GivenBack():
            raise AlreadyGivenBack
        case _:
            raise Refusal(AcknowledgeRedirect, type(incoming))


def _refuse(command: RefuseRedirect, incoming: Incoming) -> list[IncomingEvent]:
    match incoming:
        case Waiting(said=said):
            return [
                RedirectRefused(
                    said.redirect, said.sent_by_authority, said.child, command.reason, command.words
                )
            ]
        case Refused(reason=held) if held == command.reason:
            return []
        case Acknowledged() | Refused():
            raise AlreadyAnswered
        case GivenBack():
            raise AlreadyGivenBack
        case _:
            raise Refusal(RefuseRedirect, type(incoming))


def _give_back(command: GiveBack, incoming: Incoming) -> list[IncomingEvent]:
    match incoming:
        case NotArrived() | Waiting():
            return [RedirectGivenBack(command.redirect, command.sent_by_authority)]
        # Answered, which the other side is told; or given back before.
        case _:
            return []
