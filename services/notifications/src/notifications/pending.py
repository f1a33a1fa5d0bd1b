"""The read model that the sender works from: messages that are not at their end yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from notifications.letter import Channel
from notifications.message_events import (
    AttemptFailed,
    AttemptInDoubt,
    MessageBlocked,
    MessageGivenUp,
    MessageLeftToWorker,
    MessageQueued,
    MessageSent,
    NotePlaced,
)
from notifications.wording import KINDS

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""Earlier than any clock: a message that was never attempted is due."""

QUEUE = Statement(
    "pending.queue",
    "insert into read.pending (tenant, message_id, channel, urgent, next_attempt_at, queued_by,"
    " correlation_id, traceparent) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    " on conflict (tenant, message_id) do nothing",
)
POSTPONE = Statement(
    "pending.postpone",
    "update read.pending set next_attempt_at = $3 where tenant = $1 and message_id = $2",
)
END = Statement("pending.end", "delete from read.pending where tenant = $1 and message_id = $2")


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow one message: queued, due again later, at its end.

    A message stays due while an attempt is under way, so that the next sender finds it if this one
    dies.
    """
    envelope, tenant = recorded.envelope, recorded.envelope.tenant
    match recorded.event:
        case MessageQueued(letter=letter):
            return [
                QUEUE(
                    tenant,
                    letter.message_id,
                    letter.channel.value,
                    KINDS[letter.template].urgent,
                    AT_ONCE,
                    envelope.event_id,
                    envelope.correlation_id,
                    envelope.traceparent,
                )
            ]
        case AttemptFailed() | AttemptInDoubt() as event:
            return [POSTPONE(tenant, event.message_id, event.retry_at)]
        # The sender has nothing more to do with it.
        case MessageLeftToWorker() as event:
            return [END(tenant, event.letter.message_id)]
        case MessageSent() | NotePlaced() | MessageGivenUp() | MessageBlocked() as event:
            return [END(tenant, event.letter.message_id)]
        case _:
            return []


PROJECTION = Projection("pending", project, ("read.pending",), By.STREAM)


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that is due, and the event that queued it."""

    tenant: UUID
    message_id: UUID
    queued_by: UUID
    correlation_id: UUID
    traceparent: str | None


_DUE = """
select tenant, message_id, queued_by, correlation_id, traceparent from read.pending
 where channel = any ($1::text[]) and next_attempt_at <= clock_timestamp()
   and not message_id = any ($2::uuid[])
 order by urgent desc, next_attempt_at, message_id limit $3
"""


async def due(
    connection: Connection, channels: Collection[Channel], but: Collection[UUID], limit: int
) -> list[Pending]:
    """Return messages of some channels that are due by the real clock: urgent first, then late."""
    rows = await connection.fetch(_DUE, [each.value for each in channels], list(but), limit)
    return [Pending(**dict(row)) for row in rows]
