"""Which streams a plan touches, and what is looked up for it."""

from collections.abc import Mapping, Sequence

from casework.cases import case
from casework.plans import plan, plan_commands
from casework.plans.commands import DraftPlan, NominateMonitor, PausePlan, ResumePlan
from casework.plans.plan import NoSuchPlan
from casework.plans.plan_states import NoPlan
from casework.reviews.due import handed_to
from casework.streams import case_stream, plan_stream, worker_stream
from casework.workers import worker
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _draft(command: DraftPlan, situation: Situation) -> Sequence[Step]:
    """Write a version; whoever is to monitor it works for the authority."""
    case_id, monitor = command.case_id, command.document.monitor
    stream, of_case, of_worker = (
        plan_stream(case_id),
        case_stream(case_id),
        worker_stream(monitor),
    )
    await situation.look({stream: plan.DECIDER, of_case: case.DECIDER, of_worker: worker.DECIDER})
    child = case.open_case(await situation.state(case.DECIDER, of_case)).child
    worker.known_worker(await situation.state(worker.DECIDER, of_worker))
    draft = plan_commands.DraftPlan(
        case_id, child, command.draft_id, command.document, command.words
    )
    return [Step(plan.DECIDER, stream, draft, case_id, (child, monitor))]


async def _nominate(command: NominateMonitor, situation: Situation) -> Sequence[Step]:
    """Let another worker monitor the plan, and be asked for its review."""
    of_worker = worker_stream(command.monitor)
    await situation.look({plan_stream(command.case_id): plan.DECIDER, of_worker: worker.DECIDER})
    worker.known_worker(await situation.state(worker.DECIDER, of_worker))
    nominate = plan_commands.NominateMonitor(command.monitor)
    steps = await _on_plan(command, nominate, situation)
    return [*steps, *await handed_to(command.monitor, command.case_id, situation)]


async def _pause(command: PausePlan, situation: Situation) -> Sequence[Step]:
    day = command.from_day or london_day(await situation.now())
    pause = plan_commands.PausePlan(day, command.reason, command.words)
    return await _on_plan(command, pause, situation)


async def _resume(command: ResumePlan, situation: Situation) -> Sequence[Step]:
    day = command.from_day or london_day(await situation.now())
    return await _on_plan(command, plan_commands.ResumePlan(day), situation)


async def _on_plan(
    command: NominateMonitor | PausePlan | ResumePlan,
    asked: plan_commands.PlanCommand,
    situation: Situation,
) -> list[Step]:
    stream = plan_stream(command.case_id)
    found = await situation.state(plan.DECIDER, stream)
    if isinstance(found, NoPlan):
        raise NoSuchPlan
    return [Step(plan.DECIDER, stream, asked, command.case_id, (found.child,))]


COMMANDS: Mapping[type, Compose] = {
    DraftPlan: _draft,
    NominateMonitor: _nominate,
    PausePlan: _pause,
    ResumePlan: _resume,
}
