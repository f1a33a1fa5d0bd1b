"""What duty does with a simulated family: takes the referral in, screens and decides it."""

import json
from datetime import UTC, datetime, time

from chassis.roles import Role
from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller

_MORNING = time(10)


async def refer(teller: Teller, step: Step) -> None:
    """Bring in the referral of all children of the family."""
    at = datetime.combine(step.on, _MORNING, UTC)
    document = teller.family.submission(str(teller.id_of("submission")), teller.partnership, at)
    answer = await teller.do(
        await teller.as_role(Role.DUTY_WORKER),
        "ReferralsService.SubmitReferral",
        step,
        {"submission": json.dumps(document).encode()},
    )
    for index, child in enumerate(answer.children):
        teller.known |= {
            (index, "referral"): child.referral_id,
            (index, "case"): child.case_id,
            (index, "child"): child.child,
            (index, "asked"): step.on.isoformat(),
        }


async def screen(teller: Teller, step: Step) -> None:
    """Answer all checks; of danger only what the step says."""
    usual = {
        "urgency": "urgent" if step.code == "concern" else "routine",
        "eligibility": "eligible",
        "identity": "new",
        "duplicates": "none",
        "duty_holder": "looked-up",
        "conflict_of_interest": "none",
        "safe_contact": "safe",
    }
    words = "A bruise that nobody could explain." if step.code == "concern" else ""
    await _do(teller, step, "ScreenReferral", {"safeguarding": step.code, "words": words} | usual)


async def accept(teller: Teller, step: Step) -> None:
    """Take it on."""
    await _do(teller, step, "AcceptReferral", {})


async def decline(teller: Teller, step: Step) -> None:
    """Do not take it on."""
    words = "We spoke about what else there is near you."
    await _do(teller, step, "DeclineReferral", {"reason": step.code, "words": words})


async def withdraw(teller: Teller, step: Step) -> None:
    """Take it back, as the family."""
    await _do(teller, step, "WithdrawReferral", {"reason": step.code})


async def _do(teller: Teller, step: Step, method: str, fields: dict[str, str]) -> None:
    named = {"referral_id": teller.of(step, "referral")}
    duty = await teller.as_role(Role.DUTY_WORKER)
    await teller.do(duty, f"ReferralsService.{method}", step, named | fields)


VERBS = {
    Verb.REFER: refer,
    Verb.SCREEN: screen,
    Verb.ACCEPT: accept,
    Verb.DECLINE: decline,
    Verb.WITHDRAW: withdraw,
}
