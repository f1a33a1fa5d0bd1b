"""What a verification came to: what was checked, and what is wrong, the worst named first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

MAX_FINDINGS: Final = 100


@dataclass(frozen=True, slots=True)
class EventName:
    """Where an event stands: enough to find it in its service."""

    service: str
    stream_id: UUID
    version: int
    event_id: UUID

    def __str__(self) -> str:
        return f"{self.service}, stream {self.stream_id}, version {self.version}, {self.event_id}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: in which file (or log), with which event, and what."""

    where: str
    what: str
    event: EventName | None = None

    def __str__(self) -> str:
        about = f"{self.where}: " if self.event is None else f"{self.where}: event {self.event}: "
        return about + self.what


@dataclass(frozen=True, slots=True)
class Counts:
    """What was looked at. `left_out`: versions that a bundle's streams have and it does not hold.

    Their leaves are chained to what is there, so it is known that they exist and that they do not
    belong to the case by their streams' own account; what they say is not known.
    """

    parts: int = 0
    events: int = 0
    streams: int = 0
    checkpoints: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The result: verified if and only if nothing was found."""

    counts: Counts
    findings: tuple[Finding, ...]
    # Of a bundle: whose case it says it is (to be believed only where nothing was found).
    tenant: UUID | None = None
    case_id: UUID | None = None

    @property
    def ok(self) -> bool:
        """Whether everything that was checked is right."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The first thing that is wrong; events come before files."""
        return self.findings[0] if self.findings else None


def events_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Put what names an event first, keep the order otherwise, and at most 100 findings."""
    return tuple(sorted(findings, key=lambda each: each.event is None)[:MAX_FINDINGS])
