"""Families that are still to be brought to the authority that has their case now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.arrivals.arrival import FamilyArrived, FamilyAwaited, FamilyUntold

MOST = 100
"""People of one family who are brought; more is no family but a fault."""

_AWAIT = Statement(
    "family-awaited",
    """
    insert into read.awaited_families (tenant, transfer_id, awaited_by, correlation_id)
    values ($1, $2, $3, $4) on conflict (tenant, transfer_id) do nothing
    """,
)
_COME = Statement(
    "family-come",
    "delete from read.awaited_families where tenant = $1 and transfer_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    at = recorded.envelope
    match recorded.event:
        case FamilyAwaited(transfer=transfer):
            return [_AWAIT(at.tenant, transfer, at.event_id, at.correlation_id)]
        case FamilyArrived(transfer=transfer) | FamilyUntold(transfer=transfer):
            return [_COME(at.tenant, transfer)]
        case _:
            return []


PROJECTION = Projection("arrivals", project, ("read.awaited_families",), By.STREAM)


@dataclass(frozen=True, slots=True)
class FamilyDue:
    """A family that is to be brought, and the event that says so."""

    tenant: UUID
    transfer_id: UUID
    awaited_by: UUID
    correlation_id: UUID


_DUE = """
select tenant, transfer_id, awaited_by, correlation_id from read.awaited_families
 where not transfer_id = any ($1::uuid[]) order by transfer_id limit $2
"""
_PEOPLE = """
select person from read.person_families
 where tenant = $1 and family_id = $2 order by person limit $3
"""


async def families_due(
    connection: Connection, but: Collection[UUID], limit: int
) -> list[FamilyDue]:
    """Return families of all authorities that are still to be brought."""
    return [FamilyDue(**dict(row)) for row in await connection.fetch(_DUE, list(but), limit)]


async def people_of(connection: Connection, tenant: UUID, family: UUID) -> list[UUID]:
    """Return the people of a family, as an authority knows it."""
    rows = await connection.fetch(_PEOPLE, tenant, family, MOST)
    return [row["person"] for row in rows]


async def pending(connection: Connection) -> int:
    """Count the families that are still to be brought."""
    return int(await connection.fetchval("select count(*) from read.awaited_families"))
