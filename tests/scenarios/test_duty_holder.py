"""Who owes a child the service: by the calendar, by what is learned late, by what was wrong."""

from tests.scenarios.families import child, family
from tests.scenarios.front_door import Referral
from tests.scenarios.world import World


async def changes(referral: Referral) -> list[tuple[str, str, str]]:
    """Return of each change when it was recorded, in which role, and to whom."""
    found = await referral.facts("ResponsibilityChanged")
    return [(each.recorded, each.actor_role, each.data["duty_holder"]) for each in found]


async def test_the_duty_passes_in_mid_treatment_by_itself(world: World) -> None:
    await world.at("2026-01-05")
    told = child(order="2023-03-14", placed_by="saltby")
    c3 = await world.duty("saltby").refer(told, lives_in="northmoor")
    await c3.line.pays("saltby", "2022-11-02")
    await c3.screen()
    await c3.accept()
    await world.settle()
    assert await c3.line.said() == [
        "2026-01-05 to 2026-03-14 saltby (within-period)",
        "2026-03-15 to open northmoor (after-period)",
    ]

    await world.at("2026-03-14 23:59")
    assert await c3.line.holder() == "saltby"
    assert (await c3.case.stands()).case.duty_holder == "saltby"
    assert [each for _, _, each in await changes(c3)] == ["saltby"]

    await world.at("2026-03-15 00:01")
    assert await c3.line.holder() == "northmoor"
    assert (await c3.stands()).referral.duty_holder == "northmoor"
    assert (await c3.case.stands()).case.duty_holder == "northmoor"
    assert (await changes(c3))[1:] == [("2026-03-15", "service", "northmoor")]
    # An allowance that was agreed before the order stays.
    assert await c3.line.paid() == ["2026-01-05 to open saltby (support-agreed-before-order)"]


async def test_siblings_have_a_line_each(world: World) -> None:
    await world.at("2025-10-06")
    c4, c5 = await world.duty("harrowdale").refer_family(
        family(
            child(order="2021-01-14", placed_by="northmoor"),
            child(order="2023-03-14", placed_by="westmarch"),
            lives_in="harrowdale",
        )
    )
    assert c4.family_id == c5.family_id
    assert await c4.line.said() == ["2025-10-06 to open harrowdale (after-period)"]
    assert await c5.line.said() == [
        "2025-10-06 to 2026-03-14 westmarch (within-period)",
        "2026-03-15 to open harrowdale (after-period)",
    ]


async def test_an_order_learned_late_counts_from_the_referral(world: World) -> None:
    await world.at("2025-09-01")
    c = await world.duty("westmarch").refer(child())
    assert c.owed_by == ""
    await c.screen(eligibility="undetermined")

    await world.at("2025-09-09")
    assert await c.line.said() == ["2025-09-01 to open ? (legal-status-unknown)"]
    order = await c.line.order("2022-05-10", "westmarch")
    await world.settle()
    assert await c.line.said() == ["2025-09-01 to open westmarch (after-period)"]
    assert (await c.stands()).referral.duty_holder == "westmarch"

    # What was known before it was learned stays on record.
    assert await c.line.said(known_at="2025-09-08") == [
        "2025-09-01 to open ? (legal-status-unknown)"
    ]
    first, then = (await c.line.read()).determinations
    assert (then.effect_from, f"{then.recorded_at.ToDatetime():%F}") == ("2025-09-01", "2025-09-09")
    assert list(then.because) == [order]
    assert order in then.inputs
    assert set(first.inputs) < set(then.inputs)
    assert [(each.version, each.years, each.last_day) for each in then.rules] == [
        ("2005-12-30", 3, "corresponding-date")
    ]


async def test_on_the_corresponding_date_the_placing_authority_still_owes_it(world: World) -> None:
    await world.at("2025-11-17")
    here = world.duty("colne-bay")
    told = {"order": "2022-11-18", "placed_by": "harrowdale"}
    before = await here.refer(child(**told))
    await world.at("2025-11-18")
    last = await here.refer(child(**told))
    await world.at("2025-11-19")
    after = await here.refer(child(**told))
    assert [each.owed_by for each in (before, last, after)] == [
        "harrowdale",
        "harrowdale",
        "colne-bay",
    ]
    assert await last.line.holder() == "colne-bay"


async def test_an_order_of_the_leap_day_ends_with_february(world: World) -> None:
    await world.at("2025-09-15")
    c = await world.duty("saltby").refer(
        child(order="2024-02-29", placed_by="westmarch"), lives_in="saltby"
    )
    assert await c.line.said() == [
        "2025-09-15 to 2027-02-28 westmarch (within-period)",
        "2027-03-01 to open saltby (after-period)",
    ]


async def test_a_day_that_was_wrong_moves_the_change(world: World) -> None:
    await world.at("2025-09-16")
    c = await world.duty("saltby").refer(
        child(order="2022-10-10", placed_by="saltby"), lives_in="harrowdale"
    )
    wrong = await c.line.fact("OrderMade")
    await world.at("2025-09-30")
    right = await c.line.order("2022-11-10", "saltby", corrects=(wrong,))
    assert (await c.line.said())[0] == "2025-09-16 to 2025-11-10 saltby (within-period)"

    await world.at("2025-10-12")
    assert await c.line.holder() == "saltby"
    assert len(await changes(c)) == 1
    await world.at("2025-11-11")
    assert (await changes(c))[1:] == [("2025-11-11", "service", "harrowdale")]
    facts = {each.fact_id: each for each in (await c.line.read()).facts}
    assert facts[wrong].corrected_by == right


async def test_a_change_that_is_not_to_come_does_not_come(world: World) -> None:
    await world.at("2025-09-17")
    c = await world.duty("saltby").refer(
        child(order="2022-10-20", placed_by="saltby"), lives_in="harrowdale"
    )
    await world.at("2025-10-01")
    await c.line.lives_in("saltby", "2025-09-28")
    await world.at("2025-10-22")
    assert await c.line.holder() == "saltby"
    assert len(await changes(c)) == 1


async def test_an_order_set_aside_gives_the_child_back_to_who_had_placed_her(world: World) -> None:
    await world.at("2025-09-18")
    c = await world.duty("northmoor").refer(child(order="2021-01-14", placed_by="harrowdale"))
    assert c.owed_by == "northmoor"
    await world.at("2025-11-05")
    await c.line.set_aside(await c.line.fact("OrderMade"), "2025-11-03")
    assert await c.line.said() == [
        "2025-09-18 to 2025-11-02 northmoor (after-period)",
        "2025-11-03 to open harrowdale (placed)",
    ]
    assert (await changes(c))[1:] == [("2025-11-05", "duty-worker", "harrowdale")]

    # Adopted again, by another authority's placing: three years begin anew.
    await c.line.order("2026-01-09", "westmarch")
    assert (await c.line.said())[2:] == [
        "2026-01-09 to 2029-01-09 westmarch (within-period)",
        "2029-01-10 to open northmoor (after-period)",
    ]


async def test_authorities_agree_otherwise_for_a_time(world: World) -> None:
    await world.at("2025-09-19")
    c = await world.duty("saltby").refer(
        child(order="2022-10-01", placed_by="saltby"), lives_in="northmoor"
    )
    agreed = await c.line.agreed("saltby", "2025-10-02", "2025-10-31")
    await world.at("2025-10-15")
    assert await c.line.holder() == "saltby"
    assert len(await changes(c)) == 1
    await world.at("2025-11-01 00:01")
    assert (await changes(c))[1:] == [("2025-11-01", "service", "northmoor")]
    await c.line.withdraw(agreed)
    assert (await c.line.said())[1] == "2025-10-02 to open northmoor (after-period)"


async def test_where_no_agency_placed_the_child_the_residence_decides(world: World) -> None:
    await world.at("2025-09-22")
    c = await world.duty("westmarch").refer(child())
    await c.line.placed_without_agency("step-parent")
    assert await c.line.said() == ["2025-09-22 to open westmarch (no-agency)"]


async def test_a_child_who_is_placed_again_is_the_placing_authoritys(world: World) -> None:
    await world.at("2025-09-23")
    c = await world.duty("westmarch").refer(child())
    await c.line.placed("harrowdale", "2025-08-01")
    assert await c.line.said() == ["2025-09-23 to open harrowdale (placed)"]
