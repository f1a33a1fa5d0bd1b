"""What is told of consents: whose affairs a recipient may be told, and that it ends, at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from ledger.envelope import Recorded
from referrals.consents.consent import ConsentGiven, ConsentRefused, ConsentWithdrawn


@dataclass(frozen=True, slots=True)
class SharingStarted:
    """A recipient ("authority:…", "partnership:…" or "agency:…") may be told of a child.

    From a day, up to one where `until` is not null; both are included.
    """

    child: UUID
    recipient: str
    from_day: date
    until: date | None


@dataclass(frozen=True, slots=True)
class SharingStopped:
    """From this moment a recipient is told nothing of a child that rests on consent."""

    child: UUID
    recipient: str


EVENTS = (SharingStarted, SharingStopped)

FIRST: Final = frozenset({ConsentRefused.__name__, ConsentWithdrawn.__name__})
"""Stored events that end a sharing: nobody is to be told of other things before that."""


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event of this room, None for any other."""
    match recorded.event:
        case ConsentGiven(child=child, recipient=recipient, from_day=from_day, until=until):
            return SharingStarted(child, recipient, from_day, until)
        case ConsentRefused() | ConsentWithdrawn() as ended:
            return SharingStopped(ended.child, ended.recipient)
        case _:
            return None
