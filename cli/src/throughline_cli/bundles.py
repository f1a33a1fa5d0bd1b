"""Exporting a case to a bundle, and checking bundles and live stores."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import grpc
from rich.text import Text

from evidence.bundle import read_bundle, uncommaed, write_bundle
from evidence.notes import Verifier, read_vkeys
from evidence.part import decode_event, split_part, write_part
from evidence.verify import verify_bundle
from throughline.common.v1 import common_pb2
from throughline.history.v1 import history_pb2, history_pb2_grpc
from throughline_cli.past import PURPOSE, Asked, as_exported, of_those_who_know, read_history
from throughline_cli.reaching import Line


class NoKeys(Exception):  # noqa: N818 # named for what was found
    """A file that should hold the public keys of logs does not."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check came to, and how to say it."""

    ok: bool
    text: Text


async def export_case(line: Line, case_id: str, authority: str, out: Path) -> int:
    """Write a case's bundle; answer how many events it holds."""
    known = await of_those_who_know(line, lambda channel: _part(channel, case_id, authority))
    # Whoever knows nothing of the case has an empty part: it holds nothing that was signed.
    by_service = {
        name: known.get(name) or write_part(name, UUID(authority), "", {}, [])
        for name in line.channels
    }
    told = await read_history(line, Asked(case_id, authority))
    exported = {
        str(decode_event(event, UUID(authority)).columns.event_id)
        for part in by_service.values()
        for event in uncommaed(split_part(part)[1])
    }
    # What came after the parts were cut is in no part.
    history = [as_exported(entry) for entry in told.entries if entry.event_id in exported]
    await asyncio.to_thread(write_bundle, out, UUID(authority), UUID(case_id), by_service, history)
    return len(exported)


async def _part(channel: grpc.aio.Channel, case_id: str, authority: str) -> bytes:
    stub = history_pb2_grpc.HistoryServiceStub(channel)
    request = history_pb2.ExportEvidenceRequest(
        context=common_pb2.ReadContext(authority=authority, purpose=PURPOSE), case_id=case_id
    )
    return b"".join([answer.chunk async for answer in stub.ExportEvidence(request)])


def verify_file(file: Path, keys: Path) -> Verdict:
    """Check a bundle with the public keys of a file; no server, no network."""
    verifiers = read_keys(keys)
    report = verify_bundle(read_bundle(file), verifiers)
    return verdict_of(
        [str(each) for each in report.findings],
        f"{report.counts.events} events of {report.counts.streams} streams",
    )


def read_keys(file: Path) -> Sequence[Verifier]:
    """Return the public keys of logs that a file holds. Raises NoKeys."""
    try:
        return read_vkeys(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NoKeys(f"{file} does not hold public keys, one a line: {error}") from None


def verdict_of(findings: Sequence[str], what: str) -> Verdict:
    """Say that all is verified, or everything that was found wrong, the worst first."""
    if not findings:
        return Verdict(ok=True, text=Text(f"verified: {what}", "bold green"))
    text = Text("NOT verified\n", "bold red")
    for finding in findings:
        text.append(f"  {finding}\n", "red")
    return Verdict(ok=False, text=text)
