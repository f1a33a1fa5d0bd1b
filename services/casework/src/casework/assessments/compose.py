"""Which streams an assessment and a formulation touch, and what is looked up for them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.assessments import assessment, assessment_commands, formulation
from casework.assessments.commands import (
    AbandonAssessment,
    AgreeFormulation,
    Alone,
    CompleteAssessment,
    ConsiderHeading,
    DraftFormulation,
    JoinedTo,
    NoteAssessmentOverdue,
    ShareFormulation,
    StartAssessment,
    Together,
    WithFamily,
)
from casework.assessments.rule import assessment as limit_of
from casework.cases import case
from casework.information import conflict
from casework.information.compose import items_of
from casework.provision.provision import Skipped
from casework.provision.regularising import made_good_steps
from casework.rules.calendars import in_force
from casework.streams import (
    assessment_stream,
    case_stream,
    conflict_stream,
    formulation_stream,
    joint_assessment_of,
)
from casework.tasks.kinds import TaskKind
from casework.tasks.raising import drop_step, settle_step, task_step
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _start(command: StartAssessment, situation: Situation) -> Sequence[Step]:
    """Begin it, with the task to complete it by the day that local policy names."""
    case_id = command.case_id
    stream, of_case = assessment_stream(case_id), case_stream(case_id)
    await situation.look({stream: assessment.DECIDER, of_case: case.DECIDER})
    opened = case.open_case(await situation.state(case.DECIDER, of_case))
    limit = limit_of(command.requested_on, situation.partnership)
    terms = assessment_commands.Terms(
        command.kind,
        command.services,
        command.asked_by,
        command.requested_on,
        command.on or london_day(await situation.now()),
        _joint(command.together, opened.family_id, command),
    )
    start = assessment_commands.StartAssessment(
        case_id, opened.child, command.assessment_id, terms, limit.by(in_force())
    )
    complete = task_step(
        situation.tenant,
        TaskKind.ASSESS,
        case_id,
        str(command.assessment_id),
        child=opened.child,
        clock=limit.clock,
        rule=limit.rule,
    )
    return [Step(assessment.DECIDER, stream, start, case_id, (opened.child,)), complete]


def _joint(together: Together, family_id: UUID, command: StartAssessment) -> UUID | None:
    match together:
        case Alone():
            return None
        case WithFamily():
            return joint_assessment_of(family_id, command.requested_on)
        case JoinedTo(joint):
            return joint


async def _consider(command: ConsiderHeading, situation: Situation) -> Sequence[Step]:
    await items_of(command.case_id, command.entry.rests_on, situation)
    consider = assessment_commands.ConsiderHeading(
        command.entry, command.words, command.birth_family
    )
    return [await _step(consider, command.case_id, situation)]


async def _complete(command: CompleteAssessment, situation: Situation) -> Sequence[Step]:
    """End it, where nothing that contradicts each other is unsettled.

    Where urgent provision began without one, it is made good.
    """
    case_id = command.case_id
    of_conflicts = conflict_stream(case_id)
    await situation.look(
        {of_conflicts: conflict.DECIDER, assessment_stream(case_id): assessment.DECIDER}
    )
    conflicts = await situation.state(conflict.DECIDER, of_conflicts)
    on = command.on or london_day(await situation.now())
    complete = assessment_commands.CompleteAssessment(
        on, command.needs, conflict.unsettled(conflicts), command.words
    )
    step = await _step(complete, case_id, situation)
    about = await _about(case_id, situation)
    good = {Skipped.ASSESSMENT: UUID(about)}
    return [
        step,
        settle_step(situation.tenant, TaskKind.ASSESS, case_id, about),
        *await made_good_steps(case_id, good, on, situation),
    ]


async def _abandon(command: AbandonAssessment, situation: Situation) -> Sequence[Step]:
    case_id = command.case_id
    on = command.on or london_day(await situation.now())
    abandon = assessment_commands.AbandonAssessment(on, command.reason)
    step = await _step(abandon, case_id, situation)
    about = await _about(case_id, situation)
    return [step, drop_step(situation.tenant, TaskKind.ASSESS, case_id, about)]


async def _step(
    asked: assessment_commands.AssessmentCommand, case_id: UUID, situation: Situation
) -> Step:
    stream = assessment_stream(case_id)
    found = await situation.state(assessment.DECIDER, stream)
    if isinstance(found, assessment.NotAssessed):
        raise assessment.NoSuchAssessment
    return Step(assessment.DECIDER, stream, asked, case_id, (found.known.child,))


async def _about(case_id: UUID, situation: Situation) -> str:
    found = await situation.state(assessment.DECIDER, assessment_stream(case_id))
    return "" if isinstance(found, assessment.NotAssessed) else str(found.known.assessment_id)


async def _overdue(command: NoteAssessmentOverdue, situation: Situation) -> Sequence[Step]:
    stream = command.assessment_stream
    found = await situation.state(assessment.DECIDER, stream)
    if isinstance(found, assessment.NotAssessed):
        return []
    note = assessment_commands.NoteAssessmentOverdue(command.due_on)
    known = found.known
    return [Step(assessment.DECIDER, stream, note, known.case_id, (known.child,))]


async def _draft(command: DraftFormulation, situation: Situation) -> Sequence[Step]:
    case_id = command.case_id
    stream, of_case = formulation_stream(case_id), case_stream(case_id)
    await situation.look({stream: formulation.DECIDER, of_case: case.DECIDER})
    child = case.open_case(await situation.state(case.DECIDER, of_case)).child
    await items_of(case_id, command.rests_on, situation)
    draft = formulation.DraftFormulation(
        case_id, child, command.draft_id, command.rests_on, command.words
    )
    return [Step(formulation.DECIDER, stream, draft, case_id, (child,))]


async def _shown(
    command: ShareFormulation | AgreeFormulation, situation: Situation
) -> Sequence[Step]:
    stream = formulation_stream(command.case_id)
    found = await situation.state(formulation.DECIDER, stream)
    if isinstance(found, formulation.NotFormulated):
        raise formulation.NoSuchFormulation
    kind = (
        formulation.ShareFormulation
        if isinstance(command, ShareFormulation)
        else formulation.AgreeFormulation
    )
    asked = kind(command.version, command.readers)
    return [Step(formulation.DECIDER, stream, asked, command.case_id, (found.child,))]


COMMANDS: Mapping[type, Compose] = {
    StartAssessment: _start,
    ConsiderHeading: _consider,
    CompleteAssessment: _complete,
    AbandonAssessment: _abandon,
    NoteAssessmentOverdue: _overdue,
    DraftFormulation: _draft,
    ShareFormulation: _shown,
    AgreeFormulation: _shown,
}
