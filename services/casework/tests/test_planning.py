"""From what sources say to a plan that is reviewed in time, over gRPC; words need a purpose."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
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
from throughline.casework.v1 import information_pb2, plans_pb2

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office, Speaker

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEADINGS = (
    "person-needs",
    "family-needs",
    "child-needs",
    "parenting-capacity",
    "wider-environment",
    "circumstances-of-placement",
    "earlier-assessments",
)
CARE = "direct-care"


def told(source: str, basis: str = "opinion") -> information_pb2.ItemTold:
    return information_pb2.ItemTold(
        heading="child-needs", topic="sleep", source=source, basis=basis
    )


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


async def refused(call: Any) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await call
    return f"{failed.value.code().name} {failed.value.details()}"


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


async def test_what_sources_say_is_seen_side_by_side_and_settled(office: "Office") -> None:
    lead = await office.registered("social-worker")
    case_id = str(await office.led_case(lead))

    async def says(source: str, words: str, day: str = "2025-08-20", **more: Any) -> str:
        answer = await lead.do(
            "ReceiveInformation", day, case_id=case_id, told=told(source, **more), words=words
        )
        return str(answer.item_id)

    school = await says("school", "She is rested.")
    mother = await says("parent", "She wakes five times.", "2025-08-25", basis="fact")
    assert await refused(lead.do("FlagConflict", case_id=case_id, item_ids=[school])) == (
        "FAILED_PRECONDITION TooFewItems"
    )
    elsewhere = str(await office.led_case(lead))
    assert (
        await refused(lead.do("FlagConflict", case_id=elsewhere, item_ids=[school, mother]))
    ).startswith("NOT_FOUND")
    flagged = await lead.do("FlagConflict", case_id=case_id, item_ids=[school, mother])
    listed = await lead.ask("ListInformation", CARE, case_id=case_id)
    assert [(e.told.source, e.on, e.flagged, e.words) for e in listed.items] == [
        ("school", "2025-08-20", 1, "She is rested."),
        ("parent", "2025-08-25", 1, "She wakes five times."),
    ]
    (first,) = (await lead.ask("ListInformation", case_id=case_id, limit=1)).items
    assert (first.words, first.told.basis) == ("", "opinion")

    # Set right: stated anew, and the earlier entry stays in the chronology.
    await lead.do(
        "CorrectInformation",
        "2025-08-21",
        case_id=case_id,
        item_id=school,
        corrects=first.event_id,
        told=told("school"),
        reason="wrong-date",
        words="She is rested on Mondays.",
    )
    again = await lead.ask("ListInformation", CARE, case_id=case_id, limit=1)
    assert (again.items[0].on, again.items[0].corrections) == ("2025-08-21", 1)
    after = await lead.ask(
        "ListInformation", case_id=case_id, limit=1, page_token=again.next_page_token
    )
    assert after.items[0].item_id == mother

    await begin(lead, case_id)
    ended = lead.do("CompleteAssessment", case_id=case_id, words="That is all.")
    assert "ConflictsUnsettled" in await refused(ended)
    await lead.do(
        "LeaveConflict",
        case_id=case_id,
        conflict_id=flagged.conflict_id,
        reason="views-differ",
        words="Nights differ.",
    )
    (stands,) = (await lead.ask("ListConflicts", CARE, case_id=case_id)).conflicts
    assert (stands.state, stands.code, stands.words) == (
        "left-standing",
        "views-differ",
        "Nights differ.",
    )
    listed = await lead.ask("ListInformation", case_id=case_id)
    assert {each.flagged for each in listed.items} == {0}


async def begin(lead: "Speaker", case_id: str, **more: Any) -> Any:
    """Begin an assessment and say something under each heading."""
    asked = {"kind": "full", "asked_by": "adoptive-parent", "requested_on": "2025-09-01"}
    started = await lead.do("StartAssessment", "2025-09-01", case_id=case_id, **asked | more)
    for heading in HEADINGS:
        of_birth = "Her first mother." if heading == HEADINGS[5] else ""
        await lead.do(
            "ConsiderHeading",
            case_id=case_id,
            heading=heading,
            words=f"On {heading}.",
            birth_family=of_birth,
        )
    return started


async def test_siblings_are_assessed_together_and_each_record_shows_its_own_child(
    office: "Office",
) -> None:
    lead, manager = await office.registered("social-worker"), office.speaker(Role.TEAM_MANAGER)
    family, children = uuid4(), (uuid4(), uuid4())
    cases = [str(uuid4()), str(uuid4())]
    for child, case_id in zip(children, cases, strict=True):
        accepted = office.acceptance(child) | {"family_id": str(family)}
        await office.hear(office.record("referrals", "ReferralAccepted", accepted, UUID(case_id)))
        await manager.do("AllocateCase", case_id=case_id, worker_id=str(lead.id), reason="new-case")
    lead.seen = manager.seen
    for case_id in cases:
        await begin(lead, case_id, joint=True)
        await lead.do("CompleteAssessment", case_id=case_id, needs=["sleep"], words="Of one.")
    found = []
    for case_id in cases:
        (one,) = (await lead.ask("GetAssessments", CARE, case_id=case_id)).assessments
        found.append(one)
        assert (one.state, one.due_on, list(one.needs)) == ("completed", "2025-11-03", ["sleep"])
        assert [each.heading for each in one.headings] == list(HEADINGS)
        # Whoever leads the case reads what was found, not the words on the family of birth.
        assert one.headings[5].words
        assert not one.headings[5].birth_family
    assert found[0].joint_id == found[1].joint_id != ""
    assert found[0].assessment_id != found[1].assessment_id
    manager.seen = lead.seen
    (whole,) = (await manager.ask("GetAssessments", CARE, case_id=cases[0])).assessments
    assert whole.headings[5].birth_family == "Her first mother."
    mine, other = str(found[0]), (cases[1], str(children[1]), found[1].assessment_id)
    assert not [each for each in other if each in mine]

    await lead.do("DraftFormulation", case_id=cases[0], words="She keeps watch.")
    await lead.do("ShareFormulation", case_id=cases[0], version=1, readers=["child", "parents"])
    await lead.do("AgreeFormulation", case_id=cases[0], version=1, readers=["parents"])
    (version,) = (await lead.ask("GetFormulation", CARE, case_id=cases[0])).versions
    assert (version.state, list(version.agreed_by)) == ("agreed", ["parents"])
    assert version.words == "She keeps watch."


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
    assert (following.state, following.due_on) == ("due", "2026-09-01")
    assert isinstance(await task_of(office, lead, case, "review 1"), Done)
    assert isinstance(await task_of(office, lead, case, "review 2"), Waiting)

    ending = Ending(case, today, EndReason.GOALS_MET, Ground.DECISION, uuid4())
    await decided(office, lead, lambda now: ending_steps(ending, now))
    assert (await lead.ask("GetPlan", case_id=case_id)).state == "ended"
    assert (await lead.ask("GetReviews", case_id=case_id)).reviews[-1].state == "ceased"
    assert not (await lead.ask("ListPlans")).plans
    told_of = await lead.ask("ReadChronology", case_id=case_id, limit=500)
    lines = [each.headline for each in told_of.entries]
    assert "Review due by 2025-09-22 (before: 2026-08-04): change of circumstances" in lines
    assert "Plan ended on 2025-08-04: goals met" in lines
