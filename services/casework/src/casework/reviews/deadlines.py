"""What a plan waits for: its review, by the end of the earliest day that was stored for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casework.falling import FallDue
from casework.reviews import review_events as told
from casework.reviews.commands import NoteReviewOverdue
from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded

REVIEW = "review"


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set or move the deadline; holding the review meets it."""
    stream = recorded.envelope.stream_id
    match recorded.event:
        case told.ReviewScheduled(next_due=day):
            return [Due(REVIEW, stream, start_of_day(day + timedelta(days=1)))]
        case told.ReviewCompleted() | told.ReviewsCeased():
            return [Met(REVIEW, stream)]
        case _:
            return []


def _overdue(_kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    return Do(NoteReviewOverdue(stream_id, last_day), target=stream_id)


FALLING: Mapping[str, FallDue] = {REVIEW: _overdue}
