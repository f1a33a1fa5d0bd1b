"""Where a case is to go, on the side that has it: offered, refused, taken back, or passed on.

One offer at a time. A team or an agency answers here; another authority answers in a stream of its
own (`incoming.py`), which decides between acceptance and recall, and custody passes by one event of
this stream once that one accepted. After it the stream says nothing more, unless the case returns.
"""

from typing import assert_never
from uuid import UUID

from casework.cases.case import CaseIsClosed, Closed, NoSuchCase, NotOpened, Open
from casework.transfers.codes import MINIMUM, Ground, Kind, in_order
from casework.transfers.events import (
    AgencyTookOver,
    CustodyCameBack,
    CustodyPassed,
    TeamTookOver,
    TransferAskedBack,
    TransferEvent,
    TransferOffered,
    TransferRefused,
    TransferRevoked,
)
from casework.transfers.transfer_commands import (
    NotAgreed,
    NoteBack,
    NoteGivenBack,
    NoteRefused,
    Offer,
    PassCustody,
    Revoke,
    TakeOver,
    TransferCommand,
)
from casework.transfers.transfer_states import AskedBack, Gone, Offered, Staying, Transfer
from ledger.decider import Decider, Refusal


class OfferedAlready(Refusal):
    """The case is offered to somebody already: that offer is answered or taken back first."""


class NotOffered(Refusal):
    """The case is offered to nobody."""


class NoConsentToShare(Refusal):
    """The family has not agreed that those are told, and the ground is its consent."""


class MoreThanTheMinimum(Refusal):
    """Without the family's consent nothing goes along beyond the minimum."""


class AnswerIsTheirs(Refusal):
    """Another authority answers the offer itself, in its own record."""


class LeadIsMissing(Refusal):
    """Whoever takes a case over in a team says who leads it."""


class CaseHasGone(Refusal):
    """Another authority holds the case."""


def decide(command: TransferCommand, transfer: Transfer) -> list[TransferEvent]:  # noqa: PLR0911 # a row a command
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case Offer():
            return _offer(command, transfer)
        case Revoke():
            return _revoke(command, transfer)
        case TakeOver():
            return _take_over(command, transfer)
        case PassCustody():
            return _pass(command, transfer)
        case NoteRefused():
            return _refused(command, transfer)
        case NoteGivenBack(asked):
            match transfer:
                case AskedBack(said, reason) if said.transfer == asked:
                    return [TransferRevoked(asked, said.case_id, reason)]
                case _:
                    return []
        case NoteBack(asked, by):
            match transfer:
                case Gone(passed):
                    return [CustodyCameBack(asked, passed.case_id, by)]
                case _:
                    return []
        case _:
            assert_never(command)


def _offer(command: Offer, transfer: Transfer) -> list[TransferEvent]:
    match transfer:
        # The same offer again is the same answer, so that callers may retry.
        case Offered(said) | AskedBack(said=said) if said.transfer == command.transfer:
            return []
        case Offered() | AskedBack():
            raise OfferedAlready
        case Gone():
            raise CaseHasGone
        case Staying():
            pass
    match command.case:
        case NotOpened():
            raise NoSuchCase
        case Closed():
            raise CaseIsClosed
        case Open(case_id=case_id, child=child):
            return [_offered(command, case_id, child)]


def _offered(command: Offer, case_id: UUID, child: UUID) -> TransferOffered:
    whither, parts = command.whither, command.parts | frozenset(MINIMUM)
    if whither.kind is not Kind.TEAM:
        if command.ground is Ground.CONSENT and isinstance(command.consent, NotAgreed):
            raise NoConsentToShare
        if command.ground is not Ground.CONSENT and parts > frozenset(MINIMUM):
            raise MoreThanTheMinimum
    return TransferOffered(
        command.transfer,
        case_id,
        child,
        whither.kind,
        whither.to,
        whither.authority,
        command.ground,
        command.reason,
        in_order(parts),
        command.words,
    )


def _revoke(command: Revoke, transfer: Transfer) -> list[TransferEvent]:
    match transfer:
        case Offered(TransferOffered(to_authority=UUID() as to) as said):
            return [TransferAskedBack(said.transfer, said.case_id, to, command.reason)]
        case Offered(said):
            return [TransferRevoked(said.transfer, said.case_id, command.reason)]
        case AskedBack() | Staying(last=TransferRevoked()):
            return []
        case Gone():
            raise CaseHasGone
        case Staying():
            raise NotOffered


def _take_over(command: TakeOver, transfer: Transfer) -> list[TransferEvent]:
    match transfer, command.lead:
        case Offered(said), None if said.kind is Kind.TEAM:
            raise LeadIsMissing
        case Offered(said), UUID() as lead if said.kind is Kind.TEAM:
            return [TeamTookOver(said.transfer, said.case_id, said.to, lead)]
        case Offered(said), _ if said.kind is Kind.AGENCY:
            return [AgencyTookOver(said.transfer, said.case_id, said.to)]
        case Offered() | AskedBack(), _:
            raise AnswerIsTheirs
        case Staying(last=TeamTookOver(lead=held)), asked if held == asked:
            return []
        case Staying(last=AgencyTookOver()), _:
            return []
        case Gone(), _:
            raise CaseHasGone
        case _:
            raise NotOffered


def _refused(command: NoteRefused, transfer: Transfer) -> list[TransferEvent]:
    match transfer:
        case Offered(said) | AskedBack(said=said) if said.transfer == command.transfer:
            return [TransferRefused(said.transfer, said.case_id, command.reason)]
        case _:
            return []


def _pass(command: PassCustody, transfer: Transfer) -> list[TransferEvent]:
    match transfer, command.case:
        case (
            Offered(said) | AskedBack(said=said),
            (Open() as last) | Closed(last=last),
        ) if said.transfer == command.transfer and said.to_authority is not None:
            return [
                CustodyPassed(
                    said.transfer,
                    said.case_id,
                    said.child,
                    last.family_id,
                    last.contact,
                    last.episode,
                    command.from_authority,
                    said.to_authority,
                    said.to,
                    command.lead,
                    command.accepted_by,
                    said.parts,
                )
            ]
        # Heard again; or of a transfer that is over.
        case _:
            return []


def evolve(transfer: Transfer, event: TransferEvent) -> Transfer:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, transfer:
        case TransferOffered(), _:
            return Offered(event)
        case TransferAskedBack(reason=reason), Offered(said):
            return AskedBack(said, reason)
        case CustodyPassed(), _:
            return Gone(event)
        case TransferAskedBack(), _:
            return transfer
        case _:
            return Staying(event)


DECIDER: Decider[TransferCommand, Transfer, TransferEvent] = Decider(
    "Transfer", Staying(), decide, evolve
)
