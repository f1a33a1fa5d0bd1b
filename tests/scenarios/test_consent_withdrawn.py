"""A consent is withdrawn in mid-treatment: all stops at once, and a person decides with reasons."""

import pytest
from grpc.aio import AioRpcError

from tests.scenarios.families import child
from tests.scenarios.world import World

HOME = "westmarch"
MOTHER, FATHER = "9a1de3a4-5a0e-4c39-9c39-0000000000a1", "9a1de3a4-5a0e-4c39-9c39-0000000000a2"
SCHOOL = "share/agency:school"


async def test_a_mother_withdraws_and_her_competent_child_wants_to_go_on(world: World) -> None:
    await world.at("2025-09-08")
    order = child(order="2016-06-05", placed_by=HOME, born="2011-05-20")
    referral = await world.duty(HOME).refer(order)
    await referral.screen()
    await referral.accept()
    await world.settle()
    c9, workers = referral.case, world.stage.staff.workers(world.stage.authority(HOME))
    therapist = next(each for each in workers if each.kind == "therapist")
    await c9.allocating.name(therapist.id)
    await c9.consents.give(MOTHER, "therapy", SCHOOL)
    await c9.consents.give(FATHER, "therapy")
    await world.settle()
    c9_id = (await c9.stands()).case.child
    await world.at("2026-01-12")
    await c9.consents.competent("therapy", therapist.id)
    booked = await c9.diary.book(therapist.id, "2026-02-09 15:00")

    await world.at("2026-02-05")
    await c9.consents.withdraw(MOTHER)
    await c9.consents.give(c9_id, "therapy", capacity="competent-child")
    await world.settle()
    assert await c9.consents.stand() == {SCHOOL: "declined", "therapy": "disputed"}
    assert await c9.diary.held() == {booked: ["intervention-paused"]}
    assert (await c9.stands()).case.stage == "paused"
    asked = await c9.tasks.all("consent-decision")
    assert {each.desk for each in asked} == {"manager", "lead"}
    # What was told first of all that happened then.
    of_day = [each for each in await c9.timeline() if each.startswith("2026-02-05")]
    assert of_day[0] == "2026-02-05 SharingStopped"

    # Safety asks for no consent, and whoever decides says why.
    concern = await world.safety(HOME).raise_concern("He is afraid to go home.", case_id=c9.id)
    await concern.acknowledge()
    await world.at("2026-02-12")
    assert (await c9.consents.stand())["therapy"] == "disputed"
    await c9.consents.decide("therapy", "go-on", therapist.id, "He is 14, and it helps him.")
    await world.settle()
    assert (await c9.consents.stand())["therapy"] == "decided"
    assert await c9.diary.held() == {booked: []}
    assert {each.state for each in await c9.tasks.all("consent-decision")} == {"done"}
    decided = ("ConsentWithdrawn", "InterventionPaused", "ConsentDecided", "InterventionResumed")
    assert await c9.timeline(*decided) == [
        "2026-02-05 ConsentWithdrawn",
        "2026-02-05 ConsentWithdrawn",
        "2026-02-05 InterventionPaused",
        "2026-02-12 ConsentDecided",
        "2026-02-12 InterventionResumed",
    ]
    with pytest.raises(AioRpcError):
        await c9.consents.decide(SCHOOL, "go-on", therapist.id, "There is nothing to decide.")
