"""What can be done about the end of an episode, before what it takes is looked up."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from casework.cases.case import CloseReason
from casework.closures.checklist import Item
from casework.closures.closure import Signer, Terms
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Ids:
    """What the read models show as open in a case; each concern is looked up again."""

    places: tuple[UUID, ...] = ()
    bookings: tuple[UUID, ...] = ()
    concerns: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposeClosure:
    """Propose to end the episode in hand."""

    case_id: UUID
    terms: Terms
    explained: tuple[Item, ...]
    words: Plain[dict[str, str]]


@dataclass(frozen=True, slots=True)
class ReturnClosure:
    """Send the proposal back."""

    case_id: UUID
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class NoteLeftOpen:
    """A case was closed, and these are open in it: nobody saw them when it was."""

    case_id: UUID
    bookings: tuple[UUID, ...]
    concerns: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CloseCase:
    """End the work of a case on that day in London; None: today, by the service's clock.

    `terms` None: those that were proposed, with the same reason.
    """

    case_id: UUID
    reason: CloseReason
    on: date | None
    summary: Plain[str]
    terms: Terms | None
    explained: tuple[Item, ...] = ()
    words: Plain[dict[str, str]] = field(default_factory=lambda: Plain({}))
    signer: Signer = Signer.MANAGER
    found: Ids = Ids()
