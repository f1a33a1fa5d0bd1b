"""What others are told of drafts: that one expires, and whose it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.drafts import events as happened


@dataclass(frozen=True, slots=True)
class DraftExpiring:
    """A draft of a referral expires soon; `owner` is the id of the worker who wrote it."""

    draft_id: UUID
    owner: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DraftExpired:
    """A draft of a referral expired unsent; `owner` is the id of the worker who wrote it."""

    draft_id: UUID
    owner: str


EVENTS = (DraftExpiring, DraftExpired)


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event, None where others are told nothing."""
    match recorded.event:
        case happened.DraftExpiring(draft=draft, owner=owner, expires_at=expires_at):
            return DraftExpiring(draft, owner, expires_at)
        case happened.DraftExpired(draft=draft, owner=owner):
            return DraftExpired(draft, owner)
        case _:
            return None
