"""How simulated families come to a group: a place is asked for, taken or left, and they come."""

from datetime import date, timedelta
from typing import Any

from chassis.roles import Role
from throughline_cli.playing import once_there
from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller

SESSIONS = 4
_CAPACITY = 12
_OFFER_DAYS = 21


async def join(teller: Teller, step: Step) -> None:
    """Ask for a place in the group that begins on a day: the step's code."""
    cohort = await _cohort(teller, date.fromisoformat(step.code))
    lead = await teller.as_lead(step)
    # Open to this authority once the host's news of it has come.
    named = {"cohort_id": cohort}
    await once_there(lambda: teller.glance(lead, "GroupsService.GetCohort", named))
    fields = {"case_id": teller.of(step, "case"), "cohort_id": cohort}
    await teller.do(lead, "CaseworkService.RequestPlace", step, fields)
    teller.learn(step, "cohort", cohort)


async def take_place(teller: Teller, step: Step) -> None:
    """Take the place that is offered, or leave it to others: the step's code."""
    lead, case_id = await teller.as_lead(step), teller.of(step, "case")
    listed = {"cohort_id": teller.of(step, "cohort"), "page_size": 100}

    def decided(answer: Any) -> Any:
        of_case = [each for each in answer.places if each.case_id == case_id]
        return next((each for each in of_case if each.status != "requested"), None)

    place = await teller.once_told(lead, "GroupsService.ListPlaces", listed, decided)
    if place.status != "offered":
        return
    method = "DeclinePlace" if step.code == "left" else "AcceptPlace"
    await teller.do(lead, f"GroupsService.{method}", step, {"place_id": place.place_id})
    teller.learn(step, "place", place.place_id)


async def attend(teller: Teller, step: Step) -> None:
    """Record who came to a session; of a family that waits for a place, nothing."""
    place_id = teller.known.get((step.child, "place"))
    if place_id is None:
        return
    fields = {"place_id": place_id, "session_number": step.number, "attendance": step.code}
    facilitator = await teller.as_role(Role.GROUP_FACILITATOR)
    await teller.held(facilitator, "GroupsService.RecordAttendance", step, fields)


async def _cohort(teller: Teller, starts: date) -> str:
    """Return the cohort of the partnership that starts on a day, published by whoever is first."""
    host = teller.staff.platform.directory.partnerships[teller.partnership].authorities[0].id
    line = await teller.staff.line(Role.GROUP_FACILITATOR, host)
    named = {"name": "A group for parents", "usual_sessions": SESSIONS}
    programme = await teller.jointly(line, "GroupsService.PublishProgramme", "", named, host)
    days = [starts + timedelta(weeks=week) for week in range(SESSIONS)]
    fields = {
        "programme_id": programme.programme_id,
        "capacity_families": _CAPACITY,
        "session_days": [each.isoformat() for each in days],
        "offer_days": _OFFER_DAYS,
        "referral_deadline": starts.isoformat(),
    }
    which = starts.isoformat()
    answer = await teller.jointly(line, "GroupsService.PublishCohort", which, fields, host)
    return str(answer.cohort_id)


VERBS = {Verb.JOIN: join, Verb.TAKE_PLACE: take_place, Verb.ATTEND: attend}
