"""A task is asked for until somebody takes it on, ends once, and keeps the days it was due on."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.rules.clocks import Clock, Unit
from casework.tasks.kinds import (
    LEAD,
    MANAGER,
    DropReason,
    HandOnReason,
    MoveReason,
    TaskKind,
    TaskOutcome,
    to_worker,
)
from casework.tasks.raising import drop_step, move_step, settle_step, task_step
from casework.tasks.task import DECIDER, DoneOtherwise, NoSuchTask, TakenByAnother, TaskIsOver
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
    TaskHandedOn,
    TaskRaised,
    TaskRecounted,
    TaskSettled,
)
from casework.tasks.task_states import Taken, Waiting
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from ledger.working_days import Calendar

TASK, CASE, CHILD, AMINA, MEG = (UUID(int=n) for n in range(1, 6))
DAY, FRIDAY, MONDAY = date(2026, 11, 24), date(2026, 11, 27), date(2026, 11, 30)
RULE = "2005-12-30"
NONE: Plain[str | None] = Plain(None)

ask = RaiseTask(TASK, CASE, CHILD, TaskKind.REVIEW, "plan-1", DAY, RULE, LEAD)
raised = TaskRaised(
    TASK, CASE, CHILD, CHILD, TaskKind.REVIEW, "plan-1", DAY, RULE, None, "", LEAD, NONE
)
taken = TaskAcknowledged(TASK, AMINA, 0)
escalate = EscalateTask(DAY, (AMINA,), FRIDAY)
escalated = TaskEscalated(TASK, TaskKind.REVIEW, 1, DAY, (AMINA,), FRIDAY)
hand_on = HandTask(to_worker(MEG), HandOnReason.ABSENCE, MONDAY)
complete = CompleteTask(TaskOutcome.DONE, AMINA, NONE)
completed = TaskCompleted(TASK, CHILD, AMINA, TaskOutcome.DONE, NONE)
move = MoveDue(MONDAY, RULE, MoveReason.FACT_CORRECTED)
moved = TaskDueMoved(TASK, MONDAY, DAY, RULE, None, "", MoveReason.FACT_CORRECTED)

task = Given(DECIDER)
waiting = task.given(raised)
at_work = waiting.given(taken)
overdue = waiting.given(escalated)
counted = task.given(
    replace(raised, clock=Clock(date(2026, 11, 20), 2, Unit.WORKING_DAYS), calendar="old")
)
over = at_work.given(completed)
dropped = waiting.given(TaskDropped(TASK, DropReason.CAUSE_GONE))

TRANSITIONS = Transitions(
    {
        "not raised": task,
        "waiting": waiting,
        "waiting, counted by an old calendar": counted,
        "taken on": at_work,
        "overdue": overdue,
        "overdue and taken on": overdue.given(TaskAcknowledged(TASK, AMINA, 1)),
        "done": over,
        "dropped": dropped,
    },
    {
        "raise": ask,
        "acknowledge": AcknowledgeTask(AMINA),
        "acknowledge, by another worker": AcknowledgeTask(MEG),
        "hand on": hand_on,
        "move the due day": move,
        "count its day anew, by another calendar": RecountTask(Calendar("another")),
        "note that its day is over": escalate,
        "complete": complete,
        "complete, with another outcome": replace(complete, outcome=TaskOutcome.NOT_NEEDED),
        "settle, for the record says it is done": SettleTask(TaskOutcome.DONE),
        "drop": DropTask(DropReason.CAUSE_GONE),
    },
)


def test_one_cause_raises_one_task() -> None:
    task.when(ask).then(raised)
    for already in (waiting, at_work, overdue, over):
        already.when(ask).then()


def test_a_cause_that_went_and_came_again_raises_it_anew() -> None:
    dropped.when(ask).then(raised)


def test_a_worker_takes_it_on_and_another_does_not_take_it_from_him() -> None:
    waiting.when(AcknowledgeTask(AMINA)).then(taken)
    at_work.when(AcknowledgeTask(AMINA)).then()
    at_work.when(AcknowledgeTask(MEG)).then_refused(TakenByAnother)


def test_handed_on_it_waits_for_the_other() -> None:
    to_meg = TaskHandedOn(TASK, to_worker(MEG), LEAD, HandOnReason.ABSENCE, None)
    at_work.when(hand_on).then(to_meg)
    handed = at_work.given(to_meg)
    assert isinstance(handed.state, Waiting)
    handed.when(hand_on).then()
    handed.when(AcknowledgeTask(MEG)).then(TaskAcknowledged(TASK, MEG, 0))


def test_its_day_counts_also_while_somebody_does_it() -> None:
    at_work.when(escalate).then(escalated)
    assert isinstance(at_work.given(escalated).state, Waiting)


def test_others_are_told_again_until_somebody_takes_it_on() -> None:
    again = EscalateTask(FRIDAY, (MEG,), None)
    overdue.when(escalate).then()
    overdue.when(again).then(TaskEscalated(TASK, TaskKind.REVIEW, 2, FRIDAY, (MEG,), None))
    answered = TaskAcknowledged(TASK, AMINA, 1)
    overdue.when(AcknowledgeTask(AMINA)).then(answered)
    overdue.given(answered).when(again).then()


def test_handed_on_after_its_day_the_other_has_until_a_day_of_his_own() -> None:
    later = TaskHandedOn(TASK, to_worker(MEG), LEAD, HandOnReason.ABSENCE, MONDAY)
    overdue.when(hand_on).then(later)
    overdue.given(later).when(EscalateTask(FRIDAY, (), None)).then()
    told = (AMINA,)
    overdue.given(later).when(EscalateTask(MONDAY, told, None)).then(
        TaskEscalated(TASK, TaskKind.REVIEW, 2, MONDAY, told, None)
    )


def test_the_days_it_was_due_on_before_are_kept_and_the_ladder_begins_anew() -> None:
    overdue.when(move).then(moved)
    now = overdue.given(moved)
    assert now.state.known.earlier == (DAY,)
    assert (now.state.known.step, now.state.known.escalates_on) == (0, MONDAY)
    now.when(move).then()
    assert isinstance(at_work.given(moved).state, Taken)


def test_a_task_without_a_day_gets_one_and_then_counts() -> None:
    open_ended = task.given(replace(raised, due_on=None))
    open_ended.when(EscalateTask(DAY, (), None)).then()
    dated = open_ended.when(MoveDue(DAY, RULE, MoveReason.AGREED))
    dated.then(TaskDueMoved(TASK, DAY, None, RULE, None, "", MoveReason.AGREED))
    assert open_ended.given(*dated.events).state.known.earlier == ()


def test_a_calendar_that_changes_moves_what_is_counted_in_working_days() -> None:
    holiday = Calendar("new", added=frozenset({date(2026, 11, 23)}))
    later = TaskRecounted(TASK, date(2026, 11, 25), DAY, "new")
    counted.when(RecountTask(holiday)).then(later)
    now = counted.given(later)
    assert (now.state.known.due_on, now.state.known.earlier) == (date(2026, 11, 25), (DAY,))
    now.when(RecountTask(holiday)).then()
    same = TaskRecounted(TASK, DAY, DAY, "newer")
    counted.when(RecountTask(Calendar("newer"))).then(same)
    assert counted.given(same).state.known.earlier == ()
    waiting.when(RecountTask(holiday)).then()


def test_it_ends_once() -> None:
    waiting.when(complete).then(completed)
    over.when(complete).then()
    over.when(replace(complete, outcome=TaskOutcome.NOT_NEEDED)).then_refused(DoneOtherwise)
    over.when(AcknowledgeTask(AMINA)).then_refused(TaskIsOver)
    dropped.when(complete).then_refused(TaskIsOver)
    over.when(hand_on).then_refused(TaskIsOver)


def test_what_was_done_elsewhere_settles_it_if_it_is_open() -> None:
    settled = TaskSettled(TASK, TaskOutcome.DONE)
    at_work.when(SettleTask(TaskOutcome.DONE)).then(settled)
    for closed in (task, over, dropped, waiting.given(settled)):
        closed.when(SettleTask(TaskOutcome.DONE)).then()
        closed.when(DropTask(DropReason.CAUSE_GONE)).then()
        closed.when(move).then()
        closed.when(escalate).then()


def test_what_is_no_task_is_answered_as_absent() -> None:
    for each in (AcknowledgeTask(AMINA), hand_on, complete):
        task.when(each).then_refused(NoSuchTask)


def test_a_room_names_the_same_task_each_time() -> None:
    steps = [
        task_step(MEG, TaskKind.REVIEW, CASE, "plan-1", child=CHILD, due_on=DAY, whom=MANAGER),
        settle_step(MEG, TaskKind.REVIEW, CASE, "plan-1"),
        drop_step(MEG, TaskKind.REVIEW, CASE, "plan-1"),
        move_step(
            MEG, TaskKind.REVIEW, CASE, "plan-1", due_on=DAY, rule=RULE, because=MoveReason.AGREED
        ),
    ]
    assert len({each.stream_id for each in steps}) == 1
    other = task_step(MEG, TaskKind.REVIEW, CASE, "plan-2")
    assert other.stream_id != steps[0].stream_id


commands: st.SearchStrategy[TaskCommand] = st.sampled_from(
    [
        ask,
        AcknowledgeTask(AMINA),
        AcknowledgeTask(MEG),
        hand_on,
        escalate,
        EscalateTask(FRIDAY, (), MONDAY),
        complete,
        move,
        MoveDue(FRIDAY, RULE, MoveReason.AGREED),
        SettleTask(TaskOutcome.DONE),
        DropTask(DropReason.SUPERSEDED),
    ]
)


@given(st.lists(commands, max_size=15))
def test_a_repeated_command_decides_nothing(history: list[TaskCommand]) -> None:
    so_far = waiting
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
