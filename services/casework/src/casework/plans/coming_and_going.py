"""A plan comes into force and ends by what others decide: the steps that they add to their own.

Whoever issues a notice, decides on it, authorises urgent provision or closes a case puts these
steps beside its own: all are appended or none.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.plans import plan, plan_commands
from casework.plans.plan_events import EndReason, Ground
from casework.plans.plan_states import NoPlan, in_force, version_of
from casework.reviews import review, review_commands
from casework.reviews.review_events import Trigger
from casework.reviews.rule import yearly_due
from casework.rules.due import DueBy
from casework.streams import plan_stream, review_stream
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
    return [Step(plan.DECIDER, stream, propose, case_id, child)]


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
    due = yearly_due(from_day, situation.partnership)
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
    ]


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
    ]
