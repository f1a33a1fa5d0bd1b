"""What a decision does, all or nothing: itself, the plan, urgent provision that it makes good."""

from datetime import date
from uuid import UUID

from casework.assessments import assessment
from casework.decisions import asking, notice, notice_commands
from casework.decisions.basis import completed
from casework.decisions.commands import DecideProposal
from casework.decisions.grounds import changes
from casework.decisions.notice_events import Outcome, Proposal
from casework.decisions.notice_states import Decided, Known, Notice, NotProposed
from casework.decisions.refusals import NoSuchNotice
from casework.plans import plan
from casework.plans.coming_and_going import (
    Activation,
    Ending,
    activation_steps,
    ending_steps,
    proposal_ended_steps,
    proposal_steps,
)
from casework.plans.plan_events import EndReason, Ground
from casework.plans.plan_states import version_of
from casework.provision.provision import Skipped
from casework.provision.regularising import made_good_steps, standing_in
from casework.streams import assessment_stream, notice_stream, plan_stream
from chassis.acting import Situation, Step
from ledger.clock import london_day


async def steps(command: DecideProposal, found: Notice, situation: Situation) -> list[Step]:
    """Return the steps of a decision; made already, it does nothing more."""
    if isinstance(found, NotProposed):
        raise NoSuchNotice
    known = found.known
    on = command.on or london_day(await situation.now())
    version = command.plan_version or known.basis.plan_version
    looked = await _looked_up(known, version, situation)
    decide = notice_commands.Decide(
        command.outcome,
        on,
        command.by,
        command.plan_version,
        command.from_day,
        looked,
        command.reasons,
        command.text,
    )
    people = (known.child, known.addressee.person)
    own = Step(notice.DECIDER, notice_stream(known.notice_id), decide, known.case_id, people)
    if isinstance(found, Decided):
        return [own]
    return [
        own,
        *await _of_plan(command, known, version, situation),
        *await _made_good(known, command.outcome, looked.assessment, on, situation),
        *asking.decided(known, on, situation),
    ]


async def _looked_up(
    known: Known, version: int | None, situation: Situation
) -> notice_commands.Found:
    of_assessment, of_plan = assessment_stream(known.case_id), plan_stream(known.case_id)
    await situation.look({of_assessment: assessment.DECIDER, of_plan: plan.DECIDER})
    assessed = completed(await situation.state(assessment.DECIDER, of_assessment))
    urgent = await standing_in(known.case_id, Skipped.ASSESSMENT, situation)
    state = await situation.state(plan.DECIDER, of_plan)
    planned = version_of(state, version) if version else None
    monitor = planned.document.monitor if planned else None
    return notice_commands.Found(assessed, urgent, monitor)


async def _of_plan(
    command: DecideProposal, known: Known, version: int | None, situation: Situation
) -> list[Step]:
    case_id, notice_id, proposed = known.case_id, known.notice_id, known.basis.plan_version
    if not changes(known.proposal, command.outcome):
        return await proposal_ended_steps(case_id, notice_id, situation)
    # The decider refuses a decision that does not say from when it holds.
    if command.from_day is None:
        return []
    if version is not None:
        anew: list[Step] = []
        if version != proposed:
            anew += await proposal_ended_steps(case_id, notice_id, situation)
            anew += await proposal_steps(case_id, version, notice_id, situation)
        active = Activation(case_id, version, command.from_day, Ground.DECISION, notice_id)
        return [*anew, *await activation_steps(active, situation)]
    if known.proposal is Proposal.END:
        reason = EndReason.OTHER_DECISION
        over = Ending(case_id, command.from_day, reason, Ground.DECISION, notice_id)
        return await ending_steps(over, situation)
    return []


async def _made_good(
    known: Known, outcome: Outcome, completed: UUID | None, on: date, situation: Situation
) -> list[Step]:
    """Return the steps by which a decision makes good what urgent provision skipped."""
    if known.proposal not in {Proposal.PROVIDE, Proposal.NOT_PROVIDE, Proposal.VARY}:
        return []
    good = {Skipped.NOTICE: known.notice_id}
    assessed = known.basis.assessment or completed
    if assessed is not None:
        good[Skipped.ASSESSMENT] = assessed
    if known.basis.plan_version is not None and outcome is not Outcome.DROPPED:
        good[Skipped.PLAN] = known.notice_id
    return await made_good_steps(known.case_id, good, on, situation)
