"""A story whose messages come twice and whose services are killed comes out as in peace.

All stories are told so by `python -m tests.scenarios.again`.
"""

from tests.scenarios.families import child
from tests.scenarios.world import World


async def test_a_case_is_opened_once_although_all_is_told_twice_and_services_die(
    world: World,
) -> None:
    await world.at("2025-09-18")
    stage, duty = world.stage, world.duty("harrowdale")
    c = await duty.refer(child(order="2024-06-05", placed_by="harrowdale"))
    await c.screen()
    await stage.killed("casework")
    await c.accept()
    await stage.doubled()
    await world.settle()

    await world.at("2025-09-19")
    lead = await c.case.allocate()
    await stage.killed("notifications")
    await c.case.session("2025-09-19")
    await world.settle()
    await stage.doubled()
    await stage.killed("referrals")
    await world.settle()
    first = ("ReferralReceived", "ReferralAccepted", "CaseOpened")
    assert sorted(await c.timeline(*first)) == [f"2025-09-18 {each}" for each in sorted(first)]
    after = ("CaseAllocated", "SessionRecorded")
    assert await c.timeline(*after) == [f"2025-09-19 {each}" for each in after]
    assert [each.case_id for each in await lead.caseload()].count(c.case_id) == 1
