"""What is left after a campaign, as the checker reads it: history, faults, stores, topics, mails.

These are copies of rows and bytes. Nothing here is decoded by code of the services.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]
FAR = datetime(9999, 1, 1, tzinfo=UTC)

RECOVERY_BOUND_S = 120.0
"""Within this after its lifting a fault must be forgotten, unless the campaign says otherwise."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of a store's events, in the columns that are judged. `meta` is its metadata."""

    position: int
    tenant: UUID
    stream_id: UUID
    version: int
    event_id: UUID
    command_id: UUID
    type: str
    occurred_at: datetime
    recorded_at: datetime
    payload: bytes = b"{}"
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, Any]:
        """What the event says in clear."""
        found: dict[str, Any] = json.loads(self.payload)
        return found

    @property
    def category(self) -> str:
        """Return the category of its stream."""
        return str(self.meta.get("category", ""))

    @property
    def case_id(self) -> UUID | None:
        """The case it is about, where there is one."""
        return UUID(found) if (found := self.meta.get("case_id")) else None

    @property
    def cause(self) -> UUID | None:
        """The event that it followed from, where it followed from one."""
        return UUID(found) if (found := self.meta.get("causation_id")) else None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row of a store's commands: stream → version after the command."""

    outcome: str
    versions: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Store:
    """One service's database. `tables` holds the other tables of `es`, `read` the read models."""

    events: Sequence[Event] = ()
    commands: Mapping[tuple[UUID, UUID], Accepted] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    read: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    now: datetime = FAR

    def rows(self, table: str) -> Sequence[Row]:
        """Return the rows of a table of `es`."""
        return self.tables.get(table, ())


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a topic, its bytes as they are."""

    service: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it stands."""
        return self.service, self.partition, self.offset

    def header(self, name: str) -> str | None:
        """Return a header as text; None where it is missing, repeated or no text."""
        found = [value for header, value in self.headers if header == name]
        try:
            return found[0].decode() if len(found) == 1 else None
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True, slots=True)
class Told:
    """A record that can be read: which version of which stream it tells, and of what type."""

    service: str
    event_id: UUID
    tenant: UUID
    stream_id: UUID
    version: int
    type: str
    case_id: UUID | None
    record: Record

    @property
    def data(self) -> dict[str, Any]:
        """What the record says; empty where it says nothing."""
        found: dict[str, Any] = json.loads(self.record.value) if self.record.value else {}
        return found


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a client: its two lines in one. `ended` is None where no answer came."""

    op: int
    kind: str
    client: int
    service: str
    rpc: str
    tenant: UUID
    invoked: float
    ended: float | None
    outcome: str
    command_id: UUID | None = None
    versions: Mapping[UUID, int] = field(default_factory=dict)
    position: int = 0
    about: Mapping[str, Any] = field(default_factory=dict)
    ids: Mapping[str, Any] = field(default_factory=dict)
    token: int = 0
    after: int | None = None
    wanted: str | None = None
    found: bool | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One injected fault."""

    kind: str
    number: int
    target: str
    proof: Mapping[str, Any]
    proved: bool
    recovered_s: float | None
    settle: int | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was taken over."""

    message_id: str
    to: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is judged, read before anything is judged.

    `dumps` has for each read model its bytes as they came of replays of the log, one after another.
    """

    attempts: Sequence[Attempt] = ()
    faults: Sequence[Fault] = ()
    stores: Mapping[str, Store] = field(default_factory=dict)
    records: Sequence[Record] = ()
    mails: Sequence[Mail] = ()
    dumps: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    recovery_bound_s: float = RECOVERY_BOUND_S
