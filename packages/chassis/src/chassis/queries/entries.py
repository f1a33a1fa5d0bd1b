"""A history's entries: a stored event, told by passing on what stands in it as JSON. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value
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


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of one event; `data` is JSON: its clear part, and what was opened of it."""

    told: Told
    data: Mapping[str, Any]
    sealed_fields: Sequence[str]


def parts_of(
    service: str, tellings: Iterable[Telling], at_once: int
) -> Iterator[history_pb2.ReadHistoryResponse]:
    """Put entries into parts: up to `at_once` together, or with 0 each in a part as `entry`."""
    part, held_bytes = history_pb2.ReadHistoryResponse(), 0
    for each in tellings:
        if at_once == 0:
            yield history_pb2.ReadHistoryResponse(entry=_entry(history_pb2.Entry, service, each))
            continue
        held = part.entries.entries
        # Made where it will stand: to copy it there costs as much as to make it.
        entry = _entry(held.add, service, each)
        entry_bytes = entry.ByteSize()
        if len(held) > at_once or (held_bytes and held_bytes + entry_bytes > PART_BYTES):
            following = history_pb2.ReadHistoryResponse(
                entries=history_pb2.Entries(entries=[entry])
            )
            del held[-1]
            yield part
            part, held_bytes = following, 0
        held_bytes += entry_bytes
    if held_bytes:
        yield part


def _entry(
    make: Callable[..., history_pb2.Entry], service: str, telling: Telling
) -> history_pb2.Entry:
    stored, beside = telling.told.fact.stored, telling.told.fact.beside
    entry = make(
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
        corrected_by=str(telling.told.corrected_by or ""),
        sealed_fields=telling.sealed_fields,
        **{field: beside[name] for name, field in _BESIDE.items() if name in beside},
    )
    _fill(entry.data, telling.data)
    return entry


def _fill(struct: Struct, data: Mapping[str, Any]) -> None:
    """Put JSON into a struct; its own `update` takes a third longer."""
    struct.SetInParent()
    fields = struct.fields
    for name, said in data.items():
        _put(fields[name], said)


def _put(value: Value, said: Any) -> None:
    if isinstance(said, str):
        value.string_value = said
    elif said is None:
        value.null_value = NULL_VALUE
    # Before numbers: Python takes a boolean for one.
    elif isinstance(said, bool):
        value.bool_value = said
    elif isinstance(said, dict):
        _fill(value.struct_value, said)
    elif isinstance(said, list):
        value.list_value.SetInParent()
        for each in said:
            _put(value.list_value.values.add(), each)
    else:
        value.number_value = said


def timestamp(at: datetime) -> Timestamp:
    """Return an instant as the contract says it."""
    since = at - _BEGINNING
    return Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1_000)


def _occurred(stored: StoredEvent) -> common_pb2.Occurred:
    if stored.occurred_precision == "day":
        return common_pb2.Occurred(day=london_day(stored.occurred_at).isoformat())
    return common_pb2.Occurred(instant=timestamp(stored.occurred_at))
