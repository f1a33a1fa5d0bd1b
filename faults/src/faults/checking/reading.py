"""Reading a campaign's folder: what it is, what clients did, what was broken, what was mailed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any
from uuid import UUID

from faults.checking.evidence import Attempt, Fault, Mail

FORMAT = 1
REPLAYS = "replays"


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a campaign was, and where what is left of it is."""

    folder: Path
    told: Mapping[str, Any]

    @property
    def stores(self) -> Mapping[str, str]:
        """Return each service's database, as an URL."""
        found: Mapping[str, str] = self.told["stores"]
        return found

    @property
    def topics(self) -> Mapping[str, str]:
        """Return each service's topic."""
        found: Mapping[str, str] = self.told["topics"]
        return found


def campaign(folder: Path) -> Campaign:
    """Read what a campaign was. Raises ValueError for another format."""
    told = json.loads((folder / "campaign.json").read_text(encoding="utf-8"))
    if told.get("format") != FORMAT:
        raise ValueError(f"{folder}: campaign.json is of format {told.get('format')}, not {FORMAT}")
    return Campaign(folder, told)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def attempts(folder: Path) -> list[Attempt]:
    """Read the history; both lines of an attempt are one. Without a second it is in doubt."""
    began: dict[int, dict[str, Any]] = {}
    ended: dict[int, dict[str, Any]] = {}
    for line in _lines(folder / "history.jsonl"):
        (began if line["outcome"] == "invoked" else ended)[int(line["op"])] = line
    return [_attempt(line, ended.get(op)) for op, line in began.items()]


def _attempt(began: Mapping[str, Any], ended: Mapping[str, Any] | None) -> Attempt:
    said = {**began, **(ended or {"outcome": "in_doubt"})}
    command = said.get("command_id")
    return Attempt(
        op=int(began["op"]),
        kind=str(said["kind"]),
        client=int(said["client"]),
        service=str(said["service"]),
        rpc=str(said["rpc"]),
        tenant=UUID(said["tenant"]),
        invoked=float(began["at"]),
        ended=float(ended["at"]) if ended else None,
        outcome=str(said["outcome"]),
        command_id=UUID(command) if command else None,
        versions={UUID(stream): int(n) for stream, n in (said.get("versions") or {}).items()},
        position=int(said.get("position") or 0),
        about=said.get("about") or {},
        ids=said.get("ids") or {},
        token=int(said.get("token") or 0),
        after=said.get("after"),
        wanted=said.get("wanted"),
        found=said.get("found"),
    )


def faults(folder: Path) -> list[Fault]:
    """Read what was broken."""
    return [
        Fault(
            kind=str(line["class"]),
            number=int(line["n"]),
            target=str(line["target"]),
            proof=line.get("proof") or {},
            proved=bool(line["proved"]),
            recovered_s=line.get("recovered_s"),
            settle=line.get("settle"),
        )
        for line in _lines(folder / "faults.jsonl")
    ]


def mails(folder: Path | None) -> list[Mail]:
    """Read the headers of every mail of a maildir; the words of none."""
    if folder is None or not folder.is_dir():
        return []
    parser = BytesHeaderParser(policy=policy.default)
    found = []
    for place in ("new", "cur"):
        for file in sorted((folder / place).glob("*")):
            with file.open("rb") as opened:
                headers = parser.parse(opened)
            found.append(Mail(str(headers["Message-ID"]).strip(), str(headers["To"])))
    return found


def dumps(folder: Path) -> dict[str, list[bytes]]:
    """Read what replays gave: `replays/1/casework.read.cases`, `replays/2/…`."""
    found: dict[str, list[bytes]] = {}
    for replay in sorted((folder / REPLAYS).glob("*")):
        for file in sorted(replay.iterdir()):
            found.setdefault(file.name, []).append(file.read_bytes())
    return found
