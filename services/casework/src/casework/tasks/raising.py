"""Steps by which a room raises a task in the same append as its cause, moves it or settles it."""

from datetime import date
from uuid import UUID

from casework.rules.calendars import in_force
from casework.rules.clocks import Clock, calendar_of
from casework.rules.clocks import due_on as day_of
from casework.streams import task_made_for, task_stream
from casework.tasks import task
from casework.tasks.kinds import LEAD, DropReason, MoveReason, TaskKind, TaskOutcome, Whom
from casework.tasks.task_commands import (
    NO_WORDS,
    DropTask,
    MoveDue,
    RaiseTask,
    SettleTask,
    TaskCommand,
)
from chassis.acting import Step
from ledger.personal import Plain


def task_step(
    tenant: UUID,
    kind: TaskKind,
    case_id: UUID | None,
    about: str,
    *,
    child: UUID | None = None,
    due_on: date | None = None,
    clock: Clock | None = None,
    rule: str = "",
    whom: Whom = LEAD,
    words: Plain[str | None] = NO_WORDS,
) -> Step:
    """Raise the task of that kind about that thing; decides nothing where it was raised before.

    `about`: an id or code, never words; what tells several such tasks of a case apart. `rule`: the
    version of the rule set that the due day comes from. With a `clock` in place of `due_on` the day
    is counted here, and counted anew when the calendar of working days changes. A task that was
    dropped is raised anew. Without a case it stands in no chronology: so for what not everybody on
    the case may know of.
    """
    task_id = task_made_for(tenant, kind, case_id, about)
    day, calendar = _counted(due_on, clock)
    asked = RaiseTask(task_id, case_id, child, kind, about, day, rule, whom, clock, calendar, words)
    subjects = () if child is None else (child,)
    return Step(task.DECIDER, task_stream(task_id), asked, case_id, subjects)


def settle_step(
    tenant: UUID,
    kind: TaskKind,
    case_id: UUID | None,
    about: str,
    outcome: TaskOutcome = TaskOutcome.DONE,
) -> Step:
    """Settle that task: what it asked for was done. Decides nothing where it is not open."""
    return _step(tenant, kind, case_id, about, SettleTask(outcome))


def drop_step(
    tenant: UUID,
    kind: TaskKind,
    case_id: UUID | None,
    about: str,
    reason: DropReason = DropReason.CAUSE_GONE,
) -> Step:
    """Ask for that task no longer. Decides nothing where it is not open."""
    return _step(tenant, kind, case_id, about, DropTask(reason))


def move_step(
    tenant: UUID,
    kind: TaskKind,
    case_id: UUID | None,
    about: str,
    *,
    due_on: date,
    rule: str,
    because: MoveReason,
) -> Step:
    """Let that task be due on another day. Decides nothing where it is not open, or due then."""
    return _step(tenant, kind, case_id, about, MoveDue(due_on, rule, because))


def recount_step(
    tenant: UUID,
    kind: TaskKind,
    case_id: UUID | None,
    about: str,
    *,
    clock: Clock,
    rule: str,
    because: MoveReason,
) -> Step:
    """Count the due day of that task from what is known now, as `task_step` does with a clock."""
    calendar = in_force()
    day = day_of(clock, calendar)
    moved = MoveDue(day, rule, because, clock, calendar_of(clock, calendar))
    return _step(tenant, kind, case_id, about, moved)


def _counted(due_on: date | None, clock: Clock | None) -> tuple[date | None, str]:
    if clock is None:
        return due_on, ""
    calendar = in_force()
    return day_of(clock, calendar), calendar_of(clock, calendar)


def _step(
    tenant: UUID, kind: TaskKind, case_id: UUID | None, about: str, command: TaskCommand
) -> Step:
    stream = task_stream(task_made_for(tenant, kind, case_id, about))
    return Step(task.DECIDER, stream, command, case_id)
