"""What is told of transfers, to others and between the two sides: ids, codes, numbers."""

from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from casework.transfers import events, incoming_events
from casework.transfers.codes import Kind
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class TransferOffered:
    """A case is offered to another authority, with the parts of its record that would go along."""

    transfer_id: UUID
    child: UUID
    to_authority: UUID
    ground: str
    reason: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TransferAskedBack:
    """An offer is to end unless it was accepted meanwhile."""

    transfer_id: UUID
    to_authority: UUID


@dataclass(frozen=True, slots=True)
class TransferAccepted:
    """The authority to which a case was offered takes it; custody has not passed yet."""

    transfer_id: UUID
    of_case: UUID
    sent_by_authority: UUID
    lead: UUID


@dataclass(frozen=True, slots=True)
class TransferRefused:
    """The authority to which a case was offered does not take it."""

    transfer_id: UUID
    of_case: UUID
    sent_by_authority: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class TransferGivenBack:
    """The authority to which a case was offered let go of it, unanswered."""

    transfer_id: UUID
    of_case: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class CaseTransferred:
    """Custody of the case passed to another authority, at this event's instant.

    The child, the family and the contact have the same ids there, where each is a person of that
    authority's own. `parts`: those of the record that go along.
    """

    transfer_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    from_authority: UUID
    to_authority: UUID
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseReceived:
    """A case that was transferred is here, and its work goes on in this authority's record."""

    transfer_id: UUID
    of_case: UUID


EVENTS: tuple[type, ...] = (
    TransferOffered,
    TransferAskedBack,
    TransferAccepted,
    TransferRefused,
    TransferGivenBack,
    CaseTransferred,
    CaseReceived,
)

Public: TypeAlias = (
    TransferOffered
    | TransferAskedBack
    | TransferAccepted
    | TransferRefused
    | TransferGivenBack
    | CaseTransferred
    | CaseReceived
)


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a fact of a transfer, if anything."""
    match recorded.event:
        case events.TransferOffered(kind=Kind.AUTHORITY, to_authority=UUID() as to) as said:
            parts = tuple(each.value for each in said.parts)
            ground, reason = said.ground.value, said.reason.value
            return TransferOffered(said.transfer, said.child, to, ground, reason, parts)
        case events.TransferAskedBack(transfer=transfer, to_authority=to):
            return TransferAskedBack(transfer, to)
        case events.CustodyPassed() as said:
            return CaseTransferred(
                said.transfer,
                said.child,
                said.family_id,
                said.contact,
                said.episode,
                said.from_authority,
                said.to_authority,
                tuple(each.value for each in said.parts),
            )
        case event:
            return _of_incoming(event)


def _of_incoming(event: object) -> Public | None:
    match event:
        case incoming_events.TransferAccepted(transfer, case_id, sender, lead):
            return TransferAccepted(transfer, case_id, sender, lead)
        case incoming_events.TransferTurnedDown(transfer, case_id, _, sender, reason):
            return TransferRefused(transfer, case_id, sender, reason.value)
        case incoming_events.TransferGivenBack(transfer, case_id, sender):
            return TransferGivenBack(transfer, case_id, sender)
        case incoming_events.CaseReceived(transfer, case_id):
            return CaseReceived(transfer, case_id)
        case _:
            return None
