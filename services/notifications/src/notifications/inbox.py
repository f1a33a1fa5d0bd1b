"""The read model of workers' inboxes: which notes are whose, and where their sealed words stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.commands import StoredEvent
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.postgres import stored_event
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from notifications.message_events import MessageAcknowledged, NotePlaced

PLACE = Statement(
    "inbox.place",
    "insert into read.inbox (tenant, worker, message_id, stream_id, version, position)"
    " values ($1, $2, $3, $4, $5, $6) on conflict (tenant, worker, message_id) do nothing",
    key=(0, 1, 2),
)
ACKNOWLEDGE = Statement(
    "inbox.acknowledge",
    "update read.inbox set acknowledged_at = $4"
    " where tenant = $1 and worker = $2 and message_id = $3",
    key=(0, 1, 2),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Put notes in, and say when they were acknowledged."""
    envelope = recorded.envelope
    match recorded.event:
        case NotePlaced(letter=letter, recipient=worker):
            return [
                PLACE(
                    envelope.tenant,
                    worker,
                    letter.message_id,
                    envelope.stream_id,
                    envelope.version,
                    envelope.position,
                )
            ]
        case MessageAcknowledged(message_id=message_id, recipient=worker):
            return [ACKNOWLEDGE(envelope.tenant, worker, message_id, envelope.recorded_at)]
        case _:
            return []


PROJECTION = Projection("inbox", project, ("read.inbox",), By.STREAM)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One note: the stored event that placed it, its words sealed."""

    placed: StoredEvent
    acknowledged_at: datetime | None


_NOTES = """
select e.*, i.acknowledged_at
  from read.inbox i
  join es.events e on e.tenant = i.tenant and e.stream_id = i.stream_id and e.version = i.version
 where i.tenant = $1 and i.worker = $2 and i.position < $3
   and ($4 = false or i.acknowledged_at is null)
 order by i.position desc limit $5
"""


async def notes(
    connection: Connection, tenant: UUID, worker: UUID, before: int, limit: int, *, unread: bool
) -> list[InboxRow]:
    """Return a worker's notes, newest first, before a position of the log."""
    rows = await connection.fetch(_NOTES, tenant, worker, before, unread, limit)
    return [InboxRow(stored_event(row), row["acknowledged_at"]) for row in rows]
