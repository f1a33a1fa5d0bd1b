"""A draft's owner is warned before it expires; saving moves both days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.acting import Do, Due, Met
from ledger.envelope import Recorded
from referrals.drafts.events import DraftDiscarded, DraftExpired, DraftSaved, DraftSent

WARNING: Final = "draft-warning"
EXPIRY: Final = "draft-expiry"


@dataclass(frozen=True, slots=True)
class DraftWarningDue:
    """The day to warn the owner of the draft of this stream is there."""

    stream: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DraftExpiryDue:
    """The time of the draft of this stream is over."""

    stream: UUID
    due_at: datetime


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set both days whenever a draft is saved; whoever is done with it ends them."""
    stream = recorded.envelope.stream_id
    match recorded.event:
        case DraftSaved(warn_at=warn_at, expires_at=expires_at):
            return [Due(WARNING, stream, warn_at), Due(EXPIRY, stream, expires_at)]
        case DraftSent() | DraftDiscarded() | DraftExpired():
            return [Met(WARNING, stream), Met(EXPIRY, stream)]
        case _:
            return []


def warn(stream_id: UUID, due_at: datetime) -> Do:
    """Note that the owner is to be warned."""
    return Do(DraftWarningDue(stream_id, due_at), stream_id)


def expire(stream_id: UUID, due_at: datetime) -> Do:
    """Note that the time is over."""
    return Do(DraftExpiryDue(stream_id, due_at), stream_id)


FALLING: Final[Mapping[str, Any]] = {WARNING: warn, EXPIRY: expire}
