"""A plan comes into force and ends by what others decide: the steps that they add to their own.

Whoever issues a notice, decides on it, authorises urgent provision or closes a case puts these
steps beside its own: all are appended or none.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.plans import plan, plan_commands
from casework.plans.plan_events import EndReason, Ground
from casework.plans.plan_states import NoPlan, Version, in_force, version_of
from casework.reviews import due as asking
from casework.reviews import review, review_commands
from casework.reviews.review_events import Trigger
from casework.reviews.review_states import Ceased, Completed, NotDue, UnderReview, Waiting
from casework.reviews.rule import yearly
from casework.rules.calendars import in_force as calendar
from casework.rules.due import DueBy
from casework.streams import plan_stream, review_stream
from casework.tasks.kinds import TaskKind
from casework.tasks.raising import drop_step, settle_step
from chassis.acting import Situation, Step


@dataclass(frozen=True, slots=True)
class Activation:
    """A version is to come into force from a day; `decided_by`: the proposal or authorisation."""

    case_id: UUID
    version: int
    from_day: date
    ground: Ground
    decided_by: UUID


@dataclass(frozen=True, slots=True)
class Ending:
    """The plan is to be over after a day; `decided_by`: the proposal, or the case's closing."""

    case_id: UUID
    on: date
    reason: EndReason
    ground: Ground
    decided_by: UUID


async def proposal_steps(
    case_id: UUID, version: int, proposal_id: UUID, situation: Situation
) -> list[Step]:
    """Return the steps by which a notice proposes a version; an incomplete one is refused."""
    stream = plan_stream(case_id)
    found = await situation.state(plan.DECIDER, stream)
    child = () if isinstance(found, NoPlan) else (found.child,)
    propose = plan_commands.ProposeVersion(version, proposal_id)
    step = Step(plan.DECIDER, stream, propose, case_id, child)
    return [step, *await notice_steps(case_id, situation)]


async def notice_steps(case_id: UUID, situation: Situation) -> list[Step]:
    """Return the steps that settle what a review asked for: the notice to change or end a plan."""
    found = await situation.state(review.DECIDER, review_stream(case_id))
    if isinstance(found, NotDue) or not isinstance(found.known.last, Completed):
        return []
    about = asking.about(found.known.last.number)
    return [settle_step(situation.tenant, TaskKind.GIVE_NOTICE, case_id, about)]


async def proposal_ended_steps(
    case_id: UUID, proposal_id: UUID, situation: Situation
) -> list[Step]:
    """Return the steps by which a notice comes to nothing; none where it proposed no plan."""
    stream = plan_stream(case_id)
    found = await situation.state(plan.DECIDER, stream)
    if isinstance(found, NoPlan):
        return []
    end = plan_commands.EndProposal(proposal_id)
    return [Step(plan.DECIDER, stream, end, case_id, (found.child,))]


async def activation_steps(activation: Activation, situation: Situation) -> list[Step]:
    """Return the steps by which a version comes into force and its review becomes due."""
    case_id, from_day = activation.case_id, activation.from_day
    of_plan, of_review = plan_stream(case_id), review_stream(case_id)
    await situation.look({of_plan: plan.DECIDER, of_review: review.DECIDER})
    found = await situation.state(plan.DECIDER, of_plan)
    version = version_of(found, activation.version)
    due = yearly(from_day, situation.partnership).by(calendar())
    trigger = Trigger.YEARLY
    if version and version.document.review_on and version.document.review_on < due.on:
        due, trigger = DueBy(version.document.review_on, due.rule), Trigger.STAGE
    activate = plan_commands.ActivateVersion(
        activation.version, from_day, activation.ground, activation.decided_by, due
    )
    if isinstance(found, NoPlan):
        return [Step(plan.DECIDER, of_plan, activate, case_id)]
    schedule = review_commands.ScheduleReview(case_id, found.child, trigger, from_day, due)
    return [
        Step(plan.DECIDER, of_plan, activate, case_id, (found.child,)),
        Step(review.DECIDER, of_review, schedule, case_id, (found.child,)),
        *await _asked(version, found.child, due, case_id, situation),
    ]


async def _asked(
    version: Version | None, child: UUID, due: DueBy, case_id: UUID, situation: Situation
) -> list[Step]:
    """Ask the monitor for the review, or for the one that is due already sooner."""
    found = await situation.state(review.DECIDER, review_stream(case_id))
    match found:
        case _ if version is None:
            return []
        case NotDue():
            number = 1
        case Ceased(known):
            number = known.number + 1
        case Waiting(known):
            return asking.moved_to(due, known, situation.tenant)
        case UnderReview():
            return []
    monitor = version.document.monitor
    return [asking.asked_of(monitor, case_id, child, number, due, situation.tenant)]


async def ending_steps(ending: Ending, situation: Situation) -> list[Step]:
    """Return the steps by which a plan ends and is reviewed no more; none where there is none."""
    case_id = ending.case_id
    of_plan, of_review = plan_stream(case_id), review_stream(case_id)
    await situation.look({of_plan: plan.DECIDER, of_review: review.DECIDER})
    found = await situation.state(plan.DECIDER, of_plan)
    if isinstance(found, NoPlan) or in_force(found) is None:
        return []
    end = plan_commands.EndPlan(ending.on, ending.reason, ending.ground, ending.decided_by)
    return [
        Step(plan.DECIDER, of_plan, end, case_id, (found.child,)),
        Step(review.DECIDER, of_review, review_commands.CeaseReviews(), case_id, (found.child,)),
        *await _asked_no_more(case_id, situation),
    ]


async def _asked_no_more(case_id: UUID, situation: Situation) -> list[Step]:
    found = await situation.state(review.DECIDER, review_stream(case_id))
    if isinstance(found, NotDue):
        return []
    about = asking.about(found.known.number)
    return [
        drop_step(situation.tenant, TaskKind.REVIEW, case_id, about),
        *await notice_steps(case_id, situation),
    ]
