"""Which streams a review touches: its own, the plan it is about, and the task that asks for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.cases import case
from casework.information.compose import items_of
from casework.plans import plan
from casework.plans.plan_states import Planned, in_force
from casework.reviews import due, review, review_commands, rule
from casework.reviews.commands import (
    CompleteReview,
    ConsiderAtReview,
    NoteChange,
    NoteReviewOverdue,
    PlanReview,
    StartReview,
)
from casework.reviews.review import NoPlanToReview
from casework.reviews.review_events import ReviewOutcome
from casework.reviews.review_states import Ceased, Known, NotDue, UnderReview, Waiting
from casework.rules.calendars import in_force as calendar
from casework.streams import case_stream, plan_stream, review_stream
from casework.tasks.kinds import TaskKind
from casework.tasks.raising import settle_step, task_step
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _due(case_id: UUID, situation: Situation) -> Waiting | UnderReview:
    found = await situation.state(review.DECIDER, review_stream(case_id))
    if isinstance(found, NotDue):
        of_case = await situation.state(case.DECIDER, case_stream(case_id))
        if isinstance(of_case, case.NotOpened):
            raise case.NoSuchCase
        raise NoPlanToReview
    if isinstance(found, Ceased):
        raise NoPlanToReview
    return found


def _step(asked: review_commands.ReviewCommand, known: Known) -> Step:
    stream = review_stream(known.case_id)
    return Step(review.DECIDER, stream, asked, known.case_id, (known.child,))


async def _note_change(command: NoteChange, situation: Situation) -> Sequence[Step]:
    found = await _due(command.case_id, situation)
    on = command.on or london_day(await situation.now())
    by = rule.after_change(on, situation.partnership).by(calendar())
    note = review_commands.NoteChange(command.change_id, command.kind, on, by, command.words)
    # A change in the course of a review is considered at it.
    if isinstance(found, UnderReview) or command.change_id in found.known.changes:
        return [_step(note, found.known)]
    return [_step(note, found.known), *due.moved_to(by, found.known, situation.tenant)]


async def _plan(command: PlanReview, situation: Situation) -> Sequence[Step]:
    known = (await _due(command.case_id, situation)).known
    by = rule.stage(command.on, situation.partnership)
    step = _step(review_commands.PlanStage(by), known)
    return [step, *due.moved_to(by, known, situation.tenant)]


async def _start(command: StartReview, situation: Situation) -> Sequence[Step]:
    known = (await _due(command.case_id, situation)).known
    on = command.on or london_day(await situation.now())
    return [_step(review_commands.StartReview(on), known)]


async def _consider(command: ConsiderAtReview, situation: Situation) -> Sequence[Step]:
    known = (await _due(command.case_id, situation)).known
    await items_of(command.case_id, command.entry.rests_on, situation)
    return [_step(review_commands.ConsiderAtReview(command.entry, command.words), known)]


async def _complete(command: CompleteReview, situation: Situation) -> Sequence[Step]:
    """End it, ask for the next one, and for the notice where the plan is to change or end."""
    case_id = command.case_id
    of_plan = plan_stream(case_id)
    await situation.look({of_plan: plan.DECIDER, review_stream(case_id): review.DECIDER})
    found = await _due(case_id, situation)
    planned = await situation.state(plan.DECIDER, of_plan)
    active = in_force(planned)
    if not isinstance(planned, Planned) or active is None:
        raise NoPlanToReview
    on = command.on or london_day(await situation.now())
    again = rule.yearly(on, situation.partnership).by(calendar())
    complete = review_commands.CompleteReview(
        on, command.outcome, active.version, len(planned.versions), again, command.words
    )
    known = found.known
    if isinstance(found, Waiting):
        return [_step(complete, known)]
    tenant, number = situation.tenant, known.number
    return [
        _step(complete, known),
        settle_step(tenant, TaskKind.REVIEW, case_id, due.about(number)),
        due.asked_of(active.monitor, case_id, known.child, number + 1, again, tenant),
        *_notice_asked(command.outcome, known, tenant),
    ]


def _notice_asked(outcome: ReviewOutcome, known: Known, tenant: UUID) -> list[Step]:
    if outcome is ReviewOutcome.CONTINUE:
        return []
    about = due.about(known.number)
    return [task_step(tenant, TaskKind.GIVE_NOTICE, known.case_id, about, child=known.child)]


async def _overdue(command: NoteReviewOverdue, situation: Situation) -> Sequence[Step]:
    found = await situation.state(review.DECIDER, command.review_stream)
    if isinstance(found, NotDue):
        return []
    return [_step(review_commands.NoteReviewOverdue(command.due_on), found.known)]


COMMANDS: Mapping[type, Compose] = {
    NoteChange: _note_change,
    PlanReview: _plan,
    StartReview: _start,
    ConsiderAtReview: _consider,
    CompleteReview: _complete,
    NoteReviewOverdue: _overdue,
}
