"""What can be asked of a task, with what was looked up for it."""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from casework.rules.clocks import Clock
from casework.tasks.kinds import (
    DropReason,
    HandOnReason,
    MoveReason,
    TaskKind,
    TaskOutcome,
    Whom,
)
from ledger.personal import Plain
from ledger.working_days import Calendar

NO_WORDS: Final[Plain[str | None]] = Plain(None)


@dataclass(frozen=True, slots=True)
class RaiseTask:
    """Something is to be done, by the end of that day if one is named."""

    task_id: UUID
    case_id: UUID | None
    child: UUID | None
    kind: TaskKind
    about: str
    due_on: date | None
    rule: str
    whom: Whom
    clock: Clock | None = None
    calendar: str = ""
    words: Plain[str | None] = NO_WORDS


@dataclass(frozen=True, slots=True)
class AcknowledgeTask:
    """A worker takes it on."""

    by: UUID


@dataclass(frozen=True, slots=True)
class HandTask:
    """Ask another. `again_on`: by when he is to answer, where the day is over already."""

    to: Whom
    reason: HandOnReason
    again_on: date


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A worker did it."""

    outcome: TaskOutcome
    by: UUID
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class SettleTask:
    """What it asked for was done, as another record says; decides nothing if it is not open."""

    outcome: TaskOutcome


@dataclass(frozen=True, slots=True)
class DropTask:
    """Its cause is gone; decides nothing if it is not open."""

    reason: DropReason


@dataclass(frozen=True, slots=True)
class MoveDue:
    """It is due on another day; decides nothing if it is not open."""

    due_on: date
    rule: str
    because: MoveReason
    clock: Clock | None = None
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class RecountTask:
    """Working days are counted by another calendar; decides nothing if it is not open."""

    calendar: Calendar


@dataclass(frozen=True, slots=True)
class EscalateTask:
    """The day by whose end somebody was to act is over; whom to tell is looked up."""

    on: date
    told: tuple[UUID, ...]
    again_on: date | None


TaskCommand: TypeAlias = (
    RaiseTask
    | AcknowledgeTask
    | HandTask
    | CompleteTask
    | SettleTask
    | DropTask
    | MoveDue
    | RecountTask
    | EscalateTask
)
