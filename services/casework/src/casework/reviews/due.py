"""The task to review a plan: raised with the review, moved with its day, settled by holding it."""

from datetime import date
from uuid import UUID

from casework.reviews import review
from casework.reviews.review_states import Known, UnderReview, Waiting
from casework.rules.due import DueBy
from casework.streams import review_stream, task_made_for, task_stream
from casework.tasks import task
from casework.tasks.kinds import HandOnReason, MoveReason, TaskKind, to_worker
from casework.tasks.raising import move_step, task_step
from casework.tasks.task_commands import HandTask
from casework.tasks.task_states import Taken
from casework.tasks.task_states import Waiting as Asked
from chassis.acting import Situation, Step
from ledger.clock import london_day


def about(number: int) -> str:
    """Return what tells the tasks of a case's reviews apart."""
    return f"review {number}"


def asked_of(
    monitor: UUID, case_id: UUID, child: UUID, number: int, due: DueBy, tenant: UUID
) -> Step:
    """Ask whoever monitors the plan to review it."""
    return task_step(
        tenant,
        TaskKind.REVIEW,
        case_id,
        about(number),
        child=child,
        due_on=due.on,
        rule=due.rule,
        whom=to_worker(monitor),
    )


def moved_to(due: DueBy, known: Known, tenant: UUID) -> list[Step]:
    """Ask for the review sooner; nothing where it is due before that anyway."""
    if due.on >= known.due:
        return []
    return [
        move_step(
            tenant,
            TaskKind.REVIEW,
            known.case_id,
            about(known.number),
            due_on=due.on,
            rule=due.rule,
            because=MoveReason.FACT_LEARNED,
        )
    ]


async def handed_to(monitor: UUID, case_id: UUID, situation: Situation) -> list[Step]:
    """Ask another worker for the review that is due; nothing where none is."""
    found = await situation.state(review.DECIDER, review_stream(case_id))
    if not isinstance(found, Waiting | UnderReview):
        return []
    number = found.known.number
    task_id = task_made_for(situation.tenant, TaskKind.REVIEW, case_id, about(number))
    stream = task_stream(task_id)
    held = await situation.state(task.DECIDER, stream)
    if not isinstance(held, Asked | Taken):
        return []
    today = london_day(await situation.now())
    hand = HandTask(to_worker(monitor), HandOnReason.HANDOVER, _answer_by(today, found.known))
    return [Step(task.DECIDER, stream, hand, case_id)]


def _answer_by(today: date, known: Known) -> date:
    """Return by when whoever is asked now is to answer: today at the earliest."""
    return max(today, known.due)
