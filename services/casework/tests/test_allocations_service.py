"""Who works on a case as its people meet it: asked, answered, handed over, weighed, kept away."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.roles import Role
from throughline.casework.v1 import allocations_pb2 as pb
from throughline.casework.v1 import workers_pb2

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

THERAPY = pb.Factors(
    type="therapy", complexity="complex", travel="local", groups=1, consultations=2
)


async def absent(speaker: "Speaker", rpc: str, **request: Any) -> bool:
    """Whether somebody is answered as if there were nothing."""
    try:
        await speaker.ask(rpc, **request)
    except grpc.aio.AioRpcError as error:
        return error.code() is grpc.StatusCode.NOT_FOUND
    return False


async def test_a_case_is_handed_over_in_two_steps_and_who_was_asked_shows(office: "Office") -> None:
    amina, ben = await office.registered("therapist"), await office.registered("social-worker")
    case_id = str(await office.led_case(amina))
    manager = office.speaker(Role.TEAM_MANAGER)
    duty = office.speaker(Role.DUTY_WORKER)
    await manager.do("WeighCase", case_id=case_id, factors=THERAPY)

    # A handover: until Ben accepts, Amina leads.
    asked = {"case_id": case_id, "part": "lead", "reason": "handover", "to_worker": str(ben.id)}
    offered = await amina.do("OfferAllocation", **asked, words="Ben knows the school.")
    duty.seen = ben.seen = amina.seen
    assert (await duty.ask("GetAllocation", case_id=case_id)).lead == str(amina.id)
    (mine,) = (await ben.ask("ListOffers")).offers
    assert (mine.offer_id, mine.part, mine.answer, mine.weight) == (
        offered.offer_id,
        "lead",
        "open",
        110,
    )
    asked_of_him = (await ben.ask("ListMyTasks", all=True)).tasks
    assert [(each.kind, each.about) for each in asked_of_him] == [
        ("answer-offer", offered.offer_id)
    ]
    assert await absent(ben, "GetCase", case_id=case_id)
    await office.go_to(office.today + timedelta(hours=1))
    await ben.do("AcceptAllocation", case_id=case_id, offer_id=offered.offer_id)
    assert not (await ben.ask("ListMyTasks", all=True)).tasks
    duty.seen = ben.seen
    stands = await duty.ask("GetAllocation", case_id=case_id)
    assert (stands.lead, stands.weight, stands.formula) == (str(ben.id), 110, "weight-1")
    assert [each.worker_id for each in stands.led][-2:] == [str(amina.id), str(ben.id)]
    assert await absent(amina, "GetCase", case_id=case_id)

    # Amina is asked to come back beside him, and does not want to.
    beside = {**asked, "part": "co-worker", "reason": "joint-work", "to_worker": str(amina.id)}
    again = await manager.do("OfferAllocation", **beside, area="far-hills")
    amina.seen = manager.seen
    said = {"case_id": case_id, "offer_id": again.offer_id, "reason": "workload"}
    await amina.do("DeclineAllocation", **said, words="I carry too much.")
    manager.seen = amina.seen
    rows = (await manager.ask("ViewFairness", from_day="2025-09-01", to_day="2026-12-31")).rows
    of = {each.worker_id: each for each in rows}
    assert (of[str(ben.id)].offered, of[str(ben.id)].accepted, of[str(ben.id)].named) == (1, 1, 0)
    assert dict(of[str(amina.id)].decline_reasons) == {"workload": 1}
    assert of[str(amina.id)].named == 1
    carries = await ben.ask("GetWorkload")
    assert (carries.carries, carries.capacity) == (110, 1000)


async def test_others_work_beside_the_lead_and_a_gap_is_told_at_once(office: "Office") -> None:
    ben, amina = await office.registered("social-worker"), await office.registered("therapist")
    cara = await office.registered("therapist")
    case_id = str(await office.led_case(ben))
    manager = office.speaker(Role.TEAM_MANAGER)
    await manager.do("WeighCase", case_id=case_id, factors=THERAPY)

    # A consultant reads, and may write no more than the advice that he gave.
    named = {"case_id": case_id, "reason": "advice", "part": "consultant"}
    await manager.do("AllocateCase", **named, worker_id=str(cara.id))
    cara.seen = manager.seen
    assert (await cara.ask("GetCase", case_id=case_id)).case.lead == str(ben.id)
    advice: dict[str, Any] = {"case_id": case_id, "kind": "consultation", "minutes": 30}
    await cara.do("RecordSession", "2025-09-01", **advice, notes="We looked at sleep.")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await cara.do("RequestPlace", case_id=case_id, cohort_id=str(uuid4()))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    assert (await cara.ask("GetWorkload")).carries == 11

    # Ben falls away: a gap, and a manager is asked for another lead at once.
    await manager.do("EndPartInCase", case_id=case_id, of_worker=str(ben.id), reason="left-service")
    told = await manager.ask("ReadChronology", case_id=case_id)
    assert [each.kind for each in told.entries][-2:] == ["lead-ended", "task-raised"]
    await manager.do(
        "AllocateCase", case_id=case_id, worker_id=str(amina.id), reason="left-service"
    )
    told = await manager.ask("ReadChronology", case_id=case_id)
    assert [each.kind for each in told.entries][-2:] == ["allocated", "task-settled"]


async def test_whoever_knows_the_family_finds_nothing_and_is_not_proposed(
    office: "Office",
) -> None:
    amina, ben = await office.registered("therapist"), await office.registered("social-worker")
    case_id = str(await office.led_case(amina))
    manager = office.speaker(Role.TEAM_MANAGER)
    manager.seen = amina.seen
    wanted: dict[str, Any] = {"case_id": case_id, "limit": 50}
    proposed = {
        each.worker_id for each in (await manager.ask("ProposeWorkers", **wanted)).proposals
    }
    assert {str(amina.id), str(ben.id)} <= proposed
    knows = {"case_id": case_id, "knows": "family", "tie": "neighbour"}
    await manager.do("DeclareConflict", worker_id=str(amina.id), **knows)
    amina.seen = ben.seen = manager.seen
    assert await absent(amina, "GetCase", case_id=case_id)
    assert await absent(amina, "GetAllocation", case_id=case_id)
    proposed = {
        each.worker_id for each in (await manager.ask("ProposeWorkers", **wanted)).proposals
    }
    assert str(amina.id) not in proposed
    stands = await manager.ask("GetAllocation", case_id=case_id)
    assert (stands.lead, bool(stands.lead_due_on)) == ("", True)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await manager.do(
            "AllocateCase", case_id=case_id, worker_id=str(amina.id), reason="new-case"
        )
    assert "ConflictOfInterest" in str(refused.value.details())
    await manager.do("ClearConflict", case_id=case_id, of_worker=str(amina.id))
    await manager.do("AllocateCase", case_id=case_id, worker_id=str(amina.id), reason="new-case")
    amina.seen = manager.seen
    assert (await amina.ask("GetCase", case_id=case_id)).case.lead == str(amina.id)
    # Who declines since he knows the child is let near it no more either.
    offer = await manager.do(
        "OfferAllocation",
        case_id=case_id,
        to_worker=str(ben.id),
        part="co-worker",
        reason="joint-work",
    )
    answer = {"case_id": case_id, "offer_id": offer.offer_id, "reason": "conflict-of-interest"}
    await ben.do("DeclineAllocation", **answer)
    assert list((await ben.ask("ListOffers")).offers) == []
    with pytest.raises(grpc.aio.AioRpcError):
        await manager.do("AllocateCase", case_id=case_id, worker_id=str(ben.id), reason="skills")


async def test_whoever_knew_the_family_at_its_referral_is_let_near_no_case_of_theirs(
    office: "Office",
) -> None:
    amina, manager = await office.registered("therapist"), office.speaker(Role.TEAM_MANAGER)
    child, case_id, brother, sister, sibling = (uuid4() for _ in range(5))
    family = {"family_id": str(uuid4())}
    lead = {"worker_id": str(amina.id), "reason": "new-case"}

    async def accepted(of: UUID, case: UUID, **more: str) -> None:
        told = office.acceptance(of) | family | more
        await office.hear(office.record("referrals", "ReferralAccepted", told, case))
        manager.seen = amina.seen = await office.newest()

    async def is_led(case: UUID) -> bool:
        manager.seen = await office.newest()
        stands = await manager.ask("GetAllocation", case_id=str(case))
        assert bool(stands.lead) != bool(stands.lead_due_on)
        return bool(stands.lead)

    async def led_no_more() -> bool:
        return not await is_led(brother)

    async def offered_no_more() -> bool:
        await is_led(sister)
        [offer] = (await manager.ask("GetAllocation", case_id=str(sister))).offers
        return bool(offer.answer != "open")

    for of, case in ((child, case_id), (uuid4(), brother), (uuid4(), sister)):
        await accepted(of, case)
    for each in (case_id, brother):
        await manager.do("AllocateCase", case_id=str(each), **lead)
    part = {"to_worker": str(amina.id), "part": "lead", "reason": "new-case"}
    await manager.do("OfferAllocation", case_id=str(sister), **part)
    # Another referral of the child, at whose screening it was found that she knows the family.
    await accepted(child, case_id, known_by=str(amina.id))
    assert await absent(amina, "GetCase", case_id=str(case_id))
    assert not await is_led(case_id)
    # So does what she has in a case of theirs that the referral does not name, in a moment.
    await office.until(led_no_more, "her part in the brother's case has ended")
    await office.until(offered_no_more, "nothing of theirs is offered to her")
    # It stands for the case of a sibling from its first instant, whatever was found at that one.
    await accepted(uuid4(), sibling)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await manager.do("AllocateCase", case_id=str(sibling), **lead)
    assert "ConflictOfInterest" in str(refused.value.details())


async def test_a_worker_is_known_by_skills_hours_and_teams_over_time(office: "Office") -> None:
    tess = await office.registered("support-worker")
    manager = office.speaker(Role.TEAM_MANAGER)
    who = {"worker_id": str(tess.id)}
    await manager.do(
        "ChangeWorkerProfile",
        **who,
        skills=["nvr"],
        languages=["cy"],
        areas=[workers_pb2.Area(code="far-hills", minutes=25)],
        weekly_minutes=1110,
        experience="experienced",
    )
    await manager.do("AssignToTeam", **who, team="far-hills-team", from_day="2025-10-01")
    await manager.do("LeaveTeam", **who, team="far-hills-team", last_day="2025-12-31")
    tess.seen = manager.seen

    async def of_team(on: str) -> list[str]:
        listed = await manager.ask("ListWorkers", team="far-hills-team", on=on)
        return [each.worker_id for each in listed.workers]

    assert [await of_team(on) for on in ("2025-09-30", "2025-12-31", "2026-01-01")] == [
        [],
        [str(tess.id)],
        [],
    ]
    assert (await tess.ask("GetWorkload")).capacity == 500
    known = await tess.ask("GetWorker", **who)
    assert [(each.team, each.from_day, each.to_day) for each in known.memberships] == [
        ("north", "", ""),
        ("far-hills-team", "2025-10-01", "2025-12-31"),
    ]
