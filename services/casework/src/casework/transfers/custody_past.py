"""By which events custody of a case passed, as far as an authority has a part in them."""

from uuid import UUID

from casework.transfers.custody import Passing
from ledger.connect import Connection

_PASSINGS = """
select at, from_authority, to_authority, event_id from read.custody
 where tenant = $1 and case_id = $2 order by at, event_id
"""


async def passings(rows: Connection, tenant: UUID, case_id: UUID) -> list[Passing]:
    """Return the passings of a case that this authority gave or took."""
    return [Passing(**dict(row)) for row in await rows.fetch(_PASSINGS, tenant, case_id)]
