"""A child whom another partnership's authority placed, less than three years ago."""

from tests.scenarios.families import child
from tests.scenarios.world import World


async def test_a_redirect_with_consent_is_taken_over_and_linked(world: World) -> None:
    await world.at("2025-11-17")
    here = world.duty("colne-bay")
    c2 = await here.refer(child(order="2022-11-18", placed_by="harrowdale"))
    assert c2.owed_by == "harrowdale"

    # Safety comes first, whoever owes the service.
    await c2.screen(safeguarding="none")
    await (await c2.consents()).give("harrowdale")
    redirect = await c2.redirect("harrowdale")
    await world.settle()
    assert await c2.state() == "redirected"

    there = await world.duty("harrowdale").incoming(redirect)
    assert await there.state() == "waiting"
    await there.acknowledge()
    await world.settle()
    assert await redirect.state() == "taken-over"
    arrived = await there.stands()
    assert arrived.other_referral_id == c2.id
    copy = await world.duty("harrowdale").referral(arrived.referral_id)
    assert copy.owed_by == "harrowdale"
    assert copy.case_id != ""
    assert await copy.state() == "received"


async def test_a_redirect_that_nobody_acknowledges_comes_back(world: World) -> None:
    await world.at("2025-11-18")
    c = await world.duty("northmoor").refer(child(order="2024-03-01", placed_by="saltby"))
    await c.screen()
    await (await c.consents()).give("saltby")
    redirect = await c.redirect("saltby")
    await world.settle()
    due = (await redirect.stands()).answer_by.ToDatetime()

    # Five working days: Wednesday to Tuesday; the day of the offer does not count.
    assert f"{due:%Y-%m-%d %H:%M}" == "2025-11-26 00:00"
    await world.at("2025-11-25 23:59")
    assert await redirect.state() == "offered"
    await world.at("2025-11-26")
    assert await redirect.state() == "came-back"
    assert await c.state() == "screened"
    there = await world.duty("saltby").incoming(redirect)
    assert await there.state() == "given-back"


async def test_a_consent_that_is_withdrawn_calls_the_redirect_back(world: World) -> None:
    await world.at("2025-11-20")
    c = await world.duty("northmoor").refer(child(order="2024-03-01", placed_by="westmarch"))
    await c.screen()
    consents = await c.consents()
    await consents.give("westmarch")
    redirect = await c.redirect("westmarch")
    await world.settle()
    await world.at("2025-11-21")
    await consents.withdraw("westmarch")
    await world.settle()
    assert (await consents.held())["authority:westmarch"] == "withdrawn"
    assert await redirect.state() == "came-back"
    assert await c.state() == "screened"
