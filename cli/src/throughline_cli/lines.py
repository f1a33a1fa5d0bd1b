"""The lines of a bulk file: what can be said of one before a service has judged it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

LONGEST_BYTES = 1_000_000
"""A line that is longer is cut there, and so refused: memory stays bounded whatever the file."""

_SUBMISSION = UUID("c1a3a9f4-54a6-5f0e-8d2e-0f7a5c1e6b42")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands; submission, receiver and time of receipt where they can be read."""

    number: int
    raw: bytes
    submission: str
    received_by: str
    received_at: datetime | None

    @property
    def command_id(self) -> UUID:
        """The same each time for the same submission, so that an import can be repeated."""
        return uuid5(_SUBMISSION, self.submission if self._named else self.raw.hex())

    @property
    def name(self) -> str:
        """The submission's id, or `line-N` where it has none that can be read."""
        return self.submission if self._named else f"line-{self.number}"

    @property
    def _named(self) -> bool:
        return bool(self.submission)


def read_lines(file: Path) -> Iterator[Line]:
    """Read a file's lines one by one, numbered from 1; an empty line is passed over."""
    with file.open("rb") as stream:
        number = 0
        while raw := stream.readline(LONGEST_BYTES):
            number += 1
            while not raw.endswith(b"\n") and (rest := stream.readline(LONGEST_BYTES)):
                if rest.endswith(b"\n"):
                    break
            if raw.strip():
                yield _line(number, raw.rstrip(b"\r\n"))


def _line(number: int, raw: bytes) -> Line:
    try:
        found: Any = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        found = {}
    return Line(
        number,
        raw,
        _uuid_text(found.get("submission_id")),
        found["received_by"] if isinstance(found.get("received_by"), str) else "",
        _instant(found.get("received_at")),
    )


def _uuid_text(value: object) -> str:
    try:
        return str(UUID(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
