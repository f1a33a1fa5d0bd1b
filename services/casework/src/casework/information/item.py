"""An item of information: what a source said on a day, on which basis, and how it was set right.

The envelope says when it was said, who wrote it down, and whether it is told as a fact, as an
opinion or at second hand.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from casework.assessments.heading import Heading
from ledger.decider import Decider, Refusal
from ledger.envelope import Basis
from ledger.personal import Block, Personal, Plain, SealedIn


class SourceKind(StrEnum):
    """From whom or what it is known."""

    CHILD = "child"
    PARENT = "parent"
    BIRTH_FAMILY = "birth-family"
    OTHER_FAMILY = "other-family"
    SCHOOL = "school"
    HEALTH = "health"
    SOCIAL_CARE = "social-care"
    POLICE = "police"
    COURT = "court"
    WORKER = "worker"
    RECORD = "earlier-record"


class ItemCorrection(StrEnum):
    """Why an item was set right."""

    WRONG_DATE = "wrong-date"
    WRONG_SOURCE = "wrong-source"
    WRONG_WORDING = "wrong-wording"
    FACTUAL_ERROR = "factual-error"
    NOT_ABOUT_CHILD = "not-about-this-child"


@dataclass(frozen=True, slots=True)
class Told:
    """The clear part of an item. `topic` is a code: what several sources speak of has one."""

    heading: Heading
    topic: str
    source: SourceKind
    on: date
    basis: Basis


@dataclass(frozen=True, slots=True)
class ReceiveInformation:
    """A source said something."""

    item_id: UUID
    case_id: UUID
    child: UUID
    told: Told
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class CorrectInformation:
    """Set right what was written down, at `version` of the item's stream."""

    version: int
    told: Told
    reason: ItemCorrection
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class InformationReceived:
    """A source said this of that topic, on that day, on that basis."""

    item_id: UUID
    case_id: UUID
    child: UUID
    told: Told
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class InformationCorrected:
    """The item was set right and is stated anew; the envelope names what it corrects."""

    item_id: UUID
    case_id: UUID
    child: UUID
    told: Told
    reason: ItemCorrection
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class NotReceived:
    """There is no such item."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is said of it now; `entries` counts what was received and its corrections."""

    item_id: UUID
    case_id: UUID
    child: UUID
    told: Told
    entries: int


class NoSuchItem(Refusal):
    """The case has no item of that id."""


class ItemKnownOtherwise(Refusal):
    """An item of that id is recorded already, with other particulars."""


class NotTheLatestEntry(Refusal):
    """The entry to be corrected has been corrected already: correct the correction."""


ItemCommand: TypeAlias = ReceiveInformation | CorrectInformation
ItemEvent: TypeAlias = InformationReceived | InformationCorrected
Information: TypeAlias = NotReceived | Item


def decide(command: ItemCommand, item: Information) -> list[ItemEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, item:
        case ReceiveInformation(item_id, case_id, child, told, words), NotReceived():
            return [InformationReceived(item_id, case_id, child, told, words)]
        # The same item again is the same answer, so that callers may retry.
        case ReceiveInformation(told=told), Item(told=held, entries=entries):
            if told == held or entries > 1:
                return []
            raise ItemKnownOtherwise
        case CorrectInformation(), NotReceived():
            raise NoSuchItem
        case CorrectInformation(version, told), Item(told=held, entries=entries) if (
            version == entries - 1 and told == held
        ):
            return []
        case CorrectInformation(version, told, reason, words), Item(item_id, case_id, child):
            if version != item.entries:
                raise NotTheLatestEntry
            return [InformationCorrected(item_id, case_id, child, told, reason, words)]
        case _:
            raise Refusal(type(command), type(item))


def evolve(item: Information, event: ItemEvent) -> Information:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case InformationReceived(item_id, case_id, child, told):
            return Item(item_id, case_id, child, told, 1)
        case InformationCorrected(item_id, case_id, child, told):
            entries = item.entries if isinstance(item, Item) else 0
            return Item(item_id, case_id, child, told, entries + 1)
        case _:
            assert_never(event)


DECIDER: Decider[ItemCommand, Information, ItemEvent] = Decider(
    "Information", NotReceived(), decide, evolve
)
