"""A task: something that somebody must do by a day, asked again until a person takes it on.

One cause raises one task. It ends when a worker completes it, when the record of what it asked for
settles it, or when its cause is gone. Its due day may move; the earlier one stays to be seen.
"""

from dataclasses import replace
from datetime import date
from typing import assert_never

from casework.rules.clocks import due_on
from casework.tasks.task_commands import (
    AcknowledgeTask,
    CompleteTask,
    DropTask,
    EscalateTask,
    HandTask,
    MoveDue,
    RaiseTask,
    RecountTask,
    SettleTask,
    TaskCommand,
)
from casework.tasks.task_events import (
    TaskAcknowledged,
    TaskCompleted,
    TaskDropped,
    TaskDueMoved,
    TaskEscalated,
    TaskEvent,
    TaskHandedOn,
    TaskRaised,
    TaskRecounted,
    TaskSettled,
)
from casework.tasks.task_states import Done, Dropped, Known, NotRaised, Open, Taken, Task, Waiting
from ledger.decider import Decider, Refusal
from ledger.working_days import Calendar


class NoSuchTask(Refusal):
    """The authority has no task of that id."""


class TaskIsOver(Refusal):
    """The task was done, or is asked for no longer."""


class TakenByAnother(Refusal):
    """Another worker has taken it on: he hands it on, or a manager does."""


class DoneOtherwise(Refusal):
    """The task was done already, with another outcome."""


def decide(  # noqa: PLR0911 # a table: one row a transition
    command: TaskCommand, task: Task
) -> list[TaskEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, task:
        case RaiseTask(), NotRaised() | Dropped():
            return [_raised(command)]
        # One cause raises one task, however often it is heard of, also after it was done.
        case RaiseTask(), Waiting() | Taken() | Done():
            return []
        # What follows from other records looks for nothing that is not there.
        case SettleTask() | DropTask() | MoveDue() | RecountTask() | EscalateTask(), (
            NotRaised() | Done() | Dropped()
        ):
            return []
        case SettleTask(outcome), Waiting(known) | Taken(known):
            return [TaskSettled(known.task_id, outcome)]
        case DropTask(reason), Waiting(known) | Taken(known):
            return [TaskDropped(known.task_id, reason)]
        case MoveDue(due_on=day), Waiting(known) | Taken(known):
            return [] if day == known.due_on else [_move(command, known)]
        case RecountTask(calendar), Waiting(known) | Taken(known):
            return _recount(calendar, known)
        case EscalateTask(), Waiting(known) | Taken(known):
            return _escalate(command, known)
        case AcknowledgeTask() | HandTask() | CompleteTask(), _:
            return _worked_on(command, task)
        case _:
            raise Refusal(type(command), type(task))


def _raised(command: RaiseTask) -> TaskRaised:
    return TaskRaised(
        command.task_id,
        command.case_id,
        command.child,
        command.child or command.task_id,
        command.kind,
        command.about,
        command.due_on,
        command.rule,
        command.clock,
        command.calendar,
        command.whom,
        command.words,
    )


def _move(command: MoveDue, known: Known) -> TaskDueMoved:
    return TaskDueMoved(
        known.task_id,
        command.due_on,
        known.due_on,
        command.rule,
        command.clock,
        command.calendar,
        command.because,
    )


def _recount(calendar: Calendar, known: Known) -> list[TaskEvent]:
    # What is not counted in working days, or by this calendar already, stays.
    if known.clock is None or known.due_on is None or known.calendar in ("", calendar.version):
        return []
    now = due_on(known.clock, calendar)
    return [TaskRecounted(known.task_id, now, known.due_on, calendar.version)]


def _escalate(command: EscalateTask, known: Known) -> list[TaskEvent]:
    # Moved, or taken on, at the last moment; or noted already.
    if command.on != known.escalates_on:
        return []
    step = known.step + 1
    told, again_on = command.told, command.again_on
    return [TaskEscalated(known.task_id, known.kind, step, command.on, told, again_on)]


def _worked_on(  # a table: one row a transition
    command: AcknowledgeTask | HandTask | CompleteTask, task: Task
) -> list[TaskEvent]:
    match command, task:
        case _, NotRaised():
            raise NoSuchTask
        case AcknowledgeTask(by), Waiting(known):
            return [TaskAcknowledged(known.task_id, by, known.step)]
        case AcknowledgeTask(by), Taken(by=held):
            if by != held:
                raise TakenByAnother
            return []
        case HandTask(), Waiting(known) | Taken(known):
            return _hand_on(command, known)
        case CompleteTask(outcome, by, words), Waiting(known) | Taken(known):
            return [TaskCompleted(known.task_id, known.subject, by, outcome, words)]
        # The same end again is the same answer, so that callers may retry.
        case CompleteTask(outcome=asked), Done(outcome=held):
            if asked is not held:
                raise DoneOtherwise
            return []
        case _:
            raise TaskIsOver


def _hand_on(command: HandTask, known: Known) -> list[TaskEvent]:
    if command.to == known.whom:
        return []
    again_on = command.again_on if known.step else None
    return [TaskHandedOn(known.task_id, command.to, known.whom, command.reason, again_on)]


def evolve(task: Task, event: TaskEvent) -> Task:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, task:
        case TaskRaised(), _:
            return Waiting(_known(event))
        case _, NotRaised() | Done() | Dropped():
            return task
        case _, Waiting() | Taken():
            return _went_on(task, event)


def _known(event: TaskRaised) -> Known:
    return Known(
        event.task_id,
        event.case_id,
        event.child,
        event.kind,
        event.about,
        event.due_on,
        event.rule,
        event.clock,
        event.calendar,
        event.whom,
        escalates_on=event.due_on,
    )


def _went_on(  # noqa: PLR0911 # a row an event
    task: Open, event: TaskEvent
) -> Task:
    known = task.known
    match event:
        case TaskAcknowledged(by=by, step=step):
            # Taken on after its day: the ladder ends. Before it, the day still counts.
            answered = replace(known, escalates_on=None) if step else known
            return Taken(answered, by)
        case TaskHandedOn(to=to, again_on=again_on):
            return Waiting(replace(known, whom=to, escalates_on=again_on or known.escalates_on))
        case TaskDueMoved():
            counted = replace(known, rule=event.rule, clock=event.clock, calendar=event.calendar)
            return replace(task, known=_due_anew(counted, event.due_on, event.before))
        case TaskRecounted(due_on=now, before=before, calendar=calendar):
            counted = replace(known, calendar=calendar)
            if now == before:
                return replace(task, known=counted)
            return replace(task, known=_due_anew(counted, now, before))
        case TaskEscalated(step=step, again_on=again_on):
            return Waiting(replace(known, step=step, escalates_on=again_on))
        case TaskCompleted(outcome=outcome) | TaskSettled(outcome=outcome):
            return Done(known, outcome)
        case TaskDropped():
            return Dropped(known)
        case TaskRaised():
            return task
        case _:
            assert_never(event)


def _due_anew(known: Known, now: date, before: date | None) -> Known:
    return replace(
        known,
        due_on=now,
        earlier=known.earlier if before is None else (*known.earlier, before),
        step=0,
        escalates_on=now,
    )


DECIDER: Decider[TaskCommand, Task, TaskEvent] = Decider("Task", NotRaised(), decide, evolve)
