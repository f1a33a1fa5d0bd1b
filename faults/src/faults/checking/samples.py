"""Stores, topics and histories made by hand, for worlds that the checker is tried on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from faults.checking.evidence import (
    Accepted,
    Attempt,
    Event,
    Evidence,
    Fault,
    Mail,
    Record,
    Row,
    Store,
)
from faults.checking.hops import HEARS

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
LEAD_BY = datetime(2025, 3, 14, tzinfo=UTC)
TENANT = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")


@dataclass
class Desk:
    """Writes down what one service stores."""

    service: str
    events: list[Event] = field(default_factory=list)
    commands: dict[tuple[UUID, UUID], Accepted] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    read: dict[str, list[Row]] = field(default_factory=dict)
    now: datetime = LEAD_BY + timedelta(days=1)

    def record(
        self,
        stream: UUID,
        kind: str,
        said: Mapping[str, Any],
        *,
        command: UUID | None = None,
        at: datetime = MONDAY,
        **meta: Any,
    ) -> Event:
        """Store one event, as a command of its own unless one is named."""
        command = command or uuid4()
        event = Event(
            position=len(self.events) + 1,
            tenant=TENANT,
            stream_id=stream,
            version=1 + sum(each.stream_id == stream for each in self.events),
            event_id=uuid4(),
            command_id=command,
            type=kind,
            occurred_at=at,
            recorded_at=at,
            payload=json.dumps(said, default=str).encode(),
            meta={name: str(value) for name, value in meta.items()},
        )
        self.events.append(event)
        before = self.commands.get((TENANT, command), Accepted("", {}))
        versions = {**before.versions, stream: event.version}
        self.commands[TENANT, command] = Accepted("", versions)
        return event

    def row(self, table: str, /, **columns: Any) -> None:
        """Put a row into a table of `es`."""
        self.tables.setdefault(table, []).append({"tenant": TENANT, **columns})

    def shows(self, table: str, /, **columns: Any) -> None:
        """Put a row into a read model."""
        self.read.setdefault(table, []).append({"tenant": TENANT, **columns})

    def store(self) -> Store:
        """Return the store, with the heads of its streams and the threads of its cases."""
        last = {each.stream_id: each.version for each in self.events}
        heads: list[Row] = [
            {"tenant": TENANT, "stream_id": stream, "version": version}
            for stream, version in last.items()
        ]
        threads: list[Row] = [
            {"tenant": TENANT, "thread": each.case_id, "position": each.position}
            for each in self.events
            if each.case_id
        ]
        tables = {"streams": heads, "threads": threads, **self.tables}
        return Store(tuple(self.events), dict(self.commands), tables, self.read, self.now)


@dataclass
class World:
    """Everything that is left behind, still to be changed."""

    desks: dict[str, Desk] = field(default_factory=lambda: {name: Desk(name) for name in HEARS})
    records: list[Record] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    dumps: dict[str, list[bytes]] = field(default_factory=dict)

    def evidence(self) -> Evidence:
        """Return what is judged."""
        stores = {name: desk.store() for name, desk in self.desks.items()}
        return Evidence(self.attempts, self.faults, stores, self.records, self.mails, self.dumps)

    def event(self, service: str, kind: str) -> Event:
        """Return the one event of a type."""
        [found] = [each for each in self.desks[service].events if each.type == kind]
        return found

    def tell(self, event: Event, service: str, name: str = "", /, **data: Any) -> None:
        """Put the record of an event into its topic, one behind the other."""
        kind = f"throughline.{service}.{name}.v1" if name else "unpublished"
        said = {
            "ce_id": str(event.event_id),
            "ce_type": kind,
            "ce_subject": str(event.stream_id),
            "ce_sequence": f"{event.version:020d}",
            "ce_tenant": str(event.tenant),
            "ce_caseid": str(event.case_id or ""),
        }
        headers = tuple((header, text.encode()) for header, text in said.items() if text)
        value = json.dumps(data, default=str).encode() if data else None
        offset = sum(each.service == service for each in self.records)
        self.records.append(Record(service, 0, offset, b"key", value, headers))

    def answered(self, service: str, event: Event, sent: float) -> Attempt:
        """Write down the attempt at an event's command, answered half a second later."""
        made = Attempt(
            op=len(self.attempts) + 1,
            kind="command",
            client=1,
            service=service,
            rpc="Do",
            tenant=TENANT,
            invoked=sent,
            ended=sent + 0.5,
            outcome="ok",
            command_id=event.command_id,
            versions={event.stream_id: event.version},
            position=event.position,
        )
        self.attempts.append(made)
        return made

    def change(self, service: str, kind: str, **columns: Any) -> None:
        """Change columns of the one event of a type, in its store alone."""
        events = self.desks[service].events
        place = events.index(self.event(service, kind))
        events[place] = replace(events[place], **columns)

    def lose(self, service: str, kind: str) -> None:
        """Lose an event with its command, as if the append had been undone after the answer."""
        event = self.event(service, kind)
        self.desks[service].events.remove(event)
        del self.desks[service].commands[TENANT, event.command_id]


def alter(rows: list[Row], **columns: object) -> None:
    """Change columns of the first row."""
    rows[0] = {**rows[0], **columns}
