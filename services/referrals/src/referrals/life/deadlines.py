"""A referral waits no longer than a target for its screening, and for what it asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.acting import Do, Due, Met
from ledger.envelope import Recorded
from referrals.life.events import (
    ReferralAccepted,
    ReferralDeclined,
    ReferralScreened,
    ReferralTakenBack,
    ReferralWithdrawn,
    ScreeningDueSet,
)
from referrals.life.information import (
    InformationAsked,
    InformationOverdue,
    InformationReceived,
)

SCREENING: Final = "screening"
INFORMATION: Final = "information"


@dataclass(frozen=True, slots=True)
class ScreeningFellDue:
    """The time to screen the referral of this stream is over."""

    stream: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class InformationFellDue:
    """The time for an answer to the referral of this stream is over."""

    stream: UUID
    due_at: datetime


def deadlines(  # noqa: PLR0911 # a row of the table is a return
    recorded: Recorded[Any],
) -> Sequence[Due | Met]:
    """Set, move and end the clocks of a referral; once it is decided nothing runs."""
    stream = recorded.envelope.stream_id
    match recorded.event:
        case ScreeningDueSet(due_at=due_at):
            return [Due(SCREENING, stream, due_at)]
        case ReferralScreened():
            return [Met(SCREENING, stream)]
        case InformationAsked(next_due_at=due_at):
            return [Due(INFORMATION, stream, due_at)]
        case InformationReceived(next_due_at=None):
            return [Met(INFORMATION, stream)]
        case InformationReceived(next_due_at=datetime() as following):
            return [Due(INFORMATION, stream, following)]
        case InformationOverdue(next_due_at=datetime() as following):
            return [Due(INFORMATION, stream, following)]
        case ReferralAccepted():
            return [Met(INFORMATION, stream)]
        case ReferralDeclined() | ReferralWithdrawn() | ReferralTakenBack():
            return [Met(SCREENING, stream), Met(INFORMATION, stream)]
        case _:
            return []


def screening_falls_due(stream_id: UUID, due_at: datetime) -> Do:
    """Note that the time for the screening is over."""
    return Do(ScreeningFellDue(stream_id, due_at), stream_id)


def information_falls_due(stream_id: UUID, due_at: datetime) -> Do:
    """Note that the time for an answer is over."""
    return Do(InformationFellDue(stream_id, due_at), stream_id)
