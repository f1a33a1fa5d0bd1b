"""What is recorded of a task: asked for, taken on, moved, told again, ended."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias
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
from ledger.personal import Block, Personal, SealedIn


@dataclass(frozen=True, slots=True)
class TaskRaised:
    """Something is to be done by the end of that day in London, if a day is named, by that rule.

    `about`: an id or code of what it is about, so that one cause raises one task; never words.
    `subject`: under whose key its words are, the child's or, where it is of none, its own. `clock`:
    what its day was counted from, by that calendar where it is counted in working days.
    """

    task_id: UUID
    case_id: UUID | None
    child: UUID | None
    subject: UUID
    kind: TaskKind
    about: str
    due_on: date | None
    rule: str
    clock: Clock | None
    calendar: str
    whom: Whom
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class TaskAcknowledged:
    """A worker says that he does it. `step`: how often others had been told by then."""

    task_id: UUID
    by: UUID
    step: int


@dataclass(frozen=True, slots=True)
class TaskHandedOn:
    """Another is asked from now on; where its day is over, he is to take it on by `again_on`."""

    task_id: UUID
    to: Whom
    before: Whom
    reason: HandOnReason
    again_on: date | None


@dataclass(frozen=True, slots=True)
class TaskDueMoved:
    """It is due on another day, by that rule, for that reason; the day before stays on record."""

    task_id: UUID
    due_on: date
    before: date | None
    rule: str
    clock: Clock | None
    calendar: str
    because: MoveReason


@dataclass(frozen=True, slots=True)
class TaskRecounted:
    """Its day was counted anew by another calendar; where it came to another day, that counts."""

    task_id: UUID
    due_on: date
    before: date
    calendar: str


@dataclass(frozen=True, slots=True)
class TaskEscalated:
    """By the end of that day it was neither done nor taken on; others are told.

    `step` counts from 1; `again_on`: when the next are told, None at the top of the ladder.
    """

    task_id: UUID
    kind: TaskKind
    step: int
    on: date
    told: tuple[UUID, ...]
    again_on: date | None


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A worker did it, with that outcome. `subject`: the child, or the task where it is of none."""

    task_id: UUID
    subject: UUID
    by: UUID
    outcome: TaskOutcome
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class TaskSettled:
    """What it asked for was done, as another record of the case says; nobody had to tick it off."""

    task_id: UUID
    outcome: TaskOutcome


@dataclass(frozen=True, slots=True)
class TaskDropped:
    """It is asked for no longer, although nobody did it."""

    task_id: UUID
    reason: DropReason


TaskEvent: TypeAlias = (
    TaskRaised
    | TaskAcknowledged
    | TaskHandedOn
    | TaskDueMoved
    | TaskRecounted
    | TaskEscalated
    | TaskCompleted
    | TaskSettled
    | TaskDropped
)
