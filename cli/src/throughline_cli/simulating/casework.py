"""What is done in the case of a simulated child: by its manager, and by who leads it."""

from chassis.roles import Role
from throughline.casework.v1.casework_pb2 import Attendance
from throughline_cli.playing import once_there
from throughline_cli.simulating.steps import Step, Verb
from throughline_cli.simulating.teller import Teller

_NOTES = (
    "We looked at the photographs again and stopped when she had enough.",
    "He built a tower and told me who lives in it.",
    "We spoke about the evenings, and what went better this week.",
    "She wanted to talk about school, and for the first time about before.",
)
CLINICAL = frozenset({"therapy", "life-story-work"})
_CHECKLIST = ("measures", "family-told", "referrer-told", "funding", "groups", "letters")
_SUMMARY = "What we set out to do, what helped, and whom to call if it gets hard again."


async def allocate(teller: Teller, step: Step) -> None:
    """Name the lead, once the news of the acceptance has opened the case."""
    manager = await teller.as_role(Role.TEAM_MANAGER)
    fields = {
        "case_id": teller.of(step, "case"),
        "worker_id": teller.lead(step).id,
        "reason": "new-case",
    }
    await once_there(lambda: teller.do(manager, "CaseworkService.AllocateCase", step, fields))


async def session(teller: Teller, step: Step) -> None:
    """Record a session."""
    # Therapy is for therapists: whoever else leads does direct work.
    clinical = step.code in CLINICAL and teller.lead(step).kind != "therapist"
    fields = {
        "case_id": teller.of(step, "case"),
        "kind": "direct-work" if clinical else step.code,
        "minutes": 45 + 15 * (step.number % 4),
        "attendance": Attendance(attended=["child", "adoptive-parent"]),
        "notes": _NOTES[step.number % len(_NOTES)],
        # The one that was booked at the session before, unless it was cancelled.
        "booking_id": teller.known.pop((step.child, f"booking {step.number - 1}"), ""),
    }
    lead = await teller.as_lead(step)
    answer = await teller.held(lead, "CaseworkService.RecordSession", step, fields)
    teller.learn(step, f"session {step.number}", answer.session_id)


async def correct(teller: Teller, step: Step) -> None:
    """Set a session right: it was held on another day."""
    manager = await teller.as_role(Role.TEAM_MANAGER)
    case, session_id = teller.of(step, "case"), teller.of(step, f"session {step.number}")
    chronology = await teller.ask(
        manager, "CaseworkService.ReadChronology", {"case_id": case, "limit": 500}
    )
    latest = [each.event_id for each in chronology.entries if each.stream_id == session_id][-1:]
    if not latest:
        return
    fields = {
        "case_id": case,
        "session_id": session_id,
        "corrects": latest[0],
        "reason": "wrong-date",
    }
    lead = await teller.as_lead(step)
    await teller.held(lead, "CaseworkService.CorrectSession", step, fields)


async def concern(teller: Teller, step: Step) -> None:
    """Raise a concern, notify the authority, hear its answer and end the work on it."""
    lead, manager = await teller.as_lead(step), await teller.as_role(Role.TEAM_MANAGER)
    about = {"child": teller.of(step, "child"), "case_id": teller.of(step, "case")}
    raised = await teller.do(
        lead,
        "ConcernsService.RaiseConcern",
        step,
        about | {"source": "session", "words": "She says that she is afraid to go home."},
    )
    named = {"concern_id": raised.concern_id}
    here = teller.family.authority
    await teller.do(manager, "ConcernsService.AcknowledgeConcern", step, named)
    told = {"to_authority": here, "consent": "given"}
    await teller.do(manager, "ConcernsService.ReferConcern", step, named | told)
    answered = {"from_authority": here}
    await teller.do(manager, "ConcernsService.RecordAuthorityAnswer", step, named | answered)
    over = {"outcome": "enquiry-by-authority", "words": "The authority looks into it."}
    await teller.do(manager, "ConcernsService.CloseConcern", step, named | over)


async def close(teller: Teller, step: Step) -> None:
    """End the work."""
    items = ("measures", "family-told", "referrer-told", "funding", "groups", "letters")
    answers = [{"item": each, "done": "not-needed", "reason": _SUMMARY} for each in items]
    fields = {
        "case_id": teller.of(step, "case"),
        "reason": step.code,
        "summary": _SUMMARY,
        "wish": "agrees",
        "checklist": answers,
    }
    manager = await teller.as_role(Role.TEAM_MANAGER)
    await teller.do(manager, "CaseworkService.CloseCase", step, fields)


VERBS = {
    Verb.ALLOCATE: allocate,
    Verb.SESSION: session,
    Verb.CORRECT: correct,
    Verb.CONCERN: concern,
    Verb.CLOSE: close,
}
