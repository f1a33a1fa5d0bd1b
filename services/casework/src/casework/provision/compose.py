"""Which streams urgent provision touches: its own, the plan it brings, the tasks that mend it."""

from collections.abc import Mapping, Sequence
from datetime import date

from casework.cases import case
from casework.plans.coming_and_going import Activation, activation_steps
from casework.plans.plan_events import Ground
from casework.provision import provision
from casework.provision.commands import (
    AuthoriseUrgentProvision,
    EndUrgentProvision,
    RecordStepMadeGood,
)
from casework.provision.provision import (
    AlreadyStands,
    Authorise,
    EndProvision,
    Missing,
    NoSuchProvision,
    NotAuthorised,
    Regularise,
    Skipped,
    Standing,
)
from casework.provision.regularising import TASKS, steps_for
from casework.rules.policies import CaseworkRules, shipped
from casework.streams import case_stream, provision_stream, urgent_provision_of_case
from casework.tasks.kinds import LEAD
from casework.tasks.raising import drop_step, task_step
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day
from ledger.working_days import ENGLAND_AND_WALES


async def _authorise(command: AuthoriseUrgentProvision, situation: Situation) -> Sequence[Step]:
    stream, of_case = provision_stream(command.provision_id), case_stream(command.case_id)
    claim = urgent_provision_of_case(command.case_id)
    await situation.look({stream: provision.DECIDER, of_case: case.DECIDER}, claims=[claim])
    child = case.open_case(await situation.state(case.DECIDER, of_case)).child
    held = await situation.holder(claim)
    if held is not None and held != stream:
        raise AlreadyStands
    on = command.on or london_day(await situation.now())
    rules = shipped().on(on, situation.partnership)
    skipped = tuple(Missing(each, _by(each, on, rules)) for each in command.skipped)
    asked = Authorise(
        command.provision_id,
        command.case_id,
        child,
        command.services,
        skipped,
        command.by,
        on,
        command.begins_on,
        rules.version,
        command.reason,
    )
    own = Step(provision.DECIDER, stream, asked, command.case_id, (child,), take=(claim,))
    tasks = [
        task_step(
            situation.tenant,
            TASKS[each.step],
            command.case_id,
            str(command.provision_id),
            child=child,
            due_on=each.by,
            rule=rules.version,
            whom=LEAD,
        )
        for each in skipped
    ]
    return [own, *tasks, *await _plan(command, situation)]


async def _plan(command: AuthoriseUrgentProvision, situation: Situation) -> list[Step]:
    if command.plan_version is None:
        return []
    case_id, version = command.case_id, command.plan_version
    active = Activation(case_id, version, command.begins_on, Ground.URGENT, command.provision_id)
    return await activation_steps(active, situation)


def _by(step: Skipped, on: date, rules: CaseworkRules) -> date:
    count = {
        Skipped.ASSESSMENT: rules.regularise_assessment_working_days,
        Skipped.PLAN: rules.regularise_plan_working_days,
        Skipped.NOTICE: rules.regularise_notice_working_days,
    }[step]
    return ENGLAND_AND_WALES.after(on, count)


async def _made_good(command: RecordStepMadeGood, situation: Situation) -> Sequence[Step]:
    stream = provision_stream(command.provision_id)
    found = await situation.state(provision.DECIDER, stream)
    known = _known(found, command)
    on = command.on or london_day(await situation.now())
    if isinstance(found, Standing) and any(each.step is command.step for each in known.missing):
        return steps_for(stream, found, {command.step: command.made_good_by}, on, situation)
    asked = Regularise(command.step, command.made_good_by, on)
    return [Step(provision.DECIDER, stream, asked, known.case_id, (known.child,))]


async def _end(command: EndUrgentProvision, situation: Situation) -> Sequence[Step]:
    """End it, and leave the case free; what was to be made good is asked for no longer."""
    stream = provision_stream(command.provision_id)
    found = await situation.state(provision.DECIDER, stream)
    known = _known(found, command)
    on = command.on or london_day(await situation.now())
    release = (urgent_provision_of_case(known.case_id),) if isinstance(found, Standing) else ()
    end = EndProvision(command.reason, on)
    own = Step(provision.DECIDER, stream, end, known.case_id, (known.child,), release=release)
    about = str(known.provision_id)
    drops = [
        drop_step(situation.tenant, TASKS[each.step], known.case_id, about)
        for each in known.missing
    ]
    return [own, *drops]


def _known(
    found: provision.Provision, command: RecordStepMadeGood | EndUrgentProvision
) -> provision.Known:
    if isinstance(found, NotAuthorised) or found.known.case_id != command.case_id:
        raise NoSuchProvision
    return found.known


COMMANDS: Mapping[type, Compose] = {
    AuthoriseUrgentProvision: _authorise,
    RecordStepMadeGood: _made_good,
    EndUrgentProvision: _end,
}
