"""The read model of messages: how far each came. No words, no addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from notifications.letter import Channel
from notifications.message_events import (
    AttemptBegun,
    AttemptFailed,
    AttemptInDoubt,
    MessageAcknowledged,
    MessageBlocked,
    MessageGivenUp,
    MessageLeftToWorker,
    MessageQueued,
    MessageSent,
    NotePlaced,
)


class State(StrEnum):
    """How far a message came."""

    QUEUED = "queued"
    ATTEMPTING = "attempting"
    FAILED = "failed"
    IN_DOUBT = "in-doubt"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    BLOCKED = "blocked"
    GIVEN_UP = "given-up"


QUEUE = Statement(
    "messages.queue",
    "insert into read.messages (tenant, message_id, position, template, channel, recipient,"
    " about_event, case_id, state, attempts, reason, queued_at, changed_at)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', 0, '', $9, $9)"
    " on conflict (tenant, message_id) do nothing",
)
LEAVE = Statement(
    "messages.leave",
    "update read.messages set channel = $3, changed_at = $4 where tenant = $1 and message_id = $2",
)
ATTEMPT = Statement(
    "messages.attempt",
    "update read.messages set state = 'attempting', attempts = $3, template_version = $4,"
    " reason = '', changed_at = $5 where tenant = $1 and message_id = $2",
)
TURN = Statement(
    "messages.turn",
    "update read.messages set state = $3, reason = $4, changed_at = $5"
    " where tenant = $1 and message_id = $2",
)
END = Statement(
    "messages.end",
    "update read.messages set state = $3, reason = $4, changed_at = $5, template_version = $6"
    " where tenant = $1 and message_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:  # noqa: PLR0911 # a row an event
    """Follow each message through its life."""
    tenant, at = recorded.envelope.tenant, recorded.envelope.recorded_at
    match recorded.event:
        case MessageQueued() as event:
            return [_queued(recorded, event)]
        case MessageLeftToWorker(letter=letter):
            return [LEAVE(tenant, letter.message_id, letter.channel.value, at)]
        case AttemptBegun() as event:
            return [ATTEMPT(tenant, event.message_id, event.attempt, event.template_version, at)]
        case AttemptFailed() as event:
            return [TURN(tenant, event.message_id, State.FAILED.value, event.reason.value, at)]
        case AttemptInDoubt() as event:
            return [TURN(tenant, event.message_id, State.IN_DOUBT.value, event.reason.value, at)]
        case MessageAcknowledged() as event:
            return [TURN(tenant, event.message_id, State.ACKNOWLEDGED.value, "", at)]
        case MessageSent() | NotePlaced() | MessageGivenUp() | MessageBlocked() as event:
            return [_ended(recorded, event)]
        case _:
            return []


def _queued(recorded: Recorded[Any], event: MessageQueued) -> Write:
    envelope, letter = recorded.envelope, event.letter
    return QUEUE(
        envelope.tenant,
        letter.message_id,
        envelope.position,
        letter.template.value,
        letter.channel.value,
        letter.recipient,
        letter.about_event,
        envelope.case_id,
        envelope.recorded_at,
    )


def _ended(
    recorded: Recorded[Any], event: MessageSent | NotePlaced | MessageGivenUp | MessageBlocked
) -> Write:
    match event:
        case MessageSent() | NotePlaced():
            state, reason = State.SENT, ""
        case MessageGivenUp():
            state, reason = State.GIVEN_UP, event.reason.value
        case MessageBlocked():
            state, reason = State.BLOCKED, event.reason.value
    return END(
        recorded.envelope.tenant,
        event.letter.message_id,
        state.value,
        reason,
        recorded.envelope.recorded_at,
        event.template_version,
    )


PROJECTION = Projection("messages", project, ("read.messages",), By.STREAM)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as lists show it. `position` is its place in them."""

    tenant: UUID
    message_id: UUID
    position: int
    template: str
    template_version: int | None
    channel: str
    recipient: UUID
    about_event: UUID
    case_id: UUID | None
    state: str
    attempts: int
    reason: str
    queued_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages a list holds; what is None is not asked for. Newest first, before `before`.

    `hidden`: whom the reader knows, and what is theirs; no message to or of them is in the list.
    """

    state: State | None
    case_id: UUID | None
    about_event: UUID | None
    recipient: UUID | None
    before: int
    limit: int
    hidden: Sequence[UUID] = ()


# Each takes the same arguments; they differ in the one that leads to few rows by an index.
_ANY = """
select * from read.messages
 where tenant = $1 and position < $2 and ($3::text is null or state = $3)
   and ($4::uuid is null or case_id = $4) and ($5::uuid is null or about_event = $5)
   and ($6::uuid is null or recipient = $6)
   and recipient <> all ($8) and about_event <> all ($8)
   and (case_id is null or case_id <> all ($8))
 order by position desc limit $7
"""
_OF_CASE = """
select * from read.messages
 where tenant = $1 and position < $2 and ($3::text is null or state = $3)
   and case_id = $4 and ($5::uuid is null or about_event = $5)
   and ($6::uuid is null or recipient = $6)
   and recipient <> all ($8) and about_event <> all ($8)
   and (case_id is null or case_id <> all ($8))
 order by position desc limit $7
"""
_ABOUT = """
select * from read.messages
 where tenant = $1 and position < $2 and ($3::text is null or state = $3)
   and ($4::uuid is null or case_id = $4) and about_event = $5
   and ($6::uuid is null or recipient = $6)
   and recipient <> all ($8) and about_event <> all ($8)
   and (case_id is null or case_id <> all ($8))
 order by position desc limit $7
"""
_TO = """
select * from read.messages
 where tenant = $1 and position < $2 and ($3::text is null or state = $3)
   and ($4::uuid is null or case_id = $4) and ($5::uuid is null or about_event = $5)
   and recipient = $6
   and recipient <> all ($8) and about_event <> all ($8)
   and (case_id is null or case_id <> all ($8))
 order by position desc limit $7
"""
_IN_STATE = """
select * from read.messages
 where tenant = $1 and position < $2 and state = $3
   and ($4::uuid is null or case_id = $4) and ($5::uuid is null or about_event = $5)
   and ($6::uuid is null or recipient = $6)
   and recipient <> all ($8) and about_event <> all ($8)
   and (case_id is null or case_id <> all ($8))
 order by position desc limit $7
"""

_BY_HAND = """
select * from read.messages
 where tenant = $1 and position > $2 and channel = $3
   and state in ('queued', 'attempting', 'failed', 'in-doubt')
   and recipient <> all ($5) and about_event <> all ($5)
   and (case_id is null or case_id <> all ($5))
 order by position limit $4
"""

_ONE = "select * from read.messages where tenant = $1 and message_id = $2"

_COUNTS = "select tenant, state, count(*) as messages from read.messages group by tenant, state"

_PENDING = "select count(*) from read.pending"


async def listed(connection: Connection, tenant: UUID, wanted: Wanted) -> list[MessageRow]:
    """Return at most `limit` messages of an authority, newest first."""
    rows = await connection.fetch(
        _statement(wanted),
        tenant,
        wanted.before,
        wanted.state.value if wanted.state else None,
        wanted.case_id,
        wanted.about_event,
        wanted.recipient,
        wanted.limit,
        wanted.hidden,
    )
    return [MessageRow(**dict(row)) for row in rows]


async def by_hand(
    connection: Connection,
    tenant: UUID,
    channel: Channel,
    after: int,
    limit: int,
    hidden: Sequence[UUID],
) -> list[MessageRow]:
    """Return messages that wait for a worker to post or to tell them, oldest first."""
    rows = await connection.fetch(_BY_HAND, tenant, after, channel.value, limit, hidden)
    return [MessageRow(**dict(row)) for row in rows]


def _statement(wanted: Wanted) -> str:
    match wanted:
        case Wanted(about_event=UUID()):
            return _ABOUT
        case Wanted(case_id=UUID()):
            return _OF_CASE
        case Wanted(recipient=UUID()):
            return _TO
        case Wanted(state=State()):
            return _IN_STATE
        case _:
            return _ANY


async def one(connection: Connection, tenant: UUID, message_id: UUID) -> MessageRow | None:
    """Return one message, if the authority has it."""
    row = await connection.fetchrow(_ONE, tenant, message_id)
    return MessageRow(**dict(row)) if row else None


async def counters(connection: Connection) -> Mapping[str, int]:
    """Count messages by authority and state."""
    rows = await connection.fetch(_COUNTS)
    return {f"{row['tenant']}/{row['state']}": row["messages"] for row in rows}


async def pending(connection: Connection) -> int:
    """Count the messages that are not at their end."""
    number: int = await connection.fetchval(_PENDING)
    return number
