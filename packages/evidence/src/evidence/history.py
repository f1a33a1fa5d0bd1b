"""The history that a bundle tells: made from events alone, by one function for all services.

It knows no event type: the clear part of each event is told as it was stored, personal fields by
their names only. The exporter writes what the services answer; the verifier makes it again here.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from evidence.leaf import LeafInput
from evidence.part import PartEvent, instant

Entry: TypeAlias = dict[str, Any]
"""One recorded fact, by the field names of `throughline.history.v1.Entry`, without position.

`occurred` is a day (`2025-09-01`) or an instant, `recorded_at` an instant. Empty fields are left
out, and empty values of `data` too.
"""

MAX_ENTRIES: Final = 400_000

_LONDON: Final = ZoneInfo("Europe/London")
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_METADATA: Final = {
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
_NEEDED: Final = ("category", "actor_id", "actor_role", "basis")


class NoHistory(ValueError):  # noqa: N818 # it says what was found
    """An event's bytes do not tell what a history needs."""


def history_of(parts: Mapping[str, Sequence[PartEvent]]) -> list[Entry]:
    """Return the facts of all services in the order they were recorded."""
    events = sorted(
        ((service, event) for service, own in parts.items() for event in own),
        key=lambda pair: (pair[1].columns.recorded_at, pair[0], pair[1].leaf_index),
    )
    entries = [entry_of(service, event.columns) for service, event in events]
    corrected_by = {
        entry["corrects"]: entry["event_id"] for entry in entries if "corrects" in entry
    }
    for entry in entries:
        if entry["event_id"] in corrected_by:
            entry["corrected_by"] = corrected_by[entry["event_id"]]
    return entries


def entry_of(service: str, event: LeafInput) -> Entry:
    """Tell one event, or NoHistory."""
    metadata, data = _object(event.metadata, "metadata"), _object(event.payload, "payload")
    entry: Entry = {
        "service": service,
        "event_id": str(event.event_id),
        "authority": str(event.tenant),
        "stream_id": str(event.stream_id),
        "version": event.version,
        "type": event.type,
        "schema_version": event.schema_version,
        "occurred": _occurred(event),
        "recorded_at": instant(event.recorded_at),
        "command_id": str(event.command_id),
        "data": data,
        "sealed_fields": _sealed_fields(event.sealed),
    }
    entry |= _told_of(metadata)
    return tidied(entry)


def tidied(entry: Mapping[str, Any]) -> Entry:
    """Leave out what is empty, so that two ways to say nothing compare equal."""
    kept = {name: value for name, value in entry.items() if value not in (None, "", [], {})}
    if isinstance(kept.get("data"), dict):
        kept["data"] = {name: value for name, value in kept["data"].items() if value is not None}
    return {name: value for name, value in kept.items() if value != {}}


def write_history(entries: Sequence[Entry]) -> bytes:
    """Return the bytes of history.json: one entry a line."""
    lines = [json.dumps(tidied(entry), separators=(",", ":"), sort_keys=True) for entry in entries]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def read_history(data: bytes) -> list[Entry]:
    """Read history.json; NoHistory unless it is written as `write_history` does."""
    try:
        entries = json.loads(data)
        canonical = (
            isinstance(entries, list)
            and len(entries) <= MAX_ENTRIES
            and write_history(entries) == data
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NoHistory("it cannot be read") from error
    if not canonical:
        raise NoHistory("it is not written as a history is")
    return list(entries)


def narrative_of(case_id: UUID, entries: Sequence[Entry]) -> str:
    """Tell a history in plain words (Markdown), by days in London."""
    services = ", ".join(sorted({str(entry["service"]) for entry in entries})) or "none"
    lines = [
        f"# What is recorded of case {case_id}",
        "",
        f"{len(entries)} facts, in the order they were recorded, by days in London.",
        f"Services: {services}.",
        "Names, addresses and free words are sealed and do not appear here.",
        "",
    ]
    for day, own in groupby(entries, lambda entry: _london(entry["recorded_at"]).date()):
        lines += [f"## {_day(day)}", ""]
        lines += [_sentence(entry) for entry in own]
        lines.append("")
    return "\n".join(lines)


def _sentence(entry: Entry) -> str:
    """Tell one fact in a line."""
    at = _london(entry["recorded_at"]).strftime("%H:%M:%S")
    words = [f"- {at} {entry['service']}: **{_spoken(entry['type'])}**"]
    words.append(f" ({entry['category']} {entry['stream_id']}, version {entry['version']}),")
    words.append(f" by {entry['actor_role']} {entry['actor_id']}")
    if "on_behalf_of" in entry:
        words.append(f" for {entry['on_behalf_of']}")
    words.append(f". Occurred {entry['occurred']}.")
    if entry["basis"] != "fact":
        words.append(f" Basis: {entry['basis']}.")
    if "data" in entry:
        told = (f"{name} = {_value(value)}" for name, value in sorted(entry["data"].items()))
        words.append(f" {'; '.join(told)}.")
    if "sealed_fields" in entry:
        words.append(f" Sealed: {', '.join(entry['sealed_fields'])}.")
    if "corrects" in entry:
        words.append(f" Sets right event {entry['corrects']}.")
    if "corrected_by" in entry:
        words.append(f" Was set right by event {entry['corrected_by']}.")
    words.append(f" Event {entry['event_id']}.")
    return "".join(words)


def _told_of(metadata: Mapping[str, Any]) -> Entry:
    told = {name: metadata[stored] for stored, name in _METADATA.items() if stored in metadata}
    subjects = told.get("subjects", [])
    texts = [each for name, each in told.items() if name != "subjects"]
    if not isinstance(subjects, list) or not all(isinstance(e, str) for e in [*texts, *subjects]):
        raise NoHistory("its metadata is not texts")
    if missing := [name for name in _NEEDED if not told.get(name)]:
        raise NoHistory(f"its metadata lacks {', '.join(missing)}")
    return told


def _object(data: bytes, what: str) -> dict[str, Any]:
    try:
        row = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoHistory(f"its {what} is no JSON") from error
    if not isinstance(row, dict):
        raise NoHistory(f"its {what} is no JSON object")
    return row


def _sealed_fields(sealed: bytes) -> list[str]:
    if not sealed:
        return []
    try:
        return sorted({str(name) for block in json.loads(sealed) for name in block["fields"]})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoHistory("its sealed blocks cannot be listed") from error


def _occurred(event: LeafInput) -> str:
    if event.occurred_precision != "day":
        return instant(event.occurred_at)
    try:
        return event.occurred_at.astimezone(_LONDON).date().isoformat()
    except OverflowError as error:
        raise NoHistory("its day cannot be told") from error


def _london(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(_LONDON)


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _spoken(name: str) -> str:
    """Turn ReferralReceived into "Referral received"."""
    words = "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()
    return words[:1].upper() + words[1:]


def _value(value: object) -> str:
    return value if isinstance(value, str) and value.isprintable() else json.dumps(value)
