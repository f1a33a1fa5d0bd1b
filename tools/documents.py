"""Writes the documents that follow from the code; `--check` only says which are out of date.

docs/events.md               every stored event, what it means, what of it is sealed
docs/policy.md               who may call what
docs/transitions/            a page for each aggregate: what may be asked of it, what comes of it
docs/asyncapi.json           the topics, for subscribers (AsyncAPI 3.0)
docs/schemas/<service>/      a JSON Schema for each public event, and in forms/ for what others send
docs/faults.md               campaigns of faults, from docs/faults.json
docs/benchmarks.md           what was measured, from docs/benchmarks.json
"""

import argparse
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bench.document import current as benchmarks
from chassis.commands.own_events import OWN
from chassis.identity.policy import Relation
from chassis.outward.records import UNPUBLISHED
from chassis.running.serving import OWN_POLICY
from chassis.service import Service
from faults.document import document
from faults.ledger import load
from ledger.registry import Registry, personal_fields
from referrals.intake import web_form
from tools.transitions import FOLDER as TRANSITIONS
from tools.transitions import pages

DOCS = Path(__file__).parents[1] / "docs"
SERVICES = ("referrals", "casework", "groups", "notifications")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
HEADERS = {
    "ce_specversion": "1.0",
    "ce_id": "the event's id, a UUID",
    "ce_source": "/throughline/<service>",
    "ce_type": "throughline.<service>.<event>.v<version>; `unpublished` where nothing is told",
    "ce_subject": "the stream's id, a UUID",
    "ce_time": "when it was true in the world (RFC 3339, UTC)",
    "ce_timeprecision": "instant, or day (in London)",
    "ce_recordedtime": "when it was recorded (RFC 3339, UTC)",
    "ce_sequence": "the version in the stream, 20 digits: 1, 2, 3 … without a gap",
    "ce_partitionkey": "the record's key: <authority>:<case, or stream>",
    "ce_tenant": "the authority whose record it is, a UUID",
    "ce_category": "the stream's category",
    "ce_correlationid": "what belongs together, a UUID",
    "ce_caseid": "the case, where there is one",
    "ce_traceparent": "the W3C trace context, where there is one",
}


def service(name: str) -> Service:
    """Return a service's parts list."""
    found = import_module(f"{name}.__main__").SERVICE
    if not isinstance(found, Service):
        raise TypeError(f"{name}.__main__.SERVICE is no Service")
    return found


def meaning(kind: type) -> str:
    """Return what a type's docstring says, in one line."""
    return " ".join(inspect.cleandoc(kind.__doc__ or "").split())


def type_name(hint: Any) -> str:
    """Return a field's type as a reader would write it."""
    return str(getattr(hint, "__name__", hint)).replace("typing.", "").replace("uuid.", "")


def events() -> str:
    """Return the catalogue of stored events."""
    lines = [
        "# Stored events",
        "",
        "Generated from the code by `make generate`. Sealed fields name their block; everything",
        "else is clear in the store. Nothing here goes to a topic: see `schemas/` for that.",
        "",
    ]
    for name in SERVICES:
        lines += [f"## {name}", ""]
        lines += _catalogue(service(name).registry)
    lines += ["## In every service", ""]
    lines += _catalogue(OWN)
    return "\n".join(lines).rstrip() + "\n"


def _catalogue(registry: Registry) -> list[str]:
    lines = []
    for category, kind, version in sorted(registry.types(), key=lambda each: each[0]):
        sealed = personal_fields(kind)
        lines += [f"### {kind.__name__} (stream {category}, version {version})", "", meaning(kind)]
        lines += [""]
        for each in fields(kind):
            how = f"sealed in `{sealed[each.name].block.value}`" if each.name in sealed else "clear"
            lines.append(f"- `{each.name}`: {how}")
        lines.append("")
    return lines


def policy() -> str:
    """Return the table of who may call what."""
    lines = [
        "# Who may call what",
        "",
        "Generated from each service's policy by `make generate`. What is no row is denied.",
    ]
    tables = {name: service(name).policy.rows for name in SERVICES}
    for name, rows in {**tables, "every service": OWN_POLICY.rows}.items():
        lines += [
            "",
            f"## {name}",
            "",
            "| RPC | role | when | states | callers |",
            "|---|---|---|---|---|",
        ]
        for row in sorted(rows, key=lambda each: (each.method, each.role, each.relation)):
            when = "" if row.relation is Relation.ANY else row.relation.value
            lines.append(
                f"| {row.method.rsplit('/', 1)[1]} | {row.role.value} | {when}"
                f" | {', '.join(sorted(row.states))} | {', '.join(sorted(row.callers))} |"
            )
    return "\n".join(lines) + "\n"


def schema(name: str, kind: type, version: int) -> dict[str, Any]:
    """Return the JSON Schema of a public event's data."""
    made = TypeAdapter(kind).json_schema(mode="serialization")
    made.pop("description", None)
    return {
        "$schema": DIALECT,
        "$id": f"throughline.{name}.{kind.__name__}.v{version}",
        **made,
        "description": meaning(kind),
        "additionalProperties": False,
    }


def schemas() -> Iterator[tuple[Path, str]]:
    """Return the schema files."""
    for name in SERVICES:
        made = service(name)
        for kind in made.public_events:
            version = made.public_versions.get(kind.__name__, 1)
            file = DOCS / "schemas" / name / f"{kind.__name__}.v{version}.json"
            yield file, json.dumps(schema(name, kind, version), indent=2) + "\n"
    yield DOCS / "schemas" / "referrals" / "forms" / "web-form.v1.json", _form()


def _form() -> str:
    """Return the schema of the front door's web form."""
    whole = {"$schema": DIALECT, "$id": "throughline.referrals.web-form.v1", **web_form.schema()}
    return json.dumps(whole, indent=2) + "\n"


def asyncapi() -> str:
    """Return the description of all topics."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {UNPUBLISHED: _unpublished()}
    for name in SERVICES:
        made = service(name)
        told = {
            f"{name}.{kind.__name__}.v{made.public_versions.get(kind.__name__, 1)}": kind
            for kind in made.public_events
        }
        for key, kind in told.items():
            messages[key] = _message(key, kind)
        references = [*told, UNPUBLISHED]
        channels[name] = {
            "address": made.topic,
            "description": f"What {name} tells; keyed by authority and case, kept for good.",
            "messages": {key: _reference("messages", key) for key in references},
        }
        operations[f"hear-{name}"] = {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{key}"} for key in references],
        }
    whole = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Throughline",
            "version": "1",
            "description": "CloudEvents 1.0 in binary mode. No personal data. Repeats may come:"
            " ce_id tells them; ce_sequence tells a gap.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }
    return json.dumps(whole, indent=2) + "\n"


def _message(key: str, kind: type) -> dict[str, Any]:
    name, event, _ = key.split(".")
    return {
        "name": f"throughline.{key}",
        "summary": meaning(kind),
        "contentType": "application/json",
        "headers": _headers(),
        "payload": {"$ref": f"schemas/{name}/{event}.{key.rsplit('.', 1)[1]}.json"},
    }


def _unpublished() -> dict[str, Any]:
    return {
        "name": UNPUBLISHED,
        "summary": "A version of a stream of which nothing is told: headers, no data.",
        "headers": _headers(),
    }


def _headers() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": what} for name, what in HEADERS.items()
        },
    }


def _reference(kind: str, key: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{key}"}


def documents() -> Mapping[Path, str]:
    """Return every generated document with its text."""
    return {
        DOCS / "events.md": events(),
        DOCS / "policy.md": policy(),
        DOCS / "asyncapi.json": asyncapi(),
        DOCS / "faults.md": document(load(DOCS / "faults.json")),
        DOCS / "benchmarks.md": benchmarks(),
        **pages(SERVICES),
        **dict(schemas()),
    }


def main() -> int:
    """Write the documents, or say which are out of date."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    check = parser.parse_args().check
    made = documents()
    there = {*(DOCS / "schemas").rglob("*.json"), *TRANSITIONS.rglob("*.md")}
    stale = [
        file
        for file, text in made.items()
        if not file.is_file() or file.read_text(encoding="utf-8") != text
    ]
    extra = sorted(there - made.keys())
    if check:
        for file in [*stale, *extra]:
            print(f"{file.relative_to(DOCS.parent)} is out of date: run `make generate`")
        return 1 if stale or extra else 0
    for file, text in made.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for file in extra:
        file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
