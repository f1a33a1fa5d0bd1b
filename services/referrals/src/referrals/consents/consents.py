"""For which recipients a child has consents: their streams are found by it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.consents.consent import ConsentGiven, ConsentRefused, ConsentWithdrawn

MOST = 100
"""Consents of one child that anybody is shown; there are fewer recipients."""

KEEP = Statement(
    "consents-keep",
    """
    insert into read.consents (tenant, child, recipient) values ($1, $2, $3)
    on conflict (tenant, child, recipient) do nothing
    """,
    key=(0, 1, 2),
)

_OF_CHILD = """
select recipient from read.consents where tenant = $1 and child = $2 order by recipient limit $3
"""


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Note that a child has a consent for a recipient; its stream says how it stands."""
    match recorded.event:
        case ConsentGiven() | ConsentRefused() | ConsentWithdrawn() as said:
            return [KEEP(recorded.envelope.tenant, said.child, said.recipient)]
        case _:
            return []


PROJECTION = Projection("consents", project, tables=("read.consents",), by=By.STREAM)


async def recipients(connection: Connection, tenant: UUID, child: UUID) -> list[str]:
    """Return the recipients for whom anybody decided about a child."""
    rows = await connection.fetch(_OF_CHILD, tenant, child, MOST)
    return [str(row["recipient"]) for row in rows]
