"""What a complaint waits for: an answer, the panel, its report or the reply, each by a day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from casework.complaints.commands import NoteStageOverdue
from casework.complaints.complaint_events import (
    ComplaintMade,
    ComplaintWithdrawn,
    PanelHeld,
    PanelReported,
    StageAnswered,
    StageBegun,
    StageExtended,
    StageOverdue,
)
from casework.falling import FallDue
from casework.streams import complaint_stream
from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded

STAGE = "complaint-stage"


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the end of each stage's time; its answer or the withdrawal meets it."""
    match recorded.event:
        case (
            ComplaintMade(complaint_id, clock=clock)
            | StageBegun(complaint_id, clock=clock)
            | PanelHeld(complaint_id, clock=clock)
            | PanelReported(complaint_id, clock=clock)
        ):
            return [_by(complaint_id, clock.due_on)]
        case StageExtended(complaint_id, due_on=due_on):
            return [_by(complaint_id, due_on)]
        case StageOverdue(complaint_id, again_on=date() as again_on):
            return [_by(complaint_id, again_on)]
        case StageAnswered(complaint_id) | ComplaintWithdrawn(complaint_id):
            return [Met(STAGE, complaint_stream(complaint_id))]
        case _:
            return []


def _by(complaint_id: UUID, last_day: date) -> Due:
    return Due(STAGE, complaint_stream(complaint_id), start_of_day(last_day + timedelta(days=1)))


def _over(_kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    return Do(NoteStageOverdue(stream_id, last_day), target=stream_id)


FALLING: Mapping[str, FallDue] = {STAGE: _over}
