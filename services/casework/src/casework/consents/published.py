"""What is told of consents: whose affairs a party may be told, and that it ends, at once."""

from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from casework.consents import consent_events as stored
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class SharingStarted:
    """A recipient ("authority:…", "partnership:…" or "agency:…") may be told of a child."""

    child: UUID
    recipient: str


@dataclass(frozen=True, slots=True)
class SharingStopped:
    """From this moment a recipient is told nothing of a child that rests on consent."""

    child: UUID
    recipient: str


EVENTS = (SharingStarted, SharingStopped)
FIRST = frozenset({stored.SharingStopped.__name__})
"""Stored events whose news goes out before all other: from then on nothing more is told."""

Public: TypeAlias = SharingStarted | SharingStopped


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return the public words for a stored event of this room, None for any other."""
    match recorded.event:
        case stored.SharingStarted(child=child, party=party):
            return SharingStarted(child, party)
        case stored.SharingStopped(child=child, party=party):
            return SharingStopped(child, party)
        case _:
            return None
