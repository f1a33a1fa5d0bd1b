"""A referral waits for its screening no longer than a target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded
from referrals.life.events import ReferralReceived, ReferralScreened, ReferralTakenBack

SCREENING = "screening"
_FIRST_OF_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class ScreeningTarget:
    """By when a referral is screened: the end of a weekday after the day of receipt, in London.

    Weekdays only: bank holidays count as weekdays here.
    """

    weekdays: int = 1

    def due_at(self, received_at: datetime) -> datetime:
        """Return the first instant at which the screening is late."""
        day = london_day(received_at)
        for _ in range(self.weekdays):
            day = next_weekday(day)
        return start_of_day(day + timedelta(days=1))


CURRENT = ScreeningTarget()


@dataclass(frozen=True, slots=True)
class ScreeningFellDue:
    """The time to screen the referral of this stream is over."""

    stream: UUID
    due_at: datetime


def next_weekday(day: date) -> date:
    """Return the next day that is neither Saturday nor Sunday."""
    following = day + timedelta(days=1)
    while following.weekday() >= _FIRST_OF_WEEKEND:
        following += timedelta(days=1)
    return following


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the screening's deadline when a referral comes in; what ends the wait meets it."""
    stream = recorded.envelope.stream_id
    match recorded.event:
        case ReferralReceived(received_at=received_at):
            return [Due(SCREENING, stream, CURRENT.due_at(received_at))]
        case ReferralScreened() | ReferralTakenBack():
            return [Met(SCREENING, stream)]
        case _:
            return []


def fall_due(stream_id: UUID, due_at: datetime) -> Do:
    """Note that the time for the screening is over."""
    return Do(ScreeningFellDue(stream_id, due_at), stream_id)
