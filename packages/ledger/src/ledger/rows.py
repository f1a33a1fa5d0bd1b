"""Rows of the store read into its types."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import asyncpg

from ledger.batches import versions_after
from ledger.commands import (
    Answer,
    AppendCommand,
    Appended,
    Claim,
    ClockOff,
    Conflict,
    Duplicate,
    Head,
    Loaded,
    OutOfScope,
    ReadOnly,
    Snapshot,
    StoredEvent,
    Taken,
)
from ledger.store import Begun

NO_HEAD = Head()


def stored_event(row: asyncpg.Record) -> StoredEvent:
    """Read a row of es.events (all of its columns, by name)."""
    return StoredEvent(
        position=row["position"],
        tenant=row["tenant"],
        stream_id=row["stream_id"],
        version=row["version"],
        event_id=row["event_id"],
        command_id=row["command_id"],
        type=row["type"],
        schema_version=row["schema_version"],
        occurred_at=row["occurred_at"],
        occurred_precision=row["occurred_precision"],
        recorded_at=row["recorded_at"],
        payload=row["payload"],
        sealed=row["sealed"],
        metadata=row["metadata"],
        blinding=row["blinding"],
        leaf_hash=row["leaf_hash"],
    )


def read_begun(rows: Sequence[asyncpg.Record]) -> Begun:
    """Read the first row that es.load answers."""
    first = rows[0]
    return Begun(first["now"], None if first["outcome"] is None else _duplicate(first))


def read_loaded(
    tenant: UUID, stream_ids: Iterable[UUID], rows: Sequence[asyncpg.Record]
) -> dict[UUID, Loaded]:
    """Read what es.load answers, for each stream that was asked for."""
    begun = read_begun(rows)
    heads: dict[UUID, Head] = {}
    snapshots: dict[UUID, Snapshot] = {}
    events: dict[UUID, list[StoredEvent]] = {each: [] for each in stream_ids}
    for row in rows[1:]:
        if row["kind"] == "head":
            heads[row["stream_id"]] = _head(row)
        elif row["kind"] == "snapshot":
            snapshots[row["stream_id"]] = _snapshot(row)
        else:
            events[row["stream_id"]].append(_event_of(tenant, row))
    return {
        each: Loaded(
            heads.get(each, NO_HEAD), tuple(found), begun.now, begun.duplicate, snapshots.get(each)
        )
        for each, found in events.items()
    }


def answers(batch: Sequence[AppendCommand], rows: Iterable[asyncpg.Record]) -> list[Answer]:
    """Read what es.append answers, one for each command, in the order of the batch."""
    by_command = {row["command"]: row for row in rows}
    taken = [claim for each in batch for part in each.streams for claim in part.take]
    return [
        _answer(command, by_command[place], taken) for place, command in enumerate(batch, start=1)
    ]


def _answer(  # noqa: PLR0911 # a table: one return a status
    command: AppendCommand, row: asyncpg.Record, taken: Sequence[Claim]
) -> Answer:
    match row["status"]:
        case "appended":
            return Appended(versions_after(command), row["position"])
        case "duplicate":
            return _duplicate(row)
        case "conflict":
            return Conflict(row["stream_id"], row["version"])
        case "read_only":
            return ReadOnly(row["stream_id"])
        case "taken":
            return Taken(taken[row["claim"] - 1], row["stream_id"])
        case "out_of_scope":
            return OutOfScope(command.tenant)
        case "clock":
            return ClockOff(row["now"])
        case unknown:
            raise LookupError(f"es.append answered {unknown}")


def _duplicate(row: asyncpg.Record) -> Duplicate:
    versions = dict(zip(row["streams"], row["versions"], strict=True))
    return Duplicate(row["outcome"], versions, row["position"] or 0)


def _snapshot(row: asyncpg.Record) -> Snapshot:
    return Snapshot(row["version"], row["position"], row["type"], row["payload"])


def _head(row: asyncpg.Record) -> Head:
    return Head(
        version=row["version"],
        recorded_at=row["recorded_at"],
        leaf_hash=row["leaf_hash"],
        case_id=row["case_id"],
        read_only=row["read_only"],
    )


def _event_of(tenant: UUID, row: asyncpg.Record) -> StoredEvent:
    return StoredEvent(
        position=row["position"],
        tenant=tenant,
        stream_id=row["stream_id"],
        version=row["version"],
        event_id=row["event_id"],
        command_id=row["event_command_id"],
        type=row["type"],
        schema_version=row["schema_version"],
        occurred_at=row["occurred_at"],
        occurred_precision=row["occurred_precision"],
        recorded_at=row["recorded_at"],
        payload=row["payload"],
        sealed=row["sealed"],
        metadata=row["metadata"],
        blinding=row["blinding"],
        leaf_hash=row["leaf_hash"],
    )
