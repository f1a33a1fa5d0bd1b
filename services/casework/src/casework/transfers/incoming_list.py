"""Cases that other authorities offer, how each stands, and those whose copy is still to come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from casework.paging import EARLIEST, After
from casework.transfers.events import CustodyPassed
from casework.transfers.incoming_events import (
    CaseReceived,
    CopyComplete,
    TransferAccepted,
    TransferArrived,
    TransferGivenBack,
    TransferTurnedDown,
)
from ledger.connect import Connection
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write


class Listed(StrEnum):
    """Where a transfer that came here stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    GIVEN_BACK = "given-back"
    # The case is here; the copy of its record is on its way.
    RECEIVED = "received"
    WHOLE = "whole"


_ARRIVED = Statement(
    "transfer arrived",
    """
    insert into read.incoming_transfers
        (tenant, transfer_id, case_id, child, sent_by, state, ground, reason, parts, arrived_at)
    values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $9)
    on conflict (tenant, transfer_id) do nothing
    """,
)
_STANDS = Statement(
    "transfer stands",
    "update read.incoming_transfers set state = $3 where tenant = $1 and transfer_id = $2",
)
_PASSED = Statement(
    "custody passed",
    """
    insert into read.custody (tenant, case_id, event_id, at, from_authority, to_authority)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant, case_id, event_id) do nothing
    """,
    key=(0, 1, 2),
)
_DUE = Statement(
    "copy due",
    """
    insert into read.copies_due (tenant, transfer_id, received_by, correlation_id)
    values ($1, $2, $3, $4) on conflict (tenant, transfer_id) do nothing
    """,
)
_DONE = Statement("copy done", "delete from read.copies_due where tenant = $1 and transfer_id = $2")

_STATES: dict[type, Listed] = {
    TransferAccepted: Listed.ACCEPTED,
    TransferTurnedDown: Listed.REFUSED,
    TransferGivenBack: Listed.GIVEN_BACK,
    CaseReceived: Listed.RECEIVED,
    CopyComplete: Listed.WHOLE,
}


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow each transfer that came, and each passing of custody on both its sides."""
    at, event = recorded.envelope, recorded.event
    match event:
        case TransferArrived():
            return [_arrived(at, event)]
        case CustodyPassed():
            sides = (event.from_authority, event.to_authority)
            return [
                _PASSED(side, event.case_id, at.event_id, at.occurred.at, *sides) for side in sides
            ]
        case _ if type(event) in _STATES:
            told: Any = event
            stands = _STANDS(at.tenant, told.transfer, _STATES[type(event)].value)
            return [stands, *_copy(at, told)]
        case _:
            return []


def _arrived(at: Envelope, event: TransferArrived) -> Write:
    return _ARRIVED(
        at.tenant,
        event.transfer,
        event.case_id,
        event.child,
        event.sent_by_authority,
        event.ground.value,
        event.reason.value,
        [each.value for each in event.parts],
        at.recorded_at,
    )


def _copy(at: Envelope, event: object) -> list[Write]:
    match event:
        case CaseReceived(transfer=transfer):
            return [_DUE(at.tenant, transfer, at.event_id, at.correlation_id)]
        case CopyComplete(transfer=transfer):
            return [_DONE(at.tenant, transfer)]
        case _:
            return []


PROJECTION = Projection(
    "transfers",
    project,
    ("read.incoming_transfers", "read.custody", "read.copies_due"),
    By.STREAM,
)

BEGINNING = After(EARLIEST, UUID(int=0))


@dataclass(frozen=True, slots=True)
class Standing:
    """A transfer that came to an authority, as it stands."""

    transfer_id: UUID
    case_id: UUID
    child: UUID
    sent_by: UUID
    state: str
    ground: str
    reason: str
    parts: tuple[str, ...]
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class CopyDue:
    """A case that is here and whose record's copy is to be brought, and the event that said so."""

    tenant: UUID
    transfer_id: UUID
    received_by: UUID
    correlation_id: UUID


_PAGE = """
select transfer_id, case_id, child, sent_by, state, ground, reason, parts, arrived_at
  from read.incoming_transfers
 where tenant = $1 and state = $2 and (arrived_at, transfer_id) > ($3, $4)
 order by arrived_at, transfer_id limit $5
"""
_COPIES = """
select tenant, transfer_id, received_by, correlation_id from read.copies_due
 where not transfer_id = any ($1::uuid[]) order by transfer_id limit $2
"""


async def page(
    rows: Connection, tenant: UUID, which: Listed, after: After[UUID], limit: int
) -> list[Standing]:
    """Return transfers in a state, in the order in which they arrived."""
    found = await rows.fetch(_PAGE, tenant, which.value, after.at, after.tie, limit)
    return [Standing(**{**dict(row), "parts": tuple(row["parts"])}) for row in found]


def place(of: Standing) -> After[UUID]:
    """Return the place of a transfer in its list."""
    return After(of.arrived_at, of.transfer_id)


async def copies_due(rows: Connection, but: Collection[UUID], limit: int) -> list[CopyDue]:
    """Return cases of all authorities whose copy is still to be brought."""
    return [CopyDue(**dict(row)) for row in await rows.fetch(_COPIES, list(but), limit)]


async def pending(rows: Connection) -> int:
    """Count the cases whose copy is still to be brought."""
    return int(await rows.fetchval("select count(*) from read.copies_due"))
