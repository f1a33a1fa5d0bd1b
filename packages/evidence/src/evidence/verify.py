"""Verifies a bundle with nothing but the bundle and public keys: no server, no network.

What it trusts are the keys it is given. Keys, names and claims inside the bundle are only compared.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from evidence.bundle import (
    HISTORY,
    MANIFEST,
    NARRATIVE,
    README,
    BadBundle,
    Manifest,
    part_name,
    read_manifest,
    readme,
    repacked,
    service_of,
    unpack_bundle,
    write_manifest,
)
from evidence.history import (
    Entry,
    NoHistory,
    entry_of,
    history_of,
    narrative_of,
    read_history,
)
from evidence.notes import Verifier
from evidence.report import Counts, Finding, Report, events_first
from evidence.verify_part import CheckedPart, verify_part


def verify_bundle(data: bytes, verifiers: Sequence[Verifier]) -> Report:
    """Check a bundle's bytes against the public keys of logs that the holder trusts.

    Every service whose key for the bundle's authority is given must have a part in it.
    """
    findings: list[Finding] = []
    try:
        files = unpack_bundle(data)
    except BadBundle as error:
        return Report(Counts(), (Finding("the file", str(error)),))
    try:
        manifest = read_manifest(files.get(MANIFEST, b""))
    except BadBundle as error:
        return Report(Counts(), (Finding(MANIFEST, str(error)),))
    parts = [
        verify_part(service, manifest.tenant, files[name], listed, verifiers)
        for service, listed in sorted(manifest.events.items())
        if (name := part_name(service)) in files
    ]
    for part in parts:
        findings += part.findings
    findings += _missing(files, manifest, verifiers)
    findings += _history(files, manifest, parts)
    findings += _forms(data, files, manifest, parts)
    return Report(_counts(parts), events_first(findings), manifest.tenant, manifest.case_id)


def _missing(
    files: Mapping[str, bytes], manifest: Manifest, verifiers: Sequence[Verifier]
) -> list[Finding]:
    """Find parts that are not there, and parts that nobody vouches for."""
    tenant = manifest.tenant
    logs = [each.name.split("/") for each in verifiers]
    known = {log[1] for log in logs if log[0] == "throughline" and log[2:] == [str(tenant)]}
    there = {service for name in files if (service := service_of(name))}
    listed = set(manifest.events)
    return [
        *(Finding(part_name(each), "the part is missing") for each in sorted(known - there)),
        *(Finding(part_name(each), "it is not listed") for each in sorted(there - listed)),
        *(Finding(part_name(each), "it is missing") for each in sorted(listed - there - known)),
        *(Finding(name, "it is missing") for name in (README, NARRATIVE) if name not in files),
    ]


def _history(
    files: Mapping[str, bytes], manifest: Manifest, parts: Sequence[CheckedPart]
) -> list[Finding]:
    """Make the history again from the events, and compare it with the one that was exported."""
    foreign, untold = _tellable(manifest, parts)
    if untold:
        return untold
    findings = foreign
    made = history_of({part.service: [event for _, event in part.events] for part in parts})
    try:
        findings += _compared(made, read_history(files.get(HISTORY, b"")), parts)
    except NoHistory as error:
        findings.append(Finding(HISTORY, str(error)))
    if files.get(NARRATIVE) != narrative_of(manifest.case_id, made).encode():
        findings.append(Finding(NARRATIVE, "it does not tell what the events tell"))
    return findings


def _tellable(
    manifest: Manifest, parts: Sequence[CheckedPart]
) -> tuple[list[Finding], list[Finding]]:
    """Find the events of other cases, and those that no history can be made of."""
    foreign: list[Finding] = []
    untold: list[Finding] = []
    for part in parts:
        where = part_name(part.service)
        for name, event in part.events:
            try:
                case_id = entry_of(part.service, event.columns).get("case_id")
            except NoHistory as error:
                untold.append(Finding(where, str(error), name))
                continue
            if case_id not in {None, str(manifest.case_id)}:
                foreign.append(Finding(where, f"it belongs to case {case_id}", name))
    return foreign, untold


def _compared(
    made: Sequence[Entry], exported: Sequence[Entry], parts: Sequence[CheckedPart]
) -> list[Finding]:
    names = {str(event.columns.event_id): name for part in parts for name, event in part.events}
    told = {str(entry.get("event_id")): entry for entry in exported}
    findings = [
        Finding(HISTORY, what, names[entry["event_id"]])
        for entry in made
        if (what := _difference(entry, told.get(entry["event_id"])))
    ]
    if [entry["event_id"] for entry in made] != [entry.get("event_id") for entry in exported]:
        findings.append(Finding(HISTORY, "it tells other events, or in another order"))
    return findings


def _difference(made: Entry, exported: Entry | None) -> str | None:
    if exported is None:
        return "the history does not tell it"
    fields = sorted(
        name for name in made.keys() | exported.keys() if made.get(name) != exported.get(name)
    )
    return f"the history tells it otherwise: {', '.join(fields)[:200]}" if fields else None


def _forms(
    data: bytes,
    files: Mapping[str, bytes],
    manifest: Manifest,
    parts: Sequence[CheckedPart],
) -> list[Finding]:
    """Compare what follows from the rest, byte for byte."""
    findings: list[Finding] = []
    if files.get(README) != readme():
        findings.append(Finding(README, "it was changed"))
    contents = {name: content for name, content in files.items() if name != MANIFEST}
    try:
        events = {part.service: [event for _, event in part.events] for part in parts}
        made = write_manifest(manifest.tenant, manifest.case_id, contents, events)
    except (ValueError, KeyError):
        # A line that could not be read, or a part that is missing: found before.
        made = None
    if made is not None and made != files[MANIFEST]:
        changed = [
            name
            for name, content in contents.items()
            if manifest.files.get(name) != _listed(content)
        ]
        what = f"it does not list what is there; {', '.join(changed) or 'itself'} was changed"
        findings.append(Finding(changed[0] if changed else MANIFEST, what))
    if repacked(files) != data:
        findings.append(Finding("the file", "it is not packed as an export packs it"))
    return findings


def _listed(content: bytes) -> tuple[int, str]:
    return len(content), sha256(content).hexdigest()


def _counts(parts: Sequence[CheckedPart]) -> Counts:
    return Counts(
        parts=len(parts),
        events=sum(len(part.events) for part in parts),
        streams=len({name.stream_id for part in parts for name, _ in part.events}),
        checkpoints=sum(part.checkpoint is not None for part in parts),
        left_out=sum(part.left_out for part in parts),
    )
