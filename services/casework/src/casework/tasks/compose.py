"""Which streams a command on a task touches, and what it has to look up."""

from collections.abc import Mapping, Sequence
from typing import assert_never, get_args
from uuid import UUID

from casework.allocations import allocation
from casework.allocations.allocation_states import lead_of
from casework.assessments import assessment
from casework.assessments.assessment_commands import RecountAssessment
from casework.cases import case
from casework.rules.calendars import in_force
from casework.rules.clocks import Clock, Unit, due_on
from casework.rules.policies import shipped
from casework.streams import (
    allocation_stream,
    assessment_stream,
    case_stream,
    on_call_stream,
    task_stream,
    worker_stream,
)
from casework.tasks import task, task_commands
from casework.tasks.commands import (
    AgreeAction,
    Complete,
    HandOn,
    LookAgain,
    NoteDayOver,
    NoteFamilyUntold,
    NoteUnreached,
    OfTask,
    Recount,
    TakeOn,
)
from casework.tasks.kinds import LEAD, MANAGER, Desk, TaskKind, Whom
from casework.tasks.raising import task_step
from casework.tasks.task_states import Known, NotRaised, Taken, Task, Waiting
from casework.urgent import rota, rota_states
from casework.urgent.rule import Post
from casework.workers import worker
from casework.workers.worker import known_worker
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def of_task(command: OfTask, situation: Situation) -> Sequence[Step]:
    """Turn a command of a task into its step, in the file of its case if it has one."""
    match command:
        case AgreeAction():
            return await _agree(command, situation)
        case LookAgain():
            return await _look_again(command, situation)
        case NoteUnreached():
            return await _unreached(command, situation)
        case NoteFamilyUntold():
            return [await _untold(command, situation)]
        case NoteDayOver(stream) | Recount(stream):
            pass
        case TakeOn(task_id) | HandOn(task_id) | Complete(task_id):
            stream = task_stream(task_id)
    found = await situation.state(task.DECIDER, stream)
    asked = await _asked(command, found, situation)
    if isinstance(found, NotRaised):
        return [Step(task.DECIDER, stream, asked)]
    known = found.known
    subjects = () if known.child is None else (known.child,)
    own = Step(task.DECIDER, stream, asked, known.case_id, subjects)
    return [own, *_with_what_it_asks_for(command, known)]


def _with_what_it_asks_for(command: OfTask, known: Known) -> list[Step]:
    """Count with a task also what it asks for, where that has a day of its own."""
    match command, known:
        case (
            Recount(calendar=calendar),
            Known(kind=TaskKind.ASSESS, case_id=UUID() as case_id, child=UUID() as child),
        ) if known.clock is not None:
            day = due_on(known.clock, calendar)
            anew = RecountAssessment(UUID(known.about), day, calendar.version)
            stream = assessment_stream(case_id)
            return [Step(assessment.DECIDER, stream, anew, case_id, (child,))]
        case _:
            return []


async def _agree(command: AgreeAction, situation: Situation) -> list[Step]:
    found = await situation.state(case.DECIDER, case_stream(command.case_id))
    of_case = case.open_case(found)
    await _known(command.whom, situation)
    return [
        task_step(
            situation.tenant,
            TaskKind.ACTION_AGREED,
            command.case_id,
            str(command.action),
            child=of_case.child,
            due_on=command.due_on,
            whom=command.whom,
            words=command.words,
        )
    ]


async def _unreached(command: NoteUnreached, situation: Situation) -> list[Step]:
    """Ask whoever leads the case, a manager once it is closed; before, the front door shows it."""
    found = await situation.state(case.DECIDER, case_stream(command.case_id))
    if isinstance(found, case.NotOpened):
        return []
    today = london_day(await situation.now())
    rules = shipped().on(today, situation.partnership)
    [child] = case.people_of(found)
    return [
        task_step(
            situation.tenant,
            TaskKind.TELL_OTHERWISE,
            command.case_id,
            str(command.message),
            child=child,
            clock=Clock(today, rules.tell_otherwise_working_days, Unit.WORKING_DAYS),
            rule=rules.version,
            whom=LEAD if isinstance(found, case.Open) else MANAGER,
        )
    ]


async def _untold(command: NoteFamilyUntold, situation: Situation) -> Step:
    """Ask whoever leads the case to ask the family itself, as soon as one is told otherwise."""
    today = london_day(await situation.now())
    rules = shipped().on(today, situation.partnership)
    return task_step(
        situation.tenant,
        TaskKind.ASK_FAMILY,
        command.case_id,
        str(command.transfer),
        child=command.child,
        clock=Clock(today, rules.tell_otherwise_working_days, Unit.WORKING_DAYS),
        rule=rules.version,
        whom=LEAD,
    )


async def _look_again(command: LookAgain, situation: Situation) -> list[Step]:
    """Ask a manager where the case is closed, else whoever leads it, of each decision apart."""
    found = await situation.state(case.DECIDER, case_stream(command.case_id))
    today = london_day(await situation.now())
    rules = shipped().on(today, situation.partnership)
    people = case.people_of(found)
    return [
        task_step(
            situation.tenant,
            TaskKind.LATE_FACT,
            command.case_id,
            f"{decision}/{command.fact}",
            child=people[0] if people else None,
            clock=Clock(today, rules.late_fact_working_days, Unit.WORKING_DAYS),
            rule=rules.version,
            whom=LEAD if isinstance(found, case.Open) else MANAGER,
        )
        for decision in command.decisions
    ]


async def _asked(
    command: TakeOn | HandOn | Complete | NoteDayOver | Recount, found: Task, situation: Situation
) -> task_commands.TaskCommand:
    """Add what a command does not know itself: whom to tell, until when to wait."""
    match command:
        case TakeOn(worker=who):
            return task_commands.AcknowledgeTask(who)
        case Complete(outcome=outcome, worker=who, words=words):
            return task_commands.CompleteTask(outcome, who, words)
        case HandOn(to=to, reason=reason):
            await _known(to, situation)
            today = london_day(await situation.now())
            days = shipped().on(today, situation.partnership).escalation_working_days
            return task_commands.HandTask(to, reason, in_force().after(today, days))
        case NoteDayOver():
            return await _escalation(command, found, situation)
        case Recount(calendar=calendar):
            return task_commands.RecountTask(calendar)
        case _:
            assert_never(command)


async def _known(whom: Whom, situation: Situation) -> None:
    """Raise WorkerUnknown where somebody is asked by name who does not work here."""
    if whom.worker is not None:
        known_worker(await situation.state(worker.DECIDER, worker_stream(whom.worker)))


async def _escalation(
    command: NoteDayOver, found: Task, situation: Situation
) -> task_commands.EscalateTask:
    """Tell whose task it is; from the second step on, or where nobody is there, a manager too."""
    rules = shipped().on(command.on, situation.partnership)
    if not isinstance(found, Waiting | Taken):
        return task_commands.EscalateTask(command.on, (), None)
    step = found.known.step + 1
    own = await _whose(found, situation)
    managers = await _manager(situation) if step > 1 or not own else ()
    again_on = in_force().after(command.on, rules.escalation_working_days)
    return task_commands.EscalateTask(
        command.on,
        tuple(dict.fromkeys([*own, *managers])),
        again_on if step < rules.escalation_steps else None,
    )


async def _whose(found: Waiting | Taken, situation: Situation) -> tuple[UUID, ...]:
    if isinstance(found, Taken):
        return (found.by,)
    match found.known:
        case Known(whom=Whom(worker=UUID() as named)):
            return (named,)
        case Known(whom=Whom(desk=Desk.LEAD), case_id=UUID() as case_id):
            held = await situation.state(allocation.DECIDER, allocation_stream(case_id))
            lead = lead_of(held)
            return () if lead is None else (lead,)
        case _:
            return ()


async def _manager(situation: Situation) -> tuple[UUID, ...]:
    """Return the manager on duty, or who stood last: somebody hears of it in any case."""
    stream = on_call_stream(situation.tenant, Post.DUTY_MANAGER)
    managers = await situation.state(rota.DECIDER, stream)
    now = await situation.now()
    found = rota_states.stands_at(managers, now) or rota_states.stood_last(managers)
    return () if found is None else (found,)


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(OfTask), of_task)
