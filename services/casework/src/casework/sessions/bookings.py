"""Sessions that are to come: a read model of what is booked and neither held nor cancelled."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.sessions.booking import BookingKept, SessionCancelled, SessionScheduled, Slot
from casework.sessions.session import SessionKind
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

MOST = 200

_BOOKED = Statement(
    "session booked",
    """
    insert into read.bookings (tenant, booking_id, case_id, worker, kind, starts_at, minutes)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant, booking_id) do nothing
    """,
)
_OVER = Statement("booking over", "delete from read.bookings where tenant = $1 and booking_id = $2")


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow each booking until it is over."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case SessionScheduled(booking_id, case_id, _, slot):
            booked = (slot.worker, slot.kind.value, slot.starts_at, slot.minutes)
            return [_BOOKED(tenant, booking_id, case_id, *booked)]
        case SessionCancelled(booking_id) | BookingKept(booking_id):
            return [_OVER(tenant, booking_id)]
        case _:
            return []


PROJECTION = Projection("bookings", project, ("read.bookings",), By.STREAM)


async def of_case(rows: Connection, tenant: UUID, case_id: UUID) -> list[tuple[UUID, Slot]]:
    """Return what is booked in a case, soonest first."""
    found = await rows.fetch(
        "select booking_id, worker, kind, starts_at, minutes from read.bookings"
        " where tenant = $1 and case_id = $2 order by starts_at, booking_id limit $3",
        tenant,
        case_id,
        MOST,
    )
    return [
        (
            row["booking_id"],
            Slot(row["worker"], SessionKind(row["kind"]), row["starts_at"], row["minutes"]),
        )
        for row in found
    ]
