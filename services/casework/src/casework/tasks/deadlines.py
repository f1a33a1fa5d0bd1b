"""What a task waits for: the end of its day, and of each step of the ladder after it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from casework.falling import FallDue
from casework.streams import task_stream
from casework.tasks import task_events as told
from casework.tasks.commands import NoteDayOver
from casework.urgent.rule import end_of
from chassis.acting import Do, Due, Met
from ledger.clock import london_day
from ledger.envelope import Recorded

TASK = "task"


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:  # noqa: PLR0911 # a row an event
    """Copy the days that the events name; whoever takes a task on after its day ends the ladder."""
    match recorded.event:
        case told.TaskRaised(task_id, due_on=date() as day) | told.TaskDueMoved(task_id, day):
            return [_until(task_id, day)]
        case told.TaskRecounted(task_id, day, before) if day != before:
            return [_until(task_id, day)]
        case told.TaskHandedOn(task_id, again_on=date() as day):
            return [_until(task_id, day)]
        case told.TaskEscalated(task_id, again_on=date() as day):
            return [_until(task_id, day)]
        case told.TaskAcknowledged(task_id, step=step) if step:
            return [Met(TASK, task_stream(task_id))]
        case told.TaskCompleted(task_id) | told.TaskSettled(task_id) | told.TaskDropped(task_id):
            return [Met(TASK, task_stream(task_id))]
        case _:
            return []


def _until(task_id: UUID, day: date) -> Due:
    return Due(TASK, task_stream(task_id), end_of(day))


def _over(_kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    return Do(NoteDayOver(stream_id, last_day), target=stream_id)


FALLING: Mapping[str, FallDue] = {TASK: _over}
