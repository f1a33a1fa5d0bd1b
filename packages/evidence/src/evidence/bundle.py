"""A bundle: one zip file that holds a case as all services recorded it, with its proofs.

    README.txt               how to check it
    manifest.json            the files with their hashes, and every event by its line in its part
    narrative.md             the history in plain words
    history.json             the history as data
    parts/<service>.json     what the service recorded, with proofs and the signed checkpoint

Everything but the parts follows from the parts (and the history, where the exporter asked the
services for it), so a verifier can make it again and compare.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from evidence.container import MAX_BYTES, BadContainer, pack, unpack
from evidence.history import Entry, history_of, narrative_of, write_history
from evidence.part import PartEvent, decode_event, decode_head, split_part

FORMAT: Final = "throughline-bundle/1"
README: Final = "README.txt"
MANIFEST: Final = "manifest.json"
NARRATIVE: Final = "narrative.md"
HISTORY: Final = "history.json"

_FIRST: Final = {name: place for place, name in enumerate((README, MANIFEST, NARRATIVE, HISTORY))}
_PART: Final = re.compile(r"parts/([a-z][a-z0-9-]{0,40})\.json")
_README_TEXT: Final = """\
This file is the record of one case, exported from Throughline, with proofs that it is complete in
itself and unchanged.

  narrative.md   what happened, in plain words
  history.json   the same as data
  parts/         what each service recorded, byte for byte, with its place in that service's log,
                 proofs, and the log's signed state
  manifest.json  the list of files and events

To check it you need the program "throughline" and the public keys of the logs, which you must have
from the authority itself and not from whoever gave you this file:

  throughline verify FILE --keys KEYS

It needs no network. It says "verified", or names the first thing that is wrong. Do not unpack and
pack this file again: what another program packs is no longer the file that was exported.

Names, addresses and free words are sealed: they are here, encrypted, and stay unreadable for
whoever does not hold the keys of the person they are about.
"""


class BadBundle(ValueError):  # noqa: N818 # it says what was found
    """A bundle cannot be made or read; the words name the file."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An event as the manifest lists it: the line of the part with the same number."""

    stream_id: UUID
    version: int
    event_id: UUID
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says it holds."""

    tenant: UUID
    case_id: UUID
    files: Mapping[str, tuple[int, str]]
    events: Mapping[str, tuple[Listed, ...]]


def part_name(service: str) -> str:
    """Name a service's part."""
    return f"parts/{service}.json"


def service_of(name: str) -> str | None:
    """Return the service whose part has this name, or nothing if it is no part's name."""
    match = _PART.fullmatch(name)
    return match[1] if match else None


def make_bundle(
    tenant: UUID,
    case_id: UUID,
    parts: Mapping[str, bytes],
    history: Sequence[Entry] | None = None,
) -> bytes:
    """Return the bytes of a bundle of a case's parts, by service.

    `history` is what the services themselves answer of the case; without it, what the parts tell.
    BadPart or BadBundle where a part is not one, or another authority's or service's.
    """
    events: dict[str, list[PartEvent]] = {}
    for service, data in parts.items():
        head_line, lines = split_part(data)
        head = decode_head(head_line)
        if (head.service, head.tenant) != (service, tenant) or not service_of(part_name(service)):
            raise BadBundle(f"{part_name(service)} is a part of {head.service} of {head.tenant}")
        events[service] = [decode_event(line, tenant) for line in uncommaed(lines)]
    told = history_of(events)
    files = {
        README: _README_TEXT.encode(),
        NARRATIVE: narrative_of(case_id, told).encode(),
        HISTORY: write_history(told if history is None else history),
        **{part_name(service): data for service, data in parts.items()},
    }
    return repacked({**files, MANIFEST: write_manifest(tenant, case_id, files, events)})


def write_bundle(
    path: Path,
    tenant: UUID,
    case_id: UUID,
    parts: Mapping[str, bytes],
    history: Sequence[Entry] | None = None,
) -> None:
    """Write a bundle to a file, whole or not at all."""
    data = make_bundle(tenant, case_id, parts, history)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)


def read_bundle(path: Path) -> bytes:
    """Read a bundle's bytes; BadBundle if it is longer than a bundle may be."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadBundle(f"{path.name} is longer than {MAX_BYTES} bytes")
    return data


def unpack_bundle(data: bytes) -> dict[str, bytes]:
    """Return a bundle's files by name, in order; BadBundle for a name that no bundle has.

    Nothing is written anywhere: a name such as `../x` is only ever refused.
    """
    try:
        files = dict(unpack(data))
    except BadContainer as error:
        raise BadBundle(str(error)) from error
    for name in files:
        if name not in {README, MANIFEST, NARRATIVE, HISTORY} and not service_of(name):
            raise BadBundle(f"a bundle has no file of the name {name[:80]!r}")
    return files


def repacked(files: Mapping[str, bytes]) -> bytes:
    """Return the one container that these files make."""
    ordered = sorted(files, key=lambda name: (_FIRST.get(name, len(_FIRST)), name))
    return pack((name, files[name]) for name in ordered)


def readme() -> bytes:
    """Return README.txt, the same in every bundle."""
    return _README_TEXT.encode()


def uncommaed(lines: Sequence[str]) -> list[str]:
    """Take the comma off each event's line but the last."""
    return [line.removesuffix(",") for line in lines[:-1]] + list(lines[-1:])


def write_manifest(
    tenant: UUID,
    case_id: UUID,
    files: Mapping[str, bytes],
    events: Mapping[str, Sequence[PartEvent]],
) -> bytes:
    """Return the bytes of manifest.json for these files (without itself) and their events."""
    row = {
        "format": FORMAT,
        "authority": str(tenant),
        "case_id": str(case_id),
        "files": {
            name: {"bytes": len(data), "sha256": sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        },
        "events": {
            service: [
                {
                    "stream_id": str(event.columns.stream_id),
                    "version": event.columns.version,
                    "event_id": str(event.columns.event_id),
                    "sha256": sha256(line.encode("latin-1")).hexdigest(),
                }
                for event, line in zip(own, _lines(files[part_name(service)]), strict=True)
            ]
            for service, own in sorted(events.items())
        },
    }
    return (json.dumps(row, indent=1) + "\n").encode()


def _lines(part: bytes) -> list[str]:
    return uncommaed(split_part(part)[1])


def read_manifest(data: bytes) -> Manifest:
    """Read manifest.json, or BadBundle."""
    try:
        row: dict[str, Any] = json.loads(data)
        return Manifest(
            tenant=UUID(row["authority"]),
            case_id=UUID(row["case_id"]),
            files={
                name: (int(each["bytes"]), str(each["sha256"]))
                for name, each in row["files"].items()
            },
            events={
                service: tuple(
                    Listed(
                        UUID(each["stream_id"]),
                        int(each["version"]),
                        UUID(each["event_id"]),
                        str(each["sha256"]),
                    )
                    for each in listed
                )
                for service, listed in row["events"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadBundle("it cannot be read") from error
