"""A dramatherapist's registration ends and is renewed late: the gap stays, what was before too."""

import pytest
from grpc.aio import AioRpcError

from chassis.roles import Role
from tests.scenarios.allocating import Allocating, Colleague
from tests.scenarios.cases import Case
from tests.scenarios.families import child
from tests.scenarios.stage import Actor
from tests.scenarios.world import BEGINS, World

HOME = "colne-bay"
T2, OTHER = "anc-therapist-2", "anc-therapist-1"
THERAPY = {"kind": "therapy", "minutes": 50, "notes": "We played.", "attendance": {}}


async def _case(world: World) -> Case:
    referral = await world.duty(HOME).refer(child(order="2024-06-05", placed_by=HOME))
    await referral.screen()
    await referral.accept()
    await world.settle()
    return referral.case


async def _held(by: Actor, case: Case, occurred: str) -> None:
    await by.do("CaseworkService.RecordSession", {"case_id": case.id} | THERAPY, occurred)


async def _refused(by: Actor, case: Case, occurred: str) -> str:
    with pytest.raises(AioRpcError) as caught:
        await _held(by, case, occurred)
    return str(caught.value.details())


async def test_a_lapse_stops_clinical_work_from_its_day_and_a_renewal_leaves_the_gap(
    world: World,
) -> None:
    await world.at("2026-01-12")
    stage, manager = world.stage, world.manager(HOME)
    workers = {each.slug: each for each in stage.staff.workers(stage.authority(HOME))}
    t2, other = (Actor(stage, Role.THERAPIST, HOME, slug) for slug in (T2, OTHER))
    record = Colleague(manager.actor, workers[T2].id)
    first = BEGINS.isoformat()
    await manager.registration_changes(workers[T2], "hcpc", first, "2026-05-31")
    mine, given = await _case(world), await _case(world)
    for each in (mine, given):
        await each.allocating.name(workers[T2].id)
    await _held(t2, mine, "2026-01-12")
    booked = await mine.diary.book(workers[T2].id, "2026-06-02 10:00")
    later = await mine.diary.book(workers[T2].id, "2026-06-05 10:00")
    await world.settle()
    assert (await mine.diary.held())[booked] == ["registration-lapsed"]

    # 90, 30 and 7 days before the last one; who asked for it is reminded when he does not answer.
    for warned_on, due_on, seen_on in (
        ("2026-03-02", "2026-03-09", "2026-03-10"),
        ("2026-05-01", "2026-05-11", "2026-05-12"),
        ("2026-05-24", "2026-05-31", "2026-06-01"),
    ):
        await world.at(f"{warned_on} 00:00")
        assert f"registration {due_on}" not in await record.overdue()
        await world.at(f"{seen_on} 09:00")
        assert f"registration {due_on}" in await record.overdue()

    # From the first of June.
    assert (await record.on_record()).lapsed_from == "2026-06-01"
    assert "RegistrationLapsed" in await _refused(t2, mine, "2026-06-01")
    await _held(t2, mine, "2026-05-31")
    assert (await mine.diary.held())[booked] == ["registration-lapsed"]
    # By decision: one case is paused, the other goes to somebody else.
    await mine.diary.pause("registration-lapsed", "She is back in a few days.")
    offered = given.allocating
    offer = await offered.offer(workers[OTHER].id, "registration-lapsed")
    await Allocating(other, given.id).accept(offer)
    await world.settle()
    assert (await offered.stands()).lead == workers[OTHER].id
    assert await given.timeline("HandoverOffered", "HandoverAccepted") == [
        "2026-06-01 HandoverOffered",
        "2026-06-01 HandoverAccepted",
    ]
    proposed = {each.worker_id: each for each in await offered.proposed(work="therapy")}
    assert not proposed[workers[T2].id].may_take_it
    assert proposed[workers[OTHER].id].may_take_it

    # Renewed from the fourth: the first to the third stay a gap, also for what is told later.
    await world.at("2026-06-03")
    await manager.registration_changes(workers[T2], "hcpc", "2026-06-04", "2028-05-31")
    await world.settle()
    assert (await record.on_record()).lapsed_from == ""
    await mine.diary.resume("registration-lapsed", "She is on the register again.")
    assert "RegistrationLapsed" in await _refused(t2, mine, "2026-06-03")
    await world.at("2026-06-05")
    await _held(t2, mine, "2026-06-04")
    assert "RegistrationLapsed" in await _refused(t2, mine, "2026-06-02")
    periods = (await record.on_record()).registrations
    assert [(each.valid_from, each.valid_to) for each in periods] == [
        (first, "2026-05-31"),
        ("2026-06-04", "2028-05-31"),
    ]
    assert (await mine.diary.held())[later] == []
    assert await mine.timeline("SessionRecorded") == [
        "2026-01-12 SessionRecorded",
        "2026-05-31 SessionRecorded",
        "2026-06-04 SessionRecorded",
    ]
    assert await record.overdue() == []
