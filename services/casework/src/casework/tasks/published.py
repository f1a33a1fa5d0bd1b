"""What others are told of tasks: that one is overdue, and which workers are to hear of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from casework.tasks import task_events as told
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class TaskEscalated:
    """A task of that kind was due by the end of that day; those workers are told. Step from 1."""

    task_id: UUID
    kind: str
    step: int
    on: date
    tell: tuple[UUID, ...]


EVENTS: tuple[type, ...] = (TaskEscalated,)

Public: TypeAlias = TaskEscalated


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a stored event, if anything."""
    match recorded.event:
        case told.TaskEscalated(task_id, kind, step, on, tell):
            return TaskEscalated(task_id, kind.value, step, on, tell)
        case _:
            return None
