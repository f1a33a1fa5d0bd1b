"""That two threads of one authority are a child's identities before and after adoption.

Both are named inside the pre-adoption link alone, which no role opens without a break-glass; the
link is found again by blind indexes of the two, never by a person's id.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias
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
class LinkIdentities:
    """Link a child's two identities."""

    link: UUID
    before: Personal[str]
    after: Personal[str]


@dataclass(frozen=True, slots=True)
class NotLinked:
    """Nothing is linked."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Two identities are linked."""


LinkState: TypeAlias = NotLinked | Linked


def decide(command: LinkIdentities, state: LinkState) -> list[IdentitiesLinked]:
    """Link once; again is the same answer."""
    match state:
        case NotLinked():
            return [IdentitiesLinked(command.link, command.before, command.after)]
        case Linked():
            return []


def evolve(_state: LinkState, _event: IdentitiesLinked) -> LinkState:
    """Fold the one fact into the state."""
    return Linked()


LINK: Decider[LinkIdentities, LinkState, IdentitiesLinked] = Decider(
    CATEGORY, NotLinked(), decide, evolve
)
