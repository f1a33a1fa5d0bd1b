"""Who owes a child the service: dates learned late, siblings, the last day of the period."""

from tests.scenarios.families import child, family
from tests.scenarios.world import World


async def test_an_order_date_learned_late_holds_from_the_referral_on(world: World) -> None:
    await world.at("2025-09-01")
    duty = world.duty("westmarch")
    c = await duty.refer(child(placed_by="westmarch", status="order-granted"))
    assert c.owed_by == ""
    assert await c.owing.spans() == ["? 2025-09-01.."]

    # Safety does not wait for dates.
    await world.at("2025-09-02")
    await c.screen(safeguarding="none", eligibility="undetermined")

    await world.at("2025-09-09")
    await c.owing.ordered("2022-05-10", placed_by="westmarch")
    await world.settle()
    assert await c.owing.spans() == ["westmarch 2025-09-01.."]
    [learned] = (await c.owing.line()).changes
    assert learned.from_day == "2025-09-01"
    assert f"{learned.recorded_at.ToDatetime():%Y-%m-%d}" == "2025-09-09"
    # What was known before stays known.
    assert await c.owing.spans(known_at="2025-09-08") == ["? 2025-09-01.."]


async def test_siblings_of_one_home_are_owed_by_two_authorities(world: World) -> None:
    await world.at("2025-10-06")
    elder = child(order="2021-01-14", placed_by="northmoor", given="Bea")
    younger = child(order="2023-03-14", placed_by="westmarch", given="Cato")
    home = family(elder, younger, lives_in="harrowdale")
    c4, c5 = await world.duty("harrowdale").refer_family(home)
    assert c4.owed_by == "harrowdale"
    assert c5.owed_by == "westmarch"
    assert await c5.owing.spans() == [
        "westmarch 2025-10-06..2026-03-14",
        "harrowdale 2026-03-15..",
    ]

    # Two records, one family link; nothing of one child stands in the record of the other.
    assert c4.family_id == c5.family_id
    assert len({c4.case_id, c5.case_id, c4.id, c5.id, c4.child, c5.child}) == 6
    of_c5 = str([each.data for each in await c5.facts()])
    assert not [each for each in (c4.id, c4.child, c4.case_id) if each in of_c5]

    # When the period ends the calendar says so, and nobody has to.
    await world.at("2026-03-14")
    assert await c5.owing.now() == "westmarch"
    await world.at("2026-03-15")
    assert await c5.owing.now() == "harrowdale"
    [change] = (await c5.owing.line()).changes[1:]
    assert (change.recorded_by, change.before) == ("service:referrals", "westmarch")


async def test_the_last_day_is_one_earlier_where_a_partnership_counts_strictly_less(
    world: World,
) -> None:
    await world.at("2026-03-10")
    # The one partnership has gone by "strictly less" since 1 February 2026, the other never has.
    ours = await world.duty("saltby").refer(
        child(order="2026-03-02", placed_by="saltby"), lives_in="harrowdale"
    )
    theirs = await world.duty("colne-bay").refer(
        child(order="2026-03-02", placed_by="colne-bay"), lives_in="northmoor"
    )
    assert await ours.owing.spans() == ["saltby 2026-03-10..2029-03-02", "harrowdale 2029-03-03.."]
    assert await theirs.owing.spans() == [
        "colne-bay 2026-03-10..2029-03-01",
        "northmoor 2029-03-02..",
    ]
    assert {each.rule for each in (await theirs.owing.line()).spans} == {"anc-2026-02-01"}

    await world.at("2029-03-02")
    assert await ours.owing.now() == "saltby"
    assert await theirs.owing.now() == "northmoor"
    await world.at("2029-03-03")
    assert await ours.owing.now() == "harrowdale"


async def test_three_years_from_a_leap_day_end_with_february(world: World) -> None:
    await world.at("2025-10-08")
    c = await world.duty("westmarch").refer(
        child(order="2024-02-29", placed_by="westmarch"), lives_in="saltby"
    )
    assert await c.owing.spans() == ["westmarch 2025-10-08..2027-02-28", "saltby 2027-03-01.."]
    await world.at("2027-02-28")
    assert await c.owing.now() == "westmarch"
    await world.at("2027-03-01")
    assert await c.owing.now() == "saltby"
