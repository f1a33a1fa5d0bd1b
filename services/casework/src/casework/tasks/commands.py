"""What can be done with a task, before the streams are looked up that it takes."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.tasks.kinds import HandOnReason, TaskOutcome, Whom
from ledger.personal import Plain
from ledger.working_days import Calendar


@dataclass(frozen=True, slots=True)
class AgreeAction:
    """Something was agreed that somebody is to do in a case by a day, in words of their own."""

    action: UUID
    case_id: UUID
    whom: Whom
    due_on: date
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class TakeOn:
    """A worker takes a task on."""

    task_id: UUID
    worker: UUID


@dataclass(frozen=True, slots=True)
class HandOn:
    """Another is to do a task."""

    task_id: UUID
    to: Whom
    reason: HandOnReason


@dataclass(frozen=True, slots=True)
class Complete:
    """A worker did a task."""

    task_id: UUID
    outcome: TaskOutcome
    worker: UUID
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class NoteDayOver:
    """The day is over by whose end somebody was to act; by the task's stream."""

    task_stream: UUID
    on: date


@dataclass(frozen=True, slots=True)
class Recount:
    """Working days are counted by another calendar now; by the task's stream."""

    task_stream: UUID
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class LookAgain:
    """A fact came late or was set right: those decisions of its case, by event, are judged anew."""

    case_id: UUID
    fact: UUID
    decisions: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class NoteUnreached:
    """A message of a case was blocked or given up: it will reach nobody."""

    case_id: UUID
    message: UUID


@dataclass(frozen=True, slots=True)
class NoteFamilyUntold:
    """A case came by a transfer, and nobody could tell the front door here who the child is."""

    case_id: UUID
    child: UUID
    transfer: UUID


OfTask: TypeAlias = (
    AgreeAction
    | TakeOn
    | HandOn
    | Complete
    | NoteDayOver
    | Recount
    | LookAgain
    | NoteUnreached
    | NoteFamilyUntold
)
