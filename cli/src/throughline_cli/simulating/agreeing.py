"""What a simulated family agrees to in its case, and the sessions that are booked and cancelled."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.roles import Role
from throughline_cli.playing import once_there
from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller

WORK = ({"purpose": "assess"}, {"purpose": "therapy"})
SCHOOL = ({"purpose": "share", "party": "agency:school"},)
_AFTERNOON = time(15)


async def agree(teller: Teller, step: Step) -> None:
    """Record that the parent agrees, to the work or to sharing with the school."""
    await _say(teller, step, "GiveCaseConsent", "given_by")


async def refuse(teller: Teller, step: Step) -> None:
    """Record that the parent does not agree."""
    await _say(teller, step, "RefuseCaseConsent", "refused_by")


async def take_back(teller: Teller, step: Step) -> None:
    """Record that the parent takes it back."""
    await _say(teller, step, "WithdrawCaseConsent", "withdrawn_by")


async def book(teller: Teller, step: Step) -> None:
    """Book the next session: a week after it is written down."""
    at = Timestamp()
    at.FromDatetime(datetime.combine(step.told + timedelta(days=7), _AFTERNOON, UTC))
    fields = {
        "case_id": teller.of(step, "case"),
        "worker_id": teller.lead(step).id,
        "kind": "direct-work",
        "starts_at": at,
        "minutes": 60,
    }
    lead = await teller.as_lead(step)
    answer = await teller.do(lead, "SessionsService.ScheduleSession", step, fields)
    teller.learn(step, f"booking {step.number}", answer.booking_id)


async def cancel(teller: Teller, step: Step) -> None:
    """Cancel a booked session, with a reason."""
    fields = {
        "case_id": teller.of(step, "case"),
        "booking_id": teller.known.pop((step.child, f"booking {step.number}")),
        "reason": step.code,
    }
    await teller.do(await teller.as_lead(step), "SessionsService.CancelSession", step, fields)


async def _say(teller: Teller, step: Step, method: str, speaker: str) -> None:
    fields: dict[str, Any] = {
        "case_id": teller.of(step, "case"),
        "matters": SCHOOL if step.code == "school" else WORK,
        speaker: {
            "person_id": await parent(teller, step),
            "capacity": "parental-responsibility",
        },
        "how": "At home, in words.",
    }
    lead = await teller.as_lead(step)
    await teller.do(lead, f"CaseConsentsService.{method}", step, fields)


async def parent(teller: Teller, step: Step) -> str:
    """Return who is written to in the case: the parent who speaks for the child."""
    if (step.child, "parent") not in teller.known:
        manager = await teller.as_role(Role.TEAM_MANAGER)
        named = {"case_id": teller.of(step, "case")}
        answer = await once_there(lambda: teller.glance(manager, "CaseworkService.GetCase", named))
        teller.learn(step, "parent", answer.case.contact)
    return teller.of(step, "parent")


VERBS = {
    Verb.AGREE: agree,
    Verb.REFUSE: refuse,
    Verb.TAKE_BACK: take_back,
    Verb.BOOK: book,
    Verb.CANCEL: cancel,
}
