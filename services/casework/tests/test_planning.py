"""A plan from its first draft to its end, over gRPC, reviewed in time; words need a purpose."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from casework.plans.coming_and_going import (
    Activation,
    Ending,
    activation_steps,
    ending_steps,
    proposal_steps,
)
from casework.plans.plan_events import EndReason, Ground
from casework.streams import task_made_for, task_stream
from casework.tasks import task
from casework.tasks.kinds import TaskKind, to_worker
from casework.tasks.task_states import Done, Waiting
from chassis.acting import Act
from chassis.roles import Role
from ledger.envelope import Actor
from services.casework.tests.planning_calls import CARE, HEADINGS, refused
from throughline.casework.v1 import plans_pb2

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

pytestmark = pytest.mark.asyncio(loop_scope="session")


def a_document(monitor: UUID, **changed: Any) -> plans_pb2.PlanDocument:
    service = {
        "key": "therapy",
        "goal": "nights",
        "kind": "therapy",
        "provider": "house-of-play",
        "setting": "clinic",
        "starts_on": "2025-12-01",
        "sessions": 12,
        "frequency": "weekly",
        "cost_pence": 120_000,
        "funding": "asgsf",
        "words": "Play with her parents.",
    }
    content: dict[str, Any] = {
        "needs": [{"key": "sleep", "code": "sleep", "words": "She wakes at night."}],
        "goals": [{"key": "nights", "need": "sleep"}],
        "services": [service],
        "measures": [
            {"key": "m", "service": "therapy", "instrument": "sdq", "due_on": "2026-03-02"}
        ],
        "views": [
            {"key": "hers", "whose": "child", "came_of": "decided", "led_to": ["therapy"]},
            {"key": "theirs", "whose": "parents", "came_of": "not-yet"},
        ],
        "criteria": [{"key": "slept", "goal": "nights"}],
        "monitor": str(monitor),
    }
    return plans_pb2.PlanDocument(**content | changed)


async def decided(office: "Office", by: "Speaker", make: Any) -> None:
    """Let steps be taken as those who decide take them: beside their own, in one append."""
    shell = office.parts.shell

    class Alone:
        def __init__(self) -> None:
            self.shell = shell

    async def compose(_command: Any, situation: Any) -> Any:
        return await make(situation)

    act = Act(uuid4(), by.authority, frozenset([by.authority]), Actor(str(by.id), "x"), Alone())
    done = await replace(shell, compose=compose).execute(act)
    assert done.events
    by.seen = await office.newest()


async def task_of(office: "Office", by: "Speaker", case_id: UUID, about: str) -> Any:
    """Return how the task to review a plan stands."""
    stream = task_stream(task_made_for(by.authority, TaskKind.REVIEW, case_id, about))
    return await office.parts.shell.state(by.authority, task.DECIDER, stream)


async def test_a_plan_is_drafted_compared_and_reviewed_by_the_earliest_trigger(  # noqa: PLR0915 # a story
    office: "Office",
) -> None:
    lead = await office.registered("social-worker")
    manager = office.speaker(Role.TEAM_MANAGER)
    case = await office.led_case(lead)
    case_id = str(case)
    loose = a_document(lead.id, goals=[], criteria=[])
    assert await refused(lead.do("DraftPlan", case_id=case_id, document=loose)) == (
        "FAILED_PRECONDITION ServiceWithoutGoal"
    )
    await lead.do("DraftPlan", case_id=case_id, document=a_document(lead.id))
    await lead.do(
        "DraftPlan",
        case_id=case_id,
        document=a_document(
            lead.id, contacts=[{"key": "letters", "kind": "letterbox", "words": "Twice a year."}]
        ),
    )
    seen = await lead.ask("GetPlan", CARE, case_id=case_id)
    assert (seen.state, seen.version, seen.versions) == ("drafted", 2, 2)
    assert seen.document.services[0].words == "Play with her parents."
    unread = await lead.ask("GetPlan", case_id=case_id, version=1)
    assert (unread.version, unread.document.services[0].words) == (1, "")
    differ = await lead.ask("ComparePlans", case_id=case_id, before=1, after=2)
    assert [each.sentence for each in differ.differences] == [
        "Contact 'letters' is new: kind letterbox."
    ]

    proposal = uuid4()
    await decided(office, lead, lambda now: proposal_steps(case, 2, proposal, now))
    today = date(2025, 8, 4)
    activation = Activation(case, 2, today, Ground.DECISION, proposal)
    await decided(office, lead, lambda now: activation_steps(activation, now))
    seen = await lead.ask("GetPlan", case_id=case_id)
    assert (seen.state, seen.active_from, seen.review_by) == ("active", "2025-08-04", "2026-08-04")
    (monitored,) = (await lead.ask("ListPlans")).plans
    assert (monitored.case_id, monitored.review_by) == (case_id, "2026-08-04")

    # Whoever monitors it is asked for its review; with another monitor, another.
    second = await office.registered("therapist")
    await manager.do("NominateMonitor", case_id=case_id, monitor=str(second.id))
    asked = await task_of(office, lead, case, "review 1")
    assert (asked.known.whom, asked.known.due_on) == (to_worker(second.id), date(2026, 8, 4))
    await manager.do("NominateMonitor", case_id=case_id, monitor=str(lead.id))

    # Something changes: twenty working days from the day on which it did.
    await lead.do("NoteChange", "2025-08-25", case_id=case_id, kind="home", words="They moved.")
    (review,) = (await lead.ask("GetReviews", CARE, case_id=case_id)).reviews
    assert (review.due_on, [each.trigger for each in review.triggers]) == (
        "2025-09-22",
        ["yearly", "change-of-circumstances"],
    )
    assert review.changes[0].words == "They moved."
    asked = await task_of(office, lead, case, "review 1")
    assert (asked.known.due_on, asked.known.earlier) == (date(2025, 9, 22), (date(2026, 8, 4),))
    await lead.do("PausePlan", "2025-08-26", case_id=case_id, reason="illness")
    assert (await lead.ask("ListPlans")).plans[0].state == "paused"
    await lead.do("ResumePlan", "2025-08-27", case_id=case_id)

    manager.seen = lead.seen
    due = (await manager.ask("ListReviews", state="due", limit=200)).reviews
    assert case_id in [each.case_id for each in due]
    await lead.do("StartReview", case_id=case_id)
    for heading in HEADINGS:
        await lead.do("ConsiderAtReview", case_id=case_id, heading=heading, words="Talked of.")
    changes = {"case_id": case_id, "outcome": "change", "words": "More of it."}
    assert "NoRevisedPlan" in await refused(lead.do("CompleteReview", **changes))
    await lead.do("DraftPlan", case_id=case_id, document=a_document(lead.id))
    await lead.do("CompleteReview", **changes)
    held, following = (await lead.ask("GetReviews", case_id=case_id)).reviews
    assert (held.state, held.outcome, held.plan_version) == ("completed", "change", 3)
    # The clock of these tests moves on: whenever it is, a year from then.
    year, rest = held.completed_on.split("-", 1)
    assert (following.state, following.due_on) == ("due", f"{int(year) + 1}-{rest}")
    assert isinstance(await task_of(office, lead, case, "review 1"), Done)
    assert isinstance(await task_of(office, lead, case, "review 2"), Waiting)

    ending = Ending(case, today, EndReason.GOALS_MET, Ground.DECISION, uuid4())
    await decided(office, lead, lambda now: ending_steps(ending, now))
    assert (await lead.ask("GetPlan", case_id=case_id)).state == "ended"
    assert (await lead.ask("GetReviews", case_id=case_id)).reviews[-1].state == "ceased"
    assert not (await lead.ask("ListPlans")).plans
    told_of = await lead.ask("ReadChronology", CARE, case_id=case_id, limit=500, unseal=True)
    words = [dict(each.words) for each in told_of.entries if each.kind == "plan-drafted"]
    assert words[0]["words.therapy"] == "Play with her parents."
    lines = [each.headline for each in told_of.entries]
    assert "Review due by 2025-09-22 (before: 2026-08-04): change of circumstances" in lines
    assert "Plan ended on 2025-08-04: goals met" in lines
