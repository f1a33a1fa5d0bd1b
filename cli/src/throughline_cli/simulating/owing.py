"""A simulated family moves, and another authority comes to owe it the service by agreement."""

from chassis.roles import Role
from throughline_cli.playing import once_there
from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller


async def owe(teller: Teller, step: Step) -> None:
    """Record what the authorities agreed in writing: the other one owes the service from now on."""
    fields = {
        "child": teller.of(step, "child"),
        "authority": step.code,
        "from_day": step.on.isoformat(),
        "reference": f"AG {teller.family.number}",
        "words": "They moved to relatives there, and both sides signed.",
    }
    duty = await teller.as_role(Role.DUTY_WORKER)
    await teller.do(duty, "DutyService.RecordAgreement", step, fields)
    teller.learn(step, "owed by", step.code)


async def answer_duty(teller: Teller, step: Step) -> None:
    """Go on by choice, or have the other authority take the duty on: the step's code."""
    if step.code == "kept":
        manager = await teller.as_role(Role.TEAM_MANAGER)
        fields = {
            "case_id": teller.of(step, "case"),
            "words": "They know us. We see it through to the end of the plan.",
        }
        rpc = "DutyChangesService.KeepDutyByChoice"
        await once_there(lambda: teller.do(manager, rpc, step, fields))
    else:
        authorities = teller.staff.platform.directory.authorities
        there = authorities[teller.of(step, "owed by")].id
        line = await teller.staff.line(Role.TEAM_MANAGER, there)
        named = {"child": teller.of(step, "child")}
        rpc = "DutyChangesService.TakeDutyOn"
        await once_there(lambda: teller.do(line, rpc, step, named, at=there))


VERBS = {Verb.OWE: owe, Verb.ANSWER_DUTY: answer_duty}
