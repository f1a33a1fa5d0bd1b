"""What is recorded of a transfer on the side to which a case is offered."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.transfers.codes import Ground, Part, Reason, RefuseReason
from ledger.personal import Block, Personal, SealedIn

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class TransferArrived:
    """Another authority offers a case; of its record nothing is here but what would go along."""

    transfer: UUID
    case_id: UUID
    child: UUID
    sent_by_authority: UUID
    ground: Ground
    reason: Reason
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class TransferAccepted:
    """A worker of this authority takes the case: custody passes, and that worker leads it here."""

    transfer: UUID
    case_id: UUID
    sent_by_authority: UUID
    lead: UUID


@dataclass(frozen=True, slots=True)
class TransferTurnedDown:
    """A worker of this authority does not take the case, for that reason."""

    transfer: UUID
    case_id: UUID
    child: UUID
    sent_by_authority: UUID
    reason: RefuseReason
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class TransferGivenBack:
    """Nobody here had answered when the offer was taken back."""

    transfer: UUID
    case_id: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class CaseReceived:
    """Custody has passed to this authority, told by the event `by` there: the case is here."""

    transfer: UUID
    case_id: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class CopyComplete:
    """All that was to come along is here: so many streams, so many entries.

    `custody_leaf` is the leaf hash, in hexadecimal, of the event there by which custody passed:
    with it each side can show the other's log to whoever doubts.
    """

    transfer: UUID
    case_id: UUID
    by: UUID
    custody_leaf: str
    streams: int
    entries: int


IncomingEvent: TypeAlias = (
    TransferArrived
    | TransferAccepted
    | TransferTurnedDown
    | TransferGivenBack
    | CaseReceived
    | CopyComplete
)
