"""How a task stands, and what is known of it whatever becomes of it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.rules.clocks import Clock
from casework.tasks.kinds import TaskKind, TaskOutcome, Whom


@dataclass(frozen=True, slots=True)
class NotRaised:
    """There is no such task."""


@dataclass(frozen=True, slots=True)
class Known:
    """What holds whatever becomes of a task.

    `earlier`: days on which it was due before, oldest first. `step`: how often others were told
    since it was due last; `escalates_on`: at the end of which day they are told next, if ever.
    """

    task_id: UUID
    case_id: UUID | None
    child: UUID | None
    kind: TaskKind
    about: str
    due_on: date | None
    rule: str
    clock: Clock | None
    calendar: str
    whom: Whom
    earlier: tuple[date, ...] = ()
    step: int = 0
    escalates_on: date | None = None

    @property
    def subject(self) -> UUID:
        """Under whose key its words are sealed: the child's, or its own where it is of none."""
        return self.child or self.task_id


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody has taken it on since it was raised, handed on or escalated."""

    known: Known


@dataclass(frozen=True, slots=True)
class Taken:
    """A worker does it."""

    known: Known
    by: UUID


@dataclass(frozen=True, slots=True)
class Done:
    """It was done."""

    known: Known
    outcome: TaskOutcome


@dataclass(frozen=True, slots=True)
class Dropped:
    """It is asked for no longer."""

    known: Known


Open: TypeAlias = Waiting | Taken
Task: TypeAlias = NotRaised | Waiting | Taken | Done | Dropped
