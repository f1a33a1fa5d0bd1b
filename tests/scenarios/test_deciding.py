"""Nothing is decided before the family had its say; what cannot wait is named; complaints run."""

import grpc
import pytest

from tests.scenarios.cases import Case
from tests.scenarios.families import child
from tests.scenarios.planning import a_plan
from tests.scenarios.world import World


async def a_case(world: World, authority: str) -> Case:
    """Refer a child of the authority and let somebody lead the case."""
    c = await world.duty(authority).refer(child(order="2024-06-05", placed_by=authority))
    await c.screen()
    await c.accept()
    await world.settle()
    await c.case.allocate()
    await world.settle()
    return c.case


async def planned(case: Case, on: str) -> None:
    """Complete an assessment that was asked for on a day, and draft a plan."""
    await case.planning.begin(on)
    await case.planning.consider_all()
    await case.planning.assessed("sleep")
    await case.planning.draft(a_plan(case.lead.id))


async def test_the_straight_path_from_the_notice_to_a_plan_in_force(world: World) -> None:
    await world.at("2025-10-20 11:00")
    case = await a_case(world, "westmarch")
    await planned(case, "2025-09-01")
    notice = await case.deciding.propose(plan_version=1)

    await world.at("2025-11-03 10:00")
    await notice.issue()
    await world.settle()
    await notice.serve()
    await world.settle()
    stands = await notice.stands()
    assert (stands.served_on, stands.representations_until) == ("2025-11-03", "2025-12-01")
    await world.at("2025-11-14 10:00")
    await notice.satisfied(await case.deciding.contact())
    await world.at("2025-11-17 10:00")
    await notice.decide("kept", from_day="2025-11-24")
    await world.settle()
    stands = await notice.stands()
    assert (stands.state, stands.ground, stands.from_day) == ("decided", "satisfied", "2025-11-24")
    await notice.serve(document="decision")
    await world.settle()
    assert (await notice.stands()).decision_served_on == "2025-11-17"
    plan = await case.planning.plan()
    assert (plan.state, plan.active_version, plan.active_from) == ("active", 1, "2025-11-24")
    assert plan.review_by == "2026-11-24"
    assert await case.timeline("ProposalServed", "FamilySatisfied", "DecisionMade") == [
        "2025-11-03 ProposalServed",
        "2025-11-14 FamilySatisfied",
        "2025-11-17 DecisionMade",
    ]


async def test_a_disputed_plan_is_decided_after_representations_and_complained_of(
    world: World,
) -> None:
    await world.at("2025-10-27 10:00")
    case = await a_case(world, "saltby")
    await planned(case, "2025-10-27")
    notice = await case.deciding.propose(plan_version=1)
    await world.at("2025-11-03 11:00")
    await notice.issue()
    await world.settle()
    await notice.serve()
    await world.settle()
    mother = await case.deciding.contact()

    # Nobody has answered, and it is not December.
    await world.at("2025-11-27 10:00")
    with pytest.raises(grpc.aio.AioRpcError) as early:
        await notice.decide("kept", from_day="2025-12-15")
    assert early.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    await world.at("2025-11-28 10:00")
    await notice.represent(mother, "We want it at home, not at the clinic.")
    await world.at("2025-12-12 10:00")
    await notice.decide("kept", from_day="2025-12-15")
    await world.settle()
    stands = await notice.stands()
    assert (stands.ground, stands.late_representations) == ("representations", 0)

    await world.at("2026-02-02 10:00")
    complaint = await case.deciding.complain(mother, "Nobody listened.", about_notice=notice.id)
    await world.settle()
    stage = await complaint.stands()
    assert (stage.stage, stage.due_on, stage.latest_on) == (1, "2026-02-16", "2026-03-02")
    await world.at("2026-02-17 00:00")
    assert (await complaint.stands()).overdue
    # A stream of its own, of which the case's file says nothing.
    assert not [each for each in await case.timeline() if "Complaint" in each or "Stage" in each]


async def test_what_cannot_wait_begins_with_a_managers_authority_and_is_made_good(
    world: World,
) -> None:
    await world.at("2026-05-18 10:00")
    case = await a_case(world, "northmoor")
    await world.at("2026-05-22 16:00")
    urgent = await case.deciding.authorise("2026-05-23", "assessment", "notice")
    await world.settle()
    stands = await urgent.stands("audit")
    assert [(each.step, each.made_good_by) for each in stands.skipped] == [
        ("assessment", ""),
        ("notice", ""),
    ]
    assert (stands.begins_on, stands.reason) == ("2026-05-23", "The placement may end.")
    asked = {each.kind for each in await case.tasks.all() if each.state == "waiting"}
    assert {"regularise-assessment", "regularise-notice"} <= asked

    # A proposal without an assessment may be decided on while the provision stands.
    await world.at("2026-05-27 10:00")
    notice = await case.deciding.propose()
    await notice.issue()
    await world.settle()
    await notice.serve("first-class-post")
    await world.settle()
    await notice.satisfied(await case.deciding.contact())
    await notice.decide("kept", from_day="2026-05-27")
    await world.settle()
    assert (await notice.stands()).urgent_provision_id == urgent.id
    await urgent.made_good("assessment", notice.id)
    await world.settle()
    assert (await urgent.stands()).state == "regularised"
