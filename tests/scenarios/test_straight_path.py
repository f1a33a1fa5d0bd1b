"""The straight path: a child whose authority placed her and still owes the service."""

from tests.scenarios.families import child
from tests.scenarios.world import World


async def test_a_referral_goes_from_the_front_door_to_its_lead(world: World) -> None:
    await world.at("2025-09-01")
    duty = world.duty("westmarch")
    c1 = await duty.refer(child(order="2024-06-05", placed_by="westmarch"))
    assert c1.owed_by == "westmarch"
    await world.settle()
    assert c1.id in [each.referral_id for each in await duty.worklist("new")]
    # By the end of the next working day, London time.
    assert f"{(await c1.clocks())['screening'].due_at.ToDatetime():%m-%d %H:%M}" == "09-02 23:00"

    await world.at("2025-09-02")
    await c1.screen(safeguarding="none")
    await world.settle()
    assert c1.id not in [each.referral_id for each in await duty.worklist("new")]
    assert await c1.clocks() == {}

    await world.at("2025-09-04")
    consents = await c1.consents()
    await consents.give("school", kind="agency")
    await world.settle()
    assert (await consents.held())["agency:school"] == "given"
    await c1.accept()

    await world.at("2025-09-08")
    assert await c1.state() == "taken-up"
    assert c1.id not in [each.referral_id for each in await duty.worklist("open")]
    lead = await c1.case.allocate()
    await world.settle()
    assert c1.case_id in [each.case_id for each in await lead.caseload()]

    told = ("ReferralReceived", "ReferralScreened", "ReferralAccepted", "CaseAllocated")
    assert await c1.timeline(*told) == [
        "2025-09-01 ReferralReceived",
        "2025-09-02 ReferralScreened",
        "2025-09-04 ReferralAccepted",
        "2025-09-08 CaseAllocated",
    ]
    assert await c1.timeline("CaseOpened") == ["2025-09-04 CaseOpened"]
    assert (await c1.line.said())[0] == "2025-09-01 to 2027-06-05 westmarch (within-period)"


async def test_a_referral_that_nobody_screens_is_late_at_midnight_and_stays_on_the_list(
    world: World,
) -> None:
    # A Friday: the next working day is Monday.
    await world.at("2025-09-05 16:40")
    duty = world.duty("saltby")
    c = await duty.refer(child(order="2024-06-05", placed_by="saltby"))
    await world.at("2025-09-08 23:59")
    assert await c.timeline("ScreeningOverdue") == []
    await world.at("2025-09-09 00:00")
    assert await c.timeline("ScreeningOverdue") == ["2025-09-09 ScreeningOverdue"]
    assert (await c.clocks())["screening"].late
    assert (await duty.counts())["clocks-late"] >= 1


async def test_what_is_missing_is_named_asked_for_and_waited_for(world: World) -> None:
    await world.at("2025-09-15")
    duty = world.duty("harrowdale")
    c = await duty.refer(child(order="2024-06-05", placed_by="harrowdale"))
    # In any order: safety can be answered before anything else is known.
    await c.check(("safeguarding", "concern"))
    assert "safeguarding" not in await c.missing()
    assert "identity" in await c.missing()
    inquiry = await c.ask("school")
    await world.settle()
    assert c.id in [each.referral_id for each in await duty.worklist("waiting-for-information")]

    # Ten working days from Monday the 15th end with Monday the 29th.
    await world.at("2025-09-30 00:00")
    assert (await c.clocks())["information"].late
    await c.answered(inquiry, "It began with the new form tutor.")
    await world.settle()
    assert "information" not in await c.clocks()
