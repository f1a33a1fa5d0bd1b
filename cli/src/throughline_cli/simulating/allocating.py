"""Who works on a simulated child's case: handed over, shared with a co-worker, transferred."""

from chassis.roles import Role
from throughline_cli.people import Person
from throughline_cli.playing import once_there
from throughline_cli.simulating.agreeing import parent
from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller


async def hand_over(teller: Teller, step: Step) -> None:
    """Offer the lead to another worker, who takes it."""
    named = {"case_id": teller.of(step, "case")}
    other = _another(teller, step)
    offer_id = await _offered(teller, step, other, part="lead", reason="handover")
    line = await teller.staff.line_of(other.slug)
    accepted = named | {"offer_id": offer_id}
    await teller.do(line, "AllocationsService.AcceptAllocation", step, accepted)
    teller.learn(step, "lead", other.slug)


async def share(teller: Teller, step: Step) -> None:
    """Offer a part to a co-worker, who takes it, or declines with a reason: the step's code."""
    other = _another(teller, step)
    offer_id = await _offered(teller, step, other, part="co-worker", reason="joint-work")
    fields = {"case_id": teller.of(step, "case"), "offer_id": offer_id}
    line = await teller.staff.line_of(other.slug)
    if step.code:
        declined = fields | {"reason": step.code}
        await teller.do(line, "AllocationsService.DeclineAllocation", step, declined)
    else:
        await teller.do(line, "AllocationsService.AcceptAllocation", step, fields)


async def transfer(teller: Teller, step: Step) -> None:
    """Offer the case, with consent, to the authority to which the family moved; it takes it."""
    manager = await teller.as_role(Role.TEAM_MANAGER)
    speaker = {"person_id": await parent(teller, step), "capacity": "parental-responsibility"}
    agreed = {
        "case_id": teller.of(step, "case"),
        "matters": [{"purpose": "share", "party": f"authority:{step.code}"}],
        "given_by": speaker,
        "how": "They asked for it.",
    }
    await teller.do(manager, "CaseConsentsService.GiveCaseConsent", step, agreed)
    offer = {
        "case_id": teller.of(step, "case"),
        "kind": "authority",
        "to": step.code,
        "reason": "family-moved",
        "ground": "consent",
    }
    answer = await teller.do(manager, "TransfersService.OfferTransfer", step, offer)
    there = teller.staff.platform.directory.authorities[step.code].id
    line = await teller.staff.line(Role.TEAM_MANAGER, there)
    lead = teller.staff.worker_for(there, teller.of(step, "case"))
    fields = {"transfer_id": answer.transfer_id, "lead": lead.id}
    await once_there(
        lambda: teller.do(line, "TransfersService.AcceptTransfer", step, fields, at=there)
    )


async def _offered(teller: Teller, step: Step, other: Person, part: str, reason: str) -> str:
    manager = await teller.as_role(Role.TEAM_MANAGER)
    fields = {
        "case_id": teller.of(step, "case"),
        "to_worker": other.id,
        "part": part,
        "reason": reason,
    }
    answer = await teller.do(manager, "AllocationsService.OfferAllocation", step, fields)
    return str(answer.offer_id)


def _another(teller: Teller, step: Step) -> Person:
    """Return the worker after the one who leads, of the same kind where there is one."""
    lead, workers = teller.lead(step), teller.staff.workers(teller.tenant)
    place = next(index for index, each in enumerate(workers) if each.id == lead.id)
    following = [*workers[place + 1 :], *workers[:place]]
    alike = [each for each in following if each.kind == lead.kind]
    return (alike or following)[0]


VERBS = {Verb.HAND_OVER: hand_over, Verb.SHARE: share, Verb.TRANSFER: transfer}
