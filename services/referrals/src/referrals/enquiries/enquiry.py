"""An enquiry: made, asked about safety, advised on, turned into drafts of referrals, closed.

It is no child's record: whoever asks may stay anonymous.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from referrals.codes import Safeguarding
from referrals.enquiries.codes import CloseReason
from referrals.enquiries.events import (
    AdviceGiven,
    DangerSaid,
    EnquirerNamed,
    EnquiryClosed,
    EnquiryEvent,
    EnquiryMade,
    InformationSent,
    LedToReferral,
    SafetyAsked,
    Signposted,
    TurnedIntoDraft,
)

CATEGORY = "Enquiry"

Note: TypeAlias = AdviceGiven | InformationSent | Signposted


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Whoever asks did not say who they are."""


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody asked yet whether anybody is unsafe."""


@dataclass(frozen=True, slots=True)
class MakeEnquiry:
    """Keep what somebody asks."""

    said: EnquiryMade
    who: EnquirerNamed | Anonymous
    safety: SafetyAsked | NotAsked


@dataclass(frozen=True, slots=True)
class AskSafety:
    """Keep the answer whether somebody is unsafe; asked anew, the latest answer counts."""

    said: SafetyAsked


@dataclass(frozen=True, slots=True)
class AddNote:
    """Keep advice, information or a signpost."""

    said: Note


@dataclass(frozen=True, slots=True)
class TurnIntoDraft:
    """Note the draft that is started from the enquiry."""

    enquiry: UUID
    draft: UUID


@dataclass(frozen=True, slots=True)
class NoteReferrals:
    """Note what came of a draft."""

    enquiry: UUID
    draft: UUID
    referrals: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CloseEnquiry:
    """Close the enquiry."""

    enquiry: UUID
    reason: CloseReason


EnquiryCommand: TypeAlias = (
    MakeEnquiry | AskSafety | AddNote | TurnIntoDraft | NoteReferrals | CloseEnquiry
)


@dataclass(frozen=True, slots=True)
class NotMade:
    """There is no such enquiry."""


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody may still act on it. `danger`: whether danger was said."""

    said: EnquiryMade
    who: EnquirerNamed | Anonymous = Anonymous()
    safety: SafetyAsked | NotAsked = NotAsked()
    danger: bool = False
    notes: tuple[Note, ...] = ()
    drafts: tuple[UUID, ...] = ()
    led_to: tuple[LedToReferral, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """Done with, unless it is turned into a referral after all."""

    before: Open
    reason: CloseReason


Enquiry: TypeAlias = NotMade | Open | Closed


class SafetyNotAsked(Refusal):
    """No enquiry is closed before somebody asked whether anybody is unsafe."""


class AlreadyClosed(Refusal):
    """The enquiry is closed; it may only be turned into a referral."""


def decide(command: EnquiryCommand, enquiry: Enquiry) -> list[EnquiryEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case MakeEnquiry():
            return _make(command, enquiry)
        case AskSafety(said=said):
            return _ask_safety(said, enquiry)
        case AddNote(said=said):
            return _add(said, enquiry)
        case TurnIntoDraft(enquiry=asked, draft=draft):
            before = _made(command, enquiry)
            return [] if draft in before.drafts else [TurnedIntoDraft(asked, draft)]
        case NoteReferrals(enquiry=asked, draft=draft, referrals=referrals):
            before = _made(command, enquiry)
            noted = any(each.draft == draft for each in before.led_to)
            return [] if noted else [LedToReferral(asked, draft, referrals)]
        case CloseEnquiry():
            return _close(command, enquiry)
        case _:
            assert_never(command)


def evolve(enquiry: Enquiry, event: EnquiryEvent) -> Enquiry:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, enquiry:
        case EnquiryMade(), _:
            return Open(event)
        case EnquiryClosed(reason=reason), Open():
            return Closed(enquiry, reason)
        case _, Open():
            return _further(enquiry, event)
        case _, Closed(before=before):
            return replace(enquiry, before=_further(before, event))
        case _:
            return enquiry


def made(enquiry: Enquiry) -> Open | None:
    """Return the enquiry as it stands or stood when it was closed, if there is one."""
    match enquiry:
        case NotMade():
            return None
        case Open():
            return enquiry
        case Closed(before=before):
            return before
        case _:
            assert_never(enquiry)


ENQUIRY: Decider[EnquiryCommand, Enquiry, EnquiryEvent] = Decider(
    CATEGORY, NotMade(), decide, evolve
)


def _make(command: MakeEnquiry, enquiry: Enquiry) -> list[EnquiryEvent]:
    match enquiry:
        case NotMade():
            made: list[EnquiryEvent] = [command.said]
            if isinstance(command.who, EnquirerNamed):
                made.append(command.who)
            if isinstance(command.safety, SafetyAsked):
                made += _answered(command.safety, Open(command.said))
            return made
        # The same again is the same answer, here and below, so that callers may retry.
        case Open(said=said) | Closed(before=Open(said=said)) if (
            said.enquiry == command.said.enquiry
        ):
            return []
        case _:
            raise Refusal(MakeEnquiry, type(enquiry))


def _ask_safety(said: SafetyAsked, enquiry: Enquiry) -> list[EnquiryEvent]:
    match enquiry:
        case Open(safety=SafetyAsked(asked=asked)) if asked == said.asked:
            return []
        # Danger is heard whenever it is said.
        case Closed(before=Open(safety=SafetyAsked(asked=asked))) if asked == said.asked:
            return []
        case Open() | Closed(before=Open()):
            return _answered(said, _made(AskSafety(said), enquiry))
        case _:
            raise Refusal(AskSafety, type(enquiry))


def _add(said: Note, enquiry: Enquiry) -> list[EnquiryEvent]:
    if _note_id(said) in {_note_id(each) for each in _made(AddNote(said), enquiry).notes}:
        return []
    if isinstance(enquiry, Closed):
        raise AlreadyClosed
    return [said]


def _close(command: CloseEnquiry, enquiry: Enquiry) -> list[EnquiryEvent]:
    match enquiry:
        case Open(safety=NotAsked()):
            raise SafetyNotAsked
        case Open():
            return [EnquiryClosed(command.enquiry, command.reason)]
        case Closed(reason=reason) if reason == command.reason:
            return []
        case Closed():
            raise AlreadyClosed
        case _:
            raise Refusal(CloseEnquiry, type(enquiry))


def _made(command: EnquiryCommand, enquiry: Enquiry) -> Open:
    before = made(enquiry)
    if before is None:
        raise Refusal(type(command), type(enquiry))
    return before


def _answered(said: SafetyAsked, before: Open) -> list[EnquiryEvent]:
    """Return the answer, and danger where it is said for the first time."""
    if said.safeguarding != Safeguarding.IMMEDIATE_DANGER or before.danger:
        return [said]
    return [said, DangerSaid(said.enquiry, said.enquirer)]


def _further(  # noqa: PLR0911 # a row of the table is a return
    before: Open, event: EnquiryEvent
) -> Open:
    """Fold a fact that leaves an enquiry as open or closed as it was."""
    match event:
        case EnquirerNamed():
            return replace(before, who=event)
        case SafetyAsked():
            return replace(before, safety=event)
        case DangerSaid():
            return replace(before, danger=True)
        case AdviceGiven() | InformationSent() | Signposted():
            return replace(before, notes=(*before.notes, event))
        case TurnedIntoDraft(draft=draft):
            return replace(before, drafts=(*before.drafts, draft))
        case LedToReferral():
            return replace(before, led_to=(*before.led_to, event))
        case EnquiryMade() | EnquiryClosed():
            return before
        case _:
            assert_never(event)


def _note_id(note: Note) -> UUID:
    match note:
        case AdviceGiven(advice=known_as):
            return known_as
        case InformationSent(sending=known_as):
            return known_as
        case Signposted(signpost=known_as):
            return known_as
        case _:
            assert_never(note)
