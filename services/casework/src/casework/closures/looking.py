"""What is open in a case, asked of the read models as of the newest record."""

from uuid import UUID

from casework.closures.commands import Ids
from ledger.connect import Connection

MOST = 200

_PLACES = """
select cohort_id as id from read.case_places
 where tenant = $1 and case_id = $2 and state in ('requested', 'waitlisted', 'offered', 'accepted')
 order by cohort_id limit $3
"""
_BOOKINGS = """
select booking_id as id from read.bookings
 where tenant = $1 and case_id = $2 order by starts_at limit $3
"""
# A concern may be about the child without naming the case.
_CONCERNS = """
select concern_id as id from read.concerns
 where tenant = $1 and state <> 'closed' and case_id = $2
 union
select c.concern_id from read.cases k
  join read.concerns c on c.tenant = k.tenant and c.child = k.child and c.state <> 'closed'
 where k.tenant = $1 and k.case_id = $2
 limit $3
"""


async def open_in(rows: Connection, tenant: UUID, case_id: UUID) -> Ids:
    """Return what is open; a concern that was handed over is among it."""

    async def ids(query: str) -> tuple[UUID, ...]:
        return tuple(row["id"] for row in await rows.fetch(query, tenant, case_id, MOST))

    return Ids(await ids(_PLACES), await ids(_BOOKINGS), await ids(_CONCERNS))
