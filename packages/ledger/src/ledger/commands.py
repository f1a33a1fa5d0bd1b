"""What is given to a store to append, and what it answers: ENGINE §2 as types."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

NO_LEAF = bytes(32)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event as bytes, its leaf made; version and position are the store's to give."""

    event_id: UUID
    type: str
    schema_version: int
    occurred_at: datetime
    occurred_precision: str
    recorded_at: datetime
    payload: bytes
    sealed: bytes
    metadata: bytes
    blinding: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of the events table, bytes as they were written."""

    position: int
    tenant: UUID
    stream_id: UUID
    version: int
    event_id: UUID
    command_id: UUID
    type: str
    schema_version: int
    occurred_at: datetime
    occurred_precision: str
    recorded_at: datetime
    payload: bytes
    sealed: bytes
    metadata: bytes
    blinding: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that is unique across the streams of an authority, such as a human reference."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """New events of one stream, decided on its version `base` (0: a new stream).

    `base_leaf` is the leaf hash of version `base` (32 zero bytes for a new stream). `take` and
    `release` are claims of this stream that go with the events.
    """

    stream_id: UUID
    category: str
    case_id: UUID | None
    base: int
    base_leaf: bytes
    events: tuple[NewEvent, ...]
    take: tuple[Claim, ...] = ()
    release: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Passes:
    """Custody of a case passes to another authority with the events: its record is read-only here.

    That holds for every stream of the case and for those that would begin; `ABOUT_THE_RECORD` is
    left out.
    """

    case_id: UUID


@dataclass(frozen=True, slots=True)
class Returns:
    """Custody of a case comes to this authority with the events: what it has of it goes on."""

    case_id: UUID


Turn: TypeAlias = Passes | Returns

ABOUT_THE_RECORD = frozenset({"access", "operations"})
"""Categories of streams about a record rather than of it, as es.about_the_record says."""


@dataclass(frozen=True, slots=True)
class AppendCommand:
    """One command's events, all or none. No streams: it decided nothing and is only remembered.

    `turn` goes with the events; such a command is alone in its batch.
    """

    command_id: UUID
    tenant: UUID
    scope: frozenset[UUID]
    streams: tuple[StreamAppend, ...] = ()
    outcome: str = ""
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """The events are committed. `position` is the highest one given (0 if it had no events)."""

    versions: dict[UUID, int]
    position: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """This command id was accepted before: the first outcome, nothing written now."""

    outcome: str
    versions: dict[UUID, int]
    position: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A stream is at another version than the events were decided on. `actual` is its version."""

    stream_id: UUID
    actual: int


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Custody of the stream has passed to another authority, or of the case it would begin in."""

    stream_id: UUID


@dataclass(frozen=True, slots=True)
class Taken:
    """Another stream holds the claim."""

    claim: Claim
    owner: UUID


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """The command's authority is not in its caller's scope."""

    tenant: UUID


@dataclass(frozen=True, slots=True)
class ClockOff:
    """`recorded_at` is earlier than the stream's head, or more than 5 s from the store's clock."""

    now: datetime


Answer: TypeAlias = Appended | Duplicate | Conflict | ReadOnly | Taken | OutOfScope | ClockOff


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands: of a stream that is not there, version 0."""

    version: int = 0
    recorded_at: datetime | None = None
    leaf_hash: bytes = NO_LEAF
    case_id: UUID | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folded state as bytes (snapshots.py): of which stream version, at its position.

    `fold_id` names by what it was folded: for any other fold it is void.
    """

    version: int
    position: int
    fold_id: str
    state: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream as read for a decision: its head and its events."""

    head: Head
    events: tuple[StoredEvent, ...]
    # Set when it stands for the events up to its version: `events` are those after it.
    snapshot: Snapshot | None = field(default=None)


def as_stored(
    command: AppendCommand, part: StreamAppend, version: int, event: NewEvent, position: int
) -> StoredEvent:
    """Return an event of a command as a store keeps it, at a version and a position."""
    return StoredEvent(
        position=position,
        tenant=command.tenant,
        stream_id=part.stream_id,
        version=version,
        event_id=event.event_id,
        command_id=command.command_id,
        type=event.type,
        schema_version=event.schema_version,
        occurred_at=event.occurred_at,
        occurred_precision=event.occurred_precision,
        recorded_at=event.recorded_at,
        payload=event.payload,
        sealed=event.sealed,
        metadata=event.metadata,
        blinding=event.blinding,
        leaf_hash=event.leaf_hash,
    )
