"""What an assessment waits for: to be over by the day that was stored with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casework.assessments import assessment_events as told
from casework.assessments.commands import NoteAssessmentOverdue
from casework.falling import FallDue
from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded

ASSESSMENT = "assessment"


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the deadline with the assessment, and where it is counted anew; its end meets it."""
    stream = recorded.envelope.stream_id
    match recorded.event:
        case told.AssessmentStarted(due_on=day) | told.AssessmentRecounted(due_on=day):
            return [Due(ASSESSMENT, stream, start_of_day(day + timedelta(days=1)))]
        case told.AssessmentCompleted() | told.AssessmentAbandoned():
            return [Met(ASSESSMENT, stream)]
        case _:
            return []


def _overdue(_kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    return Do(NoteAssessmentOverdue(stream_id, last_day), target=stream_id)


FALLING: Mapping[str, FallDue] = {ASSESSMENT: _overdue}
