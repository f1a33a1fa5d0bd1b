"""The straight path whole: from a referral to a plan in force, with the notice in between."""

import grpc
import pytest

from tests.scenarios.families import child
from tests.scenarios.front_door import Referral
from tests.scenarios.planning import a_plan
from tests.scenarios.world import World

DAYS = [
    "2025-09-01 ReferralReceived",
    "2025-09-02 ReferralScreened",
    "2025-09-04 CaseOpened",
    "2025-09-04 ReferralAccepted",
    "2025-09-08 AssessmentStarted",
    "2025-09-08 CaseAllocated",
    "2025-10-20 AssessmentCompleted",
    "2025-10-27 PlanDrafted",
    "2025-11-03 NoticeIssued",
    "2025-11-03 ProposalServed",
    "2025-11-14 FamilySatisfied",
    "2025-11-17 DecisionMade",
    # Decided on that day, in force from the 24th.
    "2025-11-17 PlanActivated",
]


async def test_a_child_placed_here_is_helped_by_a_plan_that_the_family_is_satisfied_with(
    world: World,
) -> None:
    c1 = await taken_on(world)
    parent = (await c1.stands()).contact

    await world.at("2025-09-08")
    await c1.case.allocate()
    await c1.case.planning.begin("2025-09-01")
    await world.at("2025-10-20")
    await c1.case.planning.consider_all()
    await c1.case.planning.assessed("sleep", "attachment")
    await world.at("2025-10-27")
    await c1.case.planning.draft(a_plan(c1.case.lead.id))

    await world.at("2025-11-03")
    notice = await c1.case.deciding.propose(plan_version=1)
    await notice.issue()
    await world.settle()
    await notice.serve(occurred="2025-11-03")
    await world.settle()
    stands = await notice.stands()
    assert (stands.served_on, stands.representations_until) == ("2025-11-03", "2025-12-01")

    await world.at("2025-11-13")
    with pytest.raises(grpc.aio.AioRpcError) as early:
        await notice.decide("kept", from_day="2025-11-24")
    assert early.value.details() == "RepresentationsOpen: 2025-12-01"
    await world.at("2025-11-14")
    await notice.satisfied(parent)
    await world.at("2025-11-17")
    await notice.decide("kept", from_day="2025-11-24")
    await world.settle()
    assert (await notice.stands()).ground == "satisfied"

    await world.at("2025-11-24")
    await in_force(c1)


async def taken_on(world: World) -> Referral:
    """Refer, screen and accept, with consent."""
    await world.at("2025-09-01")
    c1 = await world.duty("westmarch").refer(child(order="2024-06-05", placed_by="westmarch"))
    await world.at("2025-09-02")
    await c1.screen(safeguarding="none")
    await world.at("2025-09-04")
    await c1.accept()
    await world.settle()
    await c1.case.consents.give((await c1.stands()).contact, "assess", "therapy")
    return c1


async def in_force(c1: Referral) -> None:
    """Assert what stands on the day from which the plan is in force."""
    plan = await c1.case.planning.plan(1)
    assert (plan.state, plan.active_from) == ("active", "2025-11-24")
    assert plan.review_by == "2026-11-24"
    assert [each.due_on for each in await c1.case.planning.reviews()] == ["2026-11-24"]
    assert (await c1.line.said())[0] == "2025-09-01 to 2027-06-05 westmarch (within-period)"
    assert (await c1.case.stands()).case.stage == "plan-active"
    told = {each.partition(" ")[2] for each in DAYS}
    assert sorted(await c1.timeline(*told)) == DAYS
