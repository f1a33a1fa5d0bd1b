"""What can be done about transfers, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.transfers.codes import Ground, Part, Reason, RefuseReason, RevokeReason
from casework.transfers.incoming_events import TransferArrived
from casework.transfers.record import EntryCopied
from casework.transfers.transfer_commands import Whither
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class OfferTransfer:
    """Offer a case; `party` is the one with whom consent to share is to have been given."""

    transfer: UUID
    case_id: UUID
    whither: Whither
    party: str
    ground: Ground
    reason: Reason
    parts: frozenset[Part]
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class RevokeTransfer:
    """Take the offer of a case back."""

    case_id: UUID
    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class RecordTransferAnswer:
    """Record what a team or an agency answered: refused for a reason, else accepted.

    `lead`: who leads the case in a team that accepts.
    """

    case_id: UUID
    lead: UUID | None
    reason: RefuseReason | None


@dataclass(frozen=True, slots=True)
class AcceptTransfer:
    """Take a case that another authority offers; that worker leads it."""

    transfer: UUID
    lead: UUID


@dataclass(frozen=True, slots=True)
class RefuseTransfer:
    """Do not take a case that another authority offers."""

    transfer: UUID
    reason: RefuseReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ArriveTransfer:
    """Another authority offers a case."""

    said: TransferArrived


@dataclass(frozen=True, slots=True)
class GiveTransferBack:
    """The authority that offered a case takes the offer back."""

    transfer: UUID
    case_id: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class NoteTransferGivenBack:
    """The other authority let go of an offer."""

    transfer: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class NoteTransferRefused:
    """The other authority does not take a case."""

    transfer: UUID
    case_id: UUID
    reason: RefuseReason


@dataclass(frozen=True, slots=True)
class PassCase:
    """The other authority accepted a case, by that event: let custody pass."""

    transfer: UUID
    case_id: UUID
    lead: UUID
    accepted_by: UUID


@dataclass(frozen=True, slots=True)
class ReceiveCase:
    """Custody of a case has passed to this authority, by that event of the other's."""

    transfer: UUID
    case_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    by: UUID
    on: date


@dataclass(frozen=True, slots=True)
class KeepCopy:
    """Keep a copy of entries of one stream of the other authority's record."""

    case_id: UUID
    stream_id: UUID
    entries: tuple[EntryCopied, ...]


@dataclass(frozen=True, slots=True)
class NoteCopyComplete:
    """All that was to come along is here."""

    transfer: UUID
    by: UUID
    custody_leaf: str
    streams: int
    entries: int


OfTransfer: TypeAlias = (
    OfferTransfer
    | RevokeTransfer
    | RecordTransferAnswer
    | NoteTransferGivenBack
    | NoteTransferRefused
    | PassCase
)
OfIncoming: TypeAlias = (
    AcceptTransfer
    | RefuseTransfer
    | ArriveTransfer
    | GiveTransferBack
    | ReceiveCase
    | KeepCopy
    | NoteCopyComplete
)
