"""Two children of one home, and two partnerships that count three years another way."""

from tests.scenarios.families import child, family
from tests.scenarios.world import World


async def test_siblings_of_one_home_are_owed_by_two_authorities(world: World) -> None:
    await world.at("2025-10-06")
    elder = child(order="2021-01-14", placed_by="northmoor", given="Bea")
    younger = child(order="2023-03-14", placed_by="westmarch", given="Cato")
    home = family(elder, younger, lives_in="harrowdale")
    c4, c5 = await world.duty("harrowdale").refer_family(home)
    assert c4.owed_by == "harrowdale"
    assert c5.owed_by == "westmarch"

    # Two records, one family link; nothing of one child stands in the record of the other.
    assert c4.family_id == c5.family_id
    assert len({c4.case_id, c5.case_id, c4.id, c5.id, c4.child, c5.child}) == 6
    of_c5 = str([each.data for each in await c5.facts()])
    assert not [each for each in (c4.id, c4.child, c4.case_id) if each in of_c5]

    # When the period ends the calendar says so, and nobody has to.
    await world.at("2026-03-14")
    assert await c5.line.holder() == "westmarch"
    await world.at("2026-03-15")
    assert await c5.line.holder() == "harrowdale"
    [change] = (await c5.line.read()).changes[1:]
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
    assert await ours.line.said() == [
        "2026-03-10 to 2029-03-02 saltby (within-period)",
        "2029-03-03 to open harrowdale (after-period)",
    ]
    assert await theirs.line.said() == [
        "2026-03-10 to 2029-03-01 colne-bay (within-period)",
        "2029-03-02 to open northmoor (after-period)",
    ]
    assert {each.rule for each in (await theirs.line.read()).spans} == {"anc-2026-02-01"}

    await world.at("2029-03-02")
    assert await ours.line.holder() == "saltby"
    assert await theirs.line.holder() == "northmoor"
    await world.at("2029-03-03")
    assert await ours.line.holder() == "harrowdale"
