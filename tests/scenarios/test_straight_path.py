"""The straight path: a child whose authority placed her and still owes the service."""

from tests.scenarios.families import child
from tests.scenarios.world import World


async def test_a_referral_goes_from_the_front_door_to_its_lead(world: World) -> None:
    await world.at("2025-09-01")
    duty = world.duty("westmarch")
    c1 = await duty.refer(child(order="2024-06-05", placed_by="westmarch"))
    assert c1.owed_by == "westmarch"

    await world.at("2025-09-02")
    await c1.screen(safeguarding="none")
    await c1.accept()

    await world.at("2025-09-08")
    assert await c1.state() == "taken-up"
    lead = await c1.case.allocate()
    await world.settle()
    assert [each.case_id for each in await lead.caseload() if each.case_id == c1.case_id]
    assert await c1.timeline("ReferralReceived", "ReferralScreened", "CaseAllocated") == [
        "2025-09-01 ReferralReceived",
        "2025-09-02 ReferralScreened",
        "2025-09-08 CaseAllocated",
    ]
    person = await duty.person(c1.child)
    assert (person.duty_holder, person.duty_to) == ("westmarch", "2027-06-05")
