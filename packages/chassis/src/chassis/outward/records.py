"""Stored events as records of a topic: CloudEvents 1.0, binary mode.

Every stored event gives exactly one record. One without public words goes with its headers only, so
that a reader sees each version of a stream and knows a gap for a loss. Nothing personal is in one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from pydantic import TypeAdapter
from pydantic_core import SchemaSerializer, from_json

from chassis.commands.own_events import OWN_CATEGORIES
from chassis.service import Service
from ledger.commands import StoredEvent

UNPUBLISHED = "unpublished"

_SPECVERSION = ("ce_specversion", b"1.0")
_JSON = ("content-type", b"application/json")

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """A record's bytes: what the relay sends and what a reader of `ReadPublished` gets."""

    key: bytes
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record as it came: its place in the topic, and its bytes."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@cache
def _serializer(kind: type) -> SchemaSerializer:
    return TypeAdapter(kind).serializer


@cache
def _type_header(service: str, name: str, version: int) -> tuple[str, bytes]:
    return "ce_type", f"throughline.{service}.{name}.v{version}".encode()


@cache
def _source_header(service: str) -> tuple[str, bytes]:
    return "ce_source", f"/throughline/{service}".encode()


def to_record(service: Service, stored: StoredEvent) -> TopicRecord:
    """Map a stored event to its record."""
    # What the chassis records itself is told to nobody.
    if service.registry.category(stored.type) in OWN_CATEGORIES:
        return to_unpublished(service, stored)
    return _record(service, stored, service.publish(service.registry.decode(stored)))


def to_unpublished(service: Service, stored: StoredEvent) -> TopicRecord:
    """Map a stored event to a record that says no more than that there is one."""
    return _record(service, stored, None)


def _record(service: Service, stored: StoredEvent, public: object | None) -> TopicRecord:
    # Read for itself, as text: to make ids and instants of it, and text again of them, would be
    # half of what a record costs.
    meta = from_json(stored.metadata)
    tenant, stream_id, case_id = str(stored.tenant), str(stored.stream_id), meta.get("case_id")
    key = f"{tenant}:{case_id or stream_id}".encode()
    name = type(public).__name__ if public is not None else UNPUBLISHED
    headers = [
        _SPECVERSION,
        ("ce_id", str(stored.event_id).encode()),
        _source_header(service.name),
        _type_header(service.name, name, service.public_versions.get(name, 1)),
        ("ce_subject", stream_id.encode()),
        ("ce_time", _instant(stored.occurred_at)),
        ("ce_timeprecision", stored.occurred_precision.encode()),
        ("ce_recordedtime", _instant(stored.recorded_at)),
        ("ce_sequence", b"%020d" % stored.version),
        ("ce_partitionkey", key),
        ("ce_tenant", tenant.encode()),
        ("ce_category", meta["category"].encode()),
        ("ce_correlationid", meta["correlation_id"].encode()),
    ]
    if case_id is not None:
        headers.append(("ce_caseid", case_id.encode()))
    if (trace := meta.get("traceparent")) is not None:
        headers.append(("ce_traceparent", trace.encode()))
    if public is None:
        return TopicRecord(key, None, tuple(headers))
    headers.append(_JSON)
    kind: type = type(public)
    return TopicRecord(key, _serializer(kind).to_json(public), tuple(headers))


def event_name(record: TopicRecord) -> str:
    """Return the public name in a record of ours, `unpublished` where nothing is told."""
    return dict(record.headers)["ce_type"].decode().split(".")[2]


def traceparent_of(headers: Sequence[tuple[str, bytes]]) -> str | None:
    """Return the W3C trace context that a record carries."""
    value = dict(headers).get("ce_traceparent")
    return value.decode("ascii", "replace") if value is not None else None


def _instant(at: datetime) -> bytes:
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    # Without its "+00:00".
    return utc.isoformat(timespec="microseconds")[:-6].encode() + b"Z"
