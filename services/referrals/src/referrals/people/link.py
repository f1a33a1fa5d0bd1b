"""That two threads of one authority are a child's identities before and after adoption.

Both are named inside the pre-adoption link alone, which no role opens without a break-glass; the
link is found again by blind indexes of the two, never by a person's id.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider
from ledger.personal import Block, Personal, SealedIn

CATEGORY = "IdentityLink"
LINK_CLAIM = "identity-link"
"""The kind of claim, and of blind index, by which a person belongs to a link."""

Link: TypeAlias = Annotated[Personal[str], SealedIn(Block.PRE_ADOPTION_LINK, of="link")]


@dataclass(frozen=True, slots=True)
class IdentitiesLinked:
    """A child's identity before adoption and the one after it are two threads here."""

    link: UUID
    before: Link
    after: Link


@dataclass(frozen=True, slots=True)
class IdentitiesUnlinked:
    """The two threads were no identities of one child: the link was a mistake."""

    link: UUID


LinkEvent: TypeAlias = IdentitiesLinked | IdentitiesUnlinked


@dataclass(frozen=True, slots=True)
class LinkIdentities:
    """Link a child's two identities."""

    link: UUID
    before: Personal[str]
    after: Personal[str]


@dataclass(frozen=True, slots=True)
class UnlinkIdentities:
    """End the link."""


LinkCommand: TypeAlias = LinkIdentities | UnlinkIdentities


@dataclass(frozen=True, slots=True)
class NotLinked:
    """Nothing is linked."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Two identities are linked."""

    link: UUID


LinkState: TypeAlias = NotLinked | Linked


def decide(command: LinkCommand, state: LinkState) -> list[LinkEvent]:
    """Link once, and end it once; again is the same answer."""
    match command, state:
        case LinkIdentities(link=link, before=before, after=after), NotLinked():
            return [IdentitiesLinked(link, before, after)]
        case UnlinkIdentities(), Linked(link=link):
            return [IdentitiesUnlinked(link)]
        case _:
            return []


def evolve(_state: LinkState, event: LinkEvent) -> LinkState:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case IdentitiesLinked(link=link):
            return Linked(link)
        case IdentitiesUnlinked():
            return NotLinked()
        case _:
            assert_never(event)


LINK: Decider[LinkCommand, LinkState, LinkEvent] = Decider(CATEGORY, NotLinked(), decide, evolve)
