"""A history's entries: a stored event, told by passing on what stands in it as JSON. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.queries.past import Told
from ledger.clock import london_day
from ledger.commands import StoredEvent
from throughline.common.v1 import common_pb2
from throughline.history.v1 import history_pb2

PART_BYTES: Final = 256 * 1024
"""Entries that go together are about this many bytes: a single one may be more."""

_BESIDE: Final = {
    "category": "category",
    "actor": "actor_id",
    "role": "actor_role",
    "on_behalf_of": "on_behalf_of",
    "correlation_id": "correlation_id",
    "causation_id": "causation_id",
    "basis": "basis",
    "corrects": "corrects",
    "subjects": "subjects",
    "case_id": "case_id",
}
"""What the fields of an entry are called that stand beside an event."""

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def entry_of(
    service: str, told: Told, data: Mapping[str, Any], sealed_fields: Iterable[str]
) -> history_pb2.Entry:
    """Tell one event; `data` is JSON: its clear part, and what was opened of it."""
    stored, beside = told.fact.stored, told.fact.beside
    entry = history_pb2.Entry(
        service=service,
        event_id=str(stored.event_id),
        authority=str(stored.tenant),
        stream_id=str(stored.stream_id),
        version=stored.version,
        position=stored.position,
        type=stored.type,
        schema_version=stored.schema_version,
        occurred=_occurred(stored),
        recorded_at=timestamp(stored.recorded_at),
        command_id=str(stored.command_id),
        corrected_by=str(told.corrected_by or ""),
        sealed_fields=sealed_fields,
        **{field: beside[name] for name, field in _BESIDE.items() if name in beside},
    )
    entry.data.update(data)
    return entry


def parts_of(
    entries: Iterable[history_pb2.Entry], at_once: int
) -> Iterator[history_pb2.ReadHistoryResponse]:
    """Put entries into parts: up to `at_once` together, or with 0 each in a part as `entry`."""
    part, held_bytes = history_pb2.ReadHistoryResponse(), 0
    for entry in entries:
        if at_once == 0:
            yield history_pb2.ReadHistoryResponse(entry=entry)
            continue
        entry_bytes = entry.ByteSize()
        held = len(part.entries.entries)
        if held == at_once or (held and held_bytes + entry_bytes > PART_BYTES):
            yield part
            part, held_bytes = history_pb2.ReadHistoryResponse(), 0
        part.entries.entries.append(entry)
        held_bytes += entry_bytes
    if held_bytes:
        yield part


def timestamp(at: datetime) -> Timestamp:
    """Return an instant as the contract says it."""
    since = at - _BEGINNING
    return Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1_000)


def _occurred(stored: StoredEvent) -> common_pb2.Occurred:
    if stored.occurred_precision == "day":
        return common_pb2.Occurred(day=london_day(stored.occurred_at).isoformat())
    return common_pb2.Occurred(instant=timestamp(stored.occurred_at))
