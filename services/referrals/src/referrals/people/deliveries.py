"""Whether what was sent to a person arrived, by channel: heard from notifications."""

from uuid import UUID

from ledger.connect import Connection
from ledger.writes import Statement

# Messages are streams apart: their news may come in any order, and the later one stands.
TELL = Statement(
    "deliveries-tell",
    """
    insert into read.deliveries (tenant, person, channel, failed, heard_of)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant, person, channel) do update
       set failed = excluded.failed, heard_of = excluded.heard_of
     where read.deliveries.heard_of <= excluded.heard_of
    """,
    key=(0, 1, 2),
)

_FAILED = """
select exists (
    select from read.deliveries where tenant = $1 and person = $2 and channel = $3 and failed
)
"""


async def has_failed(connection: Connection, tenant: UUID, person: UUID, channel: str) -> bool:
    """Whether the last message to the person by the channel could not be delivered."""
    return bool(await connection.fetchval(_FAILED, tenant, person, channel))
