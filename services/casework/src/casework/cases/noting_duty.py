"""What is done in a case where it is learned who owes the service, or nobody can say."""

from typing import Final
from uuid import UUID

from casework.cases import case, duty_line
from casework.cases.commands import NoteDuty
from casework.cases.rechecking import rechecked
from casework.consents import consent
from casework.rules.clocks import Clock, Unit
from casework.rules.policies import shipped
from casework.streams import case_of_child, consent_stream, duty_line_stream
from casework.tasks.kinds import DUTY, TaskKind
from casework.tasks.raising import settle_step, task_step
from chassis.acting import Situation, Step
from ledger.clock import london_day

AT_OPENING: Final = "at-opening"
"""What the task is about that asks who owes the service, when a case is opened without that."""


async def note_duty(command: NoteDuty, situation: Situation) -> list[Step]:
    """Keep it in the file of the child's case, if it has one here; nobody need ask any longer."""
    held = await situation.holder(case_of_child(command.child))
    found = await situation.state(case.DECIDER, held) if held else case.NotOpened()
    match found:
        case case.Open(case_id=case_id) | case.Closed(last=case.Open(case_id=case_id)):
            pass
        case case.NotOpened():
            return []
    learn = duty_line.LearnDuty(case_id, command.child, command.effect_from, command.periods)
    stream = duty_line_stream(command.child)
    steps = [Step(duty_line.DECIDER, stream, learn, case_id, (command.child,))]
    today = london_day(await situation.now())
    if duty_line.holder_on(command.periods, today):
        tenant = situation.tenant
        steps.append(settle_step(tenant, TaskKind.DUTY_UNKNOWN, case_id, AT_OPENING))
    agreed = await situation.state(consent.DECIDER, consent_stream(case_id, consent.ASSESS))
    steps += await rechecked(found, agreed, command.periods, situation)
    return steps


def duty_asked(command: case.TakeOnReferral, case_id: UUID, situation: Situation) -> list[Step]:
    """Let duty find out who owes the service, where the referral came without that."""
    referral = command.referral
    if referral.duty_holder is not None:
        return []
    rules = shipped().on(referral.accepted_on, situation.partnership)
    clock = Clock(referral.accepted_on, rules.duty_unknown_working_days, Unit.WORKING_DAYS)
    return [
        task_step(
            situation.tenant,
            TaskKind.DUTY_UNKNOWN,
            case_id,
            AT_OPENING,
            child=command.child,
            clock=clock,
            rule=rules.version,
            whom=DUTY,
        )
    ]
