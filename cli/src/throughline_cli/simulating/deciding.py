"""What is proposed to a simulated family, what it says to that, and what is decided."""

from dataclasses import replace
from typing import Any

from chassis.roles import Role
from throughline_cli.simulating.agreeing import parent
from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller

DOCUMENTS = ("proposal", "decision")
_TEXT = "We propose to give you the help that the plan beside this letter describes."


async def propose(teller: Teller, step: Step) -> None:
    """Write the proposal of what the plan says, and issue its notice."""
    fields = {
        "proposal": "provide",
        "services": ["therapy"],
        "addressee": await parent(teller, step),
        "addressed_as": "adopter",
        "plan_version": 1,
        "text": _TEXT,
    }
    lead = await teller.as_lead(step)
    answer = await teller.do(
        lead, "DecisionsService.WriteProposal", step, _of(teller, step) | fields
    )
    teller.learn(step, "notice", answer.notice_id)
    await teller.do(lead, "DecisionsService.IssueNotice", step, _noticed(teller, step))


async def satisfied(teller: Teller, step: Step) -> None:
    """Record that the family is satisfied."""
    fields = _noticed(teller, step) | {"by": await parent(teller, step)}
    lead = await teller.as_lead(step)
    await teller.do(lead, "DecisionsService.RecordSatisfied", step, fields)


async def represent(teller: Teller, step: Step) -> None:
    """Record what the family has to say to it."""
    fields = {
        "by": await parent(teller, step),
        "manner": step.code,
        "words": "We had hoped for somebody who comes to school as well.",
    }
    lead = await teller.as_lead(step)
    await teller.do(
        lead, "DecisionsService.RecordRepresentations", step, _noticed(teller, step) | fields
    )


async def decide(teller: Teller, step: Step) -> None:
    """Decide, with reasons."""
    fields = {
        "outcome": step.code,
        "from_day": step.on.isoformat(),
        "reasons": "What you told us was weighed; the help fits what was found.",
        "text": "We have decided to give you the help that we proposed.",
    }
    manager = await teller.as_role(Role.TEAM_MANAGER)
    await teller.do(
        manager, "DecisionsService.DecideProposal", step, _noticed(teller, step) | fields
    )


async def serve(teller: Teller, step: Step) -> None:
    """Serve the notice of a proposal or of the decision (the number), in the manner of the code."""
    duty, document = await teller.as_role(Role.DUTY_WORKER), DOCUMENTS[step.number]

    def awaited(answer: Any) -> Any:
        return next((each for each in answer.services if each.document == document), None)

    listed = {"notice_id": teller.of(step, "notice")}
    service = await teller.once_told(duty, "NoticesService.ListServices", listed, awaited)
    fields = {"service_id": service.service_id}
    # What goes by post is posted once it is known where it may go: on the day of writing.
    posted = step if step.code == "by-hand" else replace(step, on=step.told)
    prepare = fields | {"method": step.code}
    prepared = await teller.do(duty, "NoticesService.PrepareService", posted, prepare)
    if not prepared.blocked:
        await teller.do(duty, "NoticesService.RecordServed", posted, fields)


async def authorise(teller: Teller, step: Step) -> None:
    """Let help begin before the assessment, the plan and the notice."""
    fields = _of(teller, step) | {
        "services": ["crisis-therapy"],
        "skipped": ["assessment", "plan", "notice"],
        "begins_on": step.told.isoformat(),
        "reason": "They cannot go on like this until all is written.",
    }
    manager = await teller.as_role(Role.TEAM_MANAGER)
    await teller.do(manager, "ProvisionService.AuthoriseUrgentProvision", step, fields)


async def complain(teller: Teller, step: Step) -> None:
    """Record a complaint about the decision, and answer its first stage."""
    manager = await teller.as_role(Role.TEAM_MANAGER)
    made = {
        "by": await parent(teller, step),
        "about_case": teller.of(step, "case"),
        "about_notice": teller.of(step, "notice"),
        "words": "We waited too long, and nobody told us why.",
    }
    answer = await teller.do(manager, "ComplaintsService.RecordComplaint", step, made)
    fields = {
        "complaint_id": answer.complaint_id,
        "finding": step.code,
        "words": "We are sorry for the wait.",
    }
    await teller.do(manager, "ComplaintsService.AnswerComplaint", step, fields)


def _of(teller: Teller, step: Step) -> dict[str, Any]:
    return {"case_id": teller.of(step, "case")}


def _noticed(teller: Teller, step: Step) -> dict[str, Any]:
    return _of(teller, step) | {"notice_id": teller.of(step, "notice")}


VERBS = {
    Verb.PROPOSE: propose,
    Verb.SATISFIED: satisfied,
    Verb.REPRESENT: represent,
    Verb.DECIDE: decide,
    Verb.SERVE: serve,
    Verb.AUTHORISE: authorise,
    Verb.COMPLAIN: complain,
}
