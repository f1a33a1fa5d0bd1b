"""What is recorded of a transfer on the side that began it."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.transfers.codes import Ground, Kind, Part, Reason, RefuseReason, RevokeReason
from ledger.personal import Block, Personal, SealedIn

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class TransferOffered:
    """The case is offered to others, with the parts of its record that would go along.

    `to`: a team, the code of an authority, or an agency's; `to_authority` is set where that is an
    authority of this installation, whose worker answers there.
    """

    transfer: UUID
    case_id: UUID
    child: UUID
    kind: Kind
    to: str
    to_authority: UUID | None
    ground: Ground
    reason: Reason
    parts: tuple[Part, ...]
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class TransferAskedBack:
    """The offer is to end unless the other authority accepted it first."""

    transfer: UUID
    case_id: UUID
    to_authority: UUID
    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class TransferRevoked:
    """The offer was taken back before anybody accepted it: the case stays where it is."""

    transfer: UUID
    case_id: UUID
    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class TransferRefused:
    """Those to whom the case was offered do not take it, for that reason: it stays where it is."""

    transfer: UUID
    case_id: UUID
    reason: RefuseReason


@dataclass(frozen=True, slots=True)
class TeamTookOver:
    """A team of the same authority has the case from now on, and the worker leads it."""

    transfer: UUID
    case_id: UUID
    team: str
    lead: UUID


@dataclass(frozen=True, slots=True)
class AgencyTookOver:
    """An agency that keeps no record here took the work on; the record stays this authority's."""

    transfer: UUID
    case_id: UUID
    agency: str


@dataclass(frozen=True, slots=True)
class CustodyPassed:
    """From this instant another authority holds the case, and the record here stands still.

    This event alone tells who holds the case. `lead`: who leads it there from the same instant.
    `accepted_by` is the event there by which a worker accepted it.
    """

    transfer: UUID
    case_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    from_authority: UUID
    to_authority: UUID
    to: str
    lead: UUID
    accepted_by: UUID
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class CustodyCameBack:
    """Another authority passed the case on to this one: the record here goes on where it stood.

    `by` is the event there that told it.
    """

    transfer: UUID
    case_id: UUID
    by: UUID


TransferEvent: TypeAlias = (
    TransferOffered
    | TransferAskedBack
    | TransferRevoked
    | TransferRefused
    | TeamTookOver
    | AgencyTookOver
    | CustodyPassed
    | CustodyCameBack
)
