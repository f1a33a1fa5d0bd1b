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
from ledger.looking import Found, Wanted

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


def read_found(tenant: UUID, wanted: Wanted, rows: Sequence[asyncpg.Record]) -> Found:
    """Read what es.look answers, for everything that was wanted; its first row is the clock."""
    heads: dict[UUID, Head] = {}
    snapshots: dict[UUID, Snapshot] = {}
    accepted: dict[UUID, Duplicate] = {}
    holders: dict[Claim, UUID] = {}
    events: dict[UUID, list[StoredEvent]] = {each: [] for each in wanted.streams}
    for row in rows[1:]:
        match row["kind"]:
            case "event":
                events[row["stream_id"]].append(_event_of(tenant, row))
            case "head":
                heads[row["stream_id"]] = _head(row)
            case "snapshot":
                snapshots[row["stream_id"]] = _snapshot(row)
            case "accepted":
                accepted[row["event_command_id"]] = _duplicate(row)
            case "claim":
                holders[wanted.claims[row["version"] - 1]] = row["stream_id"]
            case unknown:
                raise LookupError(f"es.look answered {unknown}")
    streams = {
        each: Loaded(heads.get(each, NO_HEAD), tuple(found), snapshots.get(each))
        for each, found in events.items()
    }
    return Found(rows[0]["now"], streams, accepted, holders)


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
