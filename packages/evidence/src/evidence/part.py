"""A service's part of an exported case: JSON, laid out in one way only, one event a line.

The first line opens the object: format, service, tenant, the signed checkpoint, the schemas of the
events, and the leaf hashes of earlier versions that are not part of the export. Each line after it
is an event with all of its stored columns (bytes in base64, instants in UTC), its leaf hash, its
place in the log and its proof of inclusion. A reader accepts these very bytes and no other way to
write the same, so that no byte can change unnoticed.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from evidence.leaf import LeafColumns, LeafInput

FORMAT: Final = "throughline-part/1"
MAX_PART_BYTES: Final = 128 * 1024 * 1024
MAX_EVENTS: Final = 100_000

_OPENING: Final = ',"events":['
_CLOSING: Final = "]}"
_FAULTS: Final = (ValueError, KeyError, TypeError, OverflowError, RecursionError)


class BadPart(ValueError):  # noqa: N818 # it says what was found
    """A part, or a line of it, is not what a service writes."""


@dataclass(frozen=True, slots=True)
class PartEvent:
    """One event with its leaf hash, its index in the log, and the proof for the checkpoint."""

    columns: LeafInput
    leaf_hash: bytes
    leaf_index: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PartHead:
    """What a part says before its events.

    `checkpoint` is the signed note of the log's state that the proofs lead to. `predecessors` holds
    the leaf hash of each (stream, version) that an event follows and that is not in the part.
    """

    service: str
    tenant: UUID
    checkpoint: str
    predecessors: Mapping[tuple[UUID, int], bytes]
    schemas: tuple[str, ...] = ()


def schemas_of(events: Sequence[PartEvent]) -> tuple[str, ...]:
    """Name the schemas of events, sorted, as `<type>.v<schema version>`."""
    return tuple(sorted({f"{e.columns.type}.v{e.columns.schema_version}" for e in events}))


def predecessors_needed(events: Iterable[LeafColumns]) -> set[tuple[UUID, int]]:
    """Name the (stream, version) before each event that is not among them: `predecessors`' keys."""
    there = {(event.stream_id, event.version) for event in events}
    before = {(stream_id, version - 1) for stream_id, version in there if version > 1}
    return before - there


def write_part(
    service: str,
    tenant: UUID,
    checkpoint: str,
    predecessors: Mapping[tuple[UUID, int], bytes],
    events: Sequence[PartEvent],
) -> bytes:
    """Return a part's bytes. Events stand in the log's order; no events is a part too."""
    ordered = sorted(events, key=lambda event: event.leaf_index)
    if len(ordered) > MAX_EVENTS or any(event.columns.tenant != tenant for event in ordered):
        raise BadPart(f"a part holds at most {MAX_EVENTS} events, all of its authority")
    head = PartHead(service, tenant, checkpoint, predecessors, schemas_of(ordered))
    lines = [encode_event(event) for event in ordered]
    return "\n".join([_encode_head(head), *_with_commas(lines), _CLOSING, ""]).encode()


def split_part(data: bytes) -> tuple[str, list[str]]:
    """Return the first line and the events' lines (without the commas between them).

    BadPart where the frame around them is not that of a part.
    """
    if len(data) > MAX_PART_BYTES:
        raise BadPart(f"it is longer than {MAX_PART_BYTES} bytes")
    # Latin-1 never fails and keeps each byte; what is not ASCII is refused line by line.
    lines = data.decode("latin-1").split("\n")
    if len(lines) < 3 or lines[-2:] != [_CLOSING, ""]:  # noqa: PLR2004 # head, closing, end
        raise BadPart("it does not end as a part does")
    if len(lines) - 3 > MAX_EVENTS:
        raise BadPart(f"it holds more than {MAX_EVENTS} events")
    return lines[0], lines[1:-2]


def decode_head(line: str) -> PartHead:
    """Read the first line, or BadPart."""
    try:
        if not line.endswith(_OPENING):
            raise BadPart("its first line does not open the events")
        row = _object(line.removesuffix(_OPENING) + "}")
        head = PartHead(
            service=_text(row["service"]),
            tenant=UUID(row["tenant"]),
            checkpoint=_text(row["checkpoint"]),
            predecessors={
                (UUID(each["stream_id"]), _count(each["version"])): _bytes(each["leaf_hash"])
                for each in row["predecessors"]
            },
            schemas=tuple(_text(each) for each in row["schemas"]),
        )
        canonical = _encode_head(head) == line
    except _FAULTS as error:
        raise BadPart("its first line cannot be read") from error
    if not canonical:
        raise BadPart("its first line is not written as a service writes it")
    return head


def encode_event(event: PartEvent) -> str:
    """Return an event's line, without a comma."""
    columns = event.columns
    row = {
        "event_id": str(columns.event_id),
        "stream_id": str(columns.stream_id),
        "version": columns.version,
        "command_id": str(columns.command_id),
        "type": columns.type,
        "schema_version": columns.schema_version,
        "occurred_at": instant(columns.occurred_at),
        "occurred_precision": columns.occurred_precision,
        "recorded_at": instant(columns.recorded_at),
        "payload": _b64(columns.payload),
        "sealed": _b64(columns.sealed),
        "metadata": _b64(columns.metadata),
        "blinding": _b64(columns.blinding),
        "leaf_hash": _b64(event.leaf_hash),
        "leaf_index": event.leaf_index,
        "proof": [_b64(each) for each in event.proof],
    }
    return json.dumps(row, separators=(",", ":"))


def decode_event(line: str, tenant: UUID) -> PartEvent:
    """Read an event's line, or BadPart."""
    try:
        row = _object(line)
        columns = LeafInput(
            tenant=tenant,
            stream_id=UUID(row["stream_id"]),
            version=_count(row["version"]),
            event_id=UUID(row["event_id"]),
            command_id=UUID(row["command_id"]),
            type=_text(row["type"]),
            schema_version=_count(row["schema_version"]),
            occurred_at=datetime.fromisoformat(row["occurred_at"]),
            occurred_precision=_text(row["occurred_precision"]),
            recorded_at=datetime.fromisoformat(row["recorded_at"]),
            payload=_bytes(row["payload"]),
            sealed=_bytes(row["sealed"]),
            metadata=_bytes(row["metadata"]),
            blinding=_bytes(row["blinding"]),
        )
        event = PartEvent(
            columns,
            _bytes(row["leaf_hash"]),
            _count(row["leaf_index"]),
            tuple(_bytes(each) for each in row["proof"]),
        )
        canonical = encode_event(event) == line
    except _FAULTS as error:
        raise BadPart("its line cannot be read") from error
    if not canonical:
        raise BadPart("its line is not written as a service writes it")
    return event


def instant(at: datetime) -> str:
    """Write an instant in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _encode_head(head: PartHead) -> str:
    row = {
        "format": FORMAT,
        "service": head.service,
        "tenant": str(head.tenant),
        "checkpoint": head.checkpoint,
        "schemas": list(head.schemas),
        "predecessors": [
            {"stream_id": str(stream_id), "version": version, "leaf_hash": _b64(leaf)}
            for (stream_id, version), leaf in sorted(head.predecessors.items())
        ],
    }
    return json.dumps(row, separators=(",", ":"))[:-1] + _OPENING


def _with_commas(lines: Sequence[str]) -> list[str]:
    return [f"{line}," for line in lines[:-1]] + list(lines[-1:])


def _object(text: str) -> dict[str, Any]:
    row = json.loads(text)
    if not isinstance(row, dict):
        raise BadPart("it is no JSON object")
    return row


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadPart("a text is expected")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadPart("a count is expected")
    return value


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise BadPart("base64 is expected") from error
