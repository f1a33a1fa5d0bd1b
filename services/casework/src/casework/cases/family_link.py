"""That another case is of the same family: noted in the record of each, with nothing of the other.

Two records are one step apart; each shows only its own child, so a link names a case and no more.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.cases.case import Case, NoSuchCase, NotOpened, people_of
from ledger.decider import Decider, Refusal


class Relation(StrEnum):
    """How the other case's child stands to this one's."""

    SIBLING = "sibling"
    HALF_SIBLING = "half-sibling"
    SAME_HOME = "same-home"


@dataclass(frozen=True, slots=True)
class Link:
    """Note the other case, in the record of one; both were looked up."""

    case_id: UUID
    case: Case
    other_id: UUID
    other: Case
    relation: Relation


@dataclass(frozen=True, slots=True)
class Unlink:
    """They are not of one family, or no longer."""


@dataclass(frozen=True, slots=True)
class FamilyLinked:
    """Another case is of the same family."""

    case_id: UUID
    child: UUID
    other_case: UUID
    relation: Relation


@dataclass(frozen=True, slots=True)
class FamilyUnlinked:
    """The other case is not of the same family, or is so no longer."""

    case_id: UUID
    child: UUID
    other_case: UUID


@dataclass(frozen=True, slots=True)
class NotLinked:
    """Nothing is noted of the two."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The other case is of the same family."""

    said: FamilyLinked


class SameCase(Refusal):
    """A case is not linked with itself."""


FamilyLinkCommand: TypeAlias = Link | Unlink
FamilyLinkEvent: TypeAlias = FamilyLinked | FamilyUnlinked
FamilyLink: TypeAlias = NotLinked | Linked


def decide(command: FamilyLinkCommand, link: FamilyLink) -> list[FamilyLinkEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, link:
        case Link(), _:
            return _linked(command, link)
        case Unlink(), Linked(said):
            return [FamilyUnlinked(said.case_id, said.child, said.other_case)]
        case Unlink(), NotLinked():
            return []
        case _:
            raise Refusal(type(command), type(link))


def _linked(command: Link, link: FamilyLink) -> list[FamilyLinkEvent]:
    if command.case_id == command.other_id:
        raise SameCase
    if isinstance(command.case, NotOpened) or isinstance(command.other, NotOpened):
        raise NoSuchCase
    (child,) = people_of(command.case)
    linked = FamilyLinked(command.case_id, child, command.other_id, command.relation)
    return [] if link == Linked(linked) else [linked]


def evolve(_link: FamilyLink, event: FamilyLinkEvent) -> FamilyLink:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case FamilyLinked():
            return Linked(event)
        case FamilyUnlinked():
            return NotLinked()
        case _:
            assert_never(event)


DECIDER: Decider[FamilyLinkCommand, FamilyLink, FamilyLinkEvent] = Decider(
    "FamilyLink", NotLinked(), decide, evolve
)
