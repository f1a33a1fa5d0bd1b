"""A transfer on the side to which a case is offered: arrived, then accepted, refused or given back.

This stream decides between a worker's acceptance and the sender's recall: whichever comes first
stands, and whoever was told "accepted" gets the case. It is no stream of the case, which is not
this authority's until custody has passed; the case's own streams begin then.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.allocations.allocation_commands import Candidate
from casework.allocations.allocation_events import Part
from casework.allocations.naming import taking
from casework.transfers.codes import RefuseReason
from casework.transfers.incoming_events import (
    CaseReceived,
    CopyComplete,
    IncomingEvent,
    TransferAccepted,
    TransferArrived,
    TransferGivenBack,
    TransferTurnedDown,
)
from ledger.decider import Decider, Refusal
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class NoteArrived:
    """Keep what another authority offers."""

    said: TransferArrived


@dataclass(frozen=True, slots=True)
class Accept:
    """Take the case; who is to lead it was looked up."""

    lead: Candidate


@dataclass(frozen=True, slots=True)
class TurnDown:
    """Do not take the case."""

    reason: RefuseReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The authority that offered it takes the offer back."""

    transfer: UUID
    case_id: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class NoteReceived:
    """Custody has passed, by that event."""

    by: UUID


@dataclass(frozen=True, slots=True)
class NoteCopied:
    """The copy is complete."""

    by: UUID
    custody_leaf: str
    streams: int
    entries: int


IncomingCommand: TypeAlias = NoteArrived | Accept | TurnDown | GiveBack | NoteReceived | NoteCopied


@dataclass(frozen=True, slots=True)
class NotArrived:
    """Nothing is known of it here."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waits for a worker's answer."""

    said: TransferArrived


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken; custody is about to pass."""

    said: TransferArrived
    lead: UUID


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """Not taken."""

    said: TransferArrived
    reason: RefuseReason


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Taken back before anybody answered; it may not even have arrived."""


@dataclass(frozen=True, slots=True)
class Received:
    """The case is here; of its record, the copy is on its way."""

    said: TransferArrived
    lead: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class Whole:
    """The case is here, and all that was to come along."""

    said: TransferArrived
    lead: UUID
    by: UUID


Incoming: TypeAlias = NotArrived | Waiting | Accepted | TurnedDown | GivenBack | Received | Whole


class NoSuchTransfer(Refusal):
    """Nobody offered this authority a case by that transfer."""


class AnsweredAlready(Refusal):
    """A worker here accepted or refused it, in another way."""


class TakenBack(Refusal):
    """The authority that offered it took it back before anybody answered."""


def decide(command: IncomingCommand, incoming: Incoming) -> list[IncomingEvent]:  # noqa: PLR0911 # a row a command
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case NoteArrived(said):
            return [said] if isinstance(incoming, NotArrived) else []
        case Accept():
            return _accept(command, incoming)
        case TurnDown():
            return _turn_down(command, incoming)
        case GiveBack(transfer, case_id, sender):
            # Answered: the other side is told of that instead.
            unanswered = isinstance(incoming, NotArrived | Waiting)
            return [TransferGivenBack(transfer, case_id, sender)] if unanswered else []
        case NoteReceived(by):
            match incoming:
                case Accepted(said):
                    return [CaseReceived(said.transfer, said.case_id, by)]
                case _:
                    return []
        case NoteCopied(by, leaf, streams, entries):
            match incoming:
                case Received(said):
                    return [CopyComplete(said.transfer, said.case_id, by, leaf, streams, entries)]
                case _:
                    return []
        case _:
            assert_never(command)


def _accept(command: Accept, incoming: Incoming) -> list[IncomingEvent]:
    if isinstance(incoming, NotArrived):
        raise NoSuchTransfer
    worker = taking(command.lead, Part.LEAD)
    match incoming:
        case Waiting(said):
            sender = said.sent_by_authority
            return [TransferAccepted(said.transfer, said.case_id, sender, worker)]
        # The same answer again, so that callers may retry.
        case Accepted(lead=lead) | Received(lead=lead) | Whole(lead=lead) if lead == worker:
            return []
        case GivenBack():
            raise TakenBack
        case _:
            raise AnsweredAlready


def _turn_down(command: TurnDown, incoming: Incoming) -> list[IncomingEvent]:
    match incoming:
        case NotArrived():
            raise NoSuchTransfer
        case Waiting(said):
            return [
                TransferTurnedDown(
                    said.transfer,
                    said.case_id,
                    said.child,
                    said.sent_by_authority,
                    command.reason,
                    command.words,
                )
            ]
        case TurnedDown(reason=held) if held is command.reason:
            return []
        case GivenBack():
            raise TakenBack
        case _:
            raise AnsweredAlready


def evolve(  # noqa: PLR0911 # a row an event
    incoming: Incoming, event: IncomingEvent
) -> Incoming:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, incoming:
        case TransferArrived(), NotArrived():
            return Waiting(event)
        case TransferAccepted(lead=lead), Waiting(said):
            return Accepted(said, lead)
        case TransferTurnedDown(reason=reason), Waiting(said):
            return TurnedDown(said, reason)
        case TransferGivenBack(), Waiting() | NotArrived():
            return GivenBack()
        case CaseReceived(by=by), Accepted(said, lead):
            return Received(said, lead, by)
        case CopyComplete(), Received(said, lead, by):
            return Whole(said, lead, by)
        case _:
            return incoming


DECIDER: Decider[IncomingCommand, Incoming, IncomingEvent] = Decider(
    "IncomingTransfer", NotArrived(), decide, evolve
)
