"""Which urgent provisions a case had: a read model that finds their records."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.provision.provision import UrgentProvisionAuthorised
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_AUTHORISED = Statement(
    "urgent provision authorised",
    """
    insert into read.urgent_provisions (tenant, provision_id, case_id, authorised_at)
    values ($1, $2, $3, $4)
    on conflict (tenant, provision_id) do nothing
    """,
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Enter each urgent provision under its case."""
    at = recorded.envelope
    match recorded.event:
        case UrgentProvisionAuthorised(provision_id, case_id):
            return [_AUTHORISED(at.tenant, provision_id, case_id, at.recorded_at)]
        case _:
            return []


PROJECTION = Projection("urgent-provisions", project, ("read.urgent_provisions",), By.STREAM)

MOST_OF_A_CASE = 50

_OF_CASE = """
select provision_id from read.urgent_provisions
 where tenant = $1 and case_id = $2
 order by authorised_at, provision_id
 limit $3
"""


async def of_case(rows: Connection, tenant: UUID, case_id: UUID) -> list[UUID]:
    """Return the urgent provisions of a case, oldest first."""
    found = await rows.fetch(_OF_CASE, tenant, case_id, MOST_OF_A_CASE)
    return [row["provision_id"] for row in found]
