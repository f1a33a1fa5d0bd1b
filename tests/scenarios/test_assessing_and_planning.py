"""From what sources say to a drafted plan, with its dates; siblings whom two authorities owe it."""

from tests.scenarios.cases import Case
from tests.scenarios.families import child, family
from tests.scenarios.planning import a_plan
from tests.scenarios.world import World

FIRST_MOTHER = "Their first mother was called Ilse."


async def test_the_straight_path_from_the_request_to_the_draft_of_a_plan(world: World) -> None:
    await world.at("2025-09-01 10:00")
    c1 = await world.duty("westmarch").refer(child(order="2024-06-05", placed_by="westmarch"))
    await world.at("2025-09-02 10:00")
    await c1.screen(safeguarding="none")
    await world.at("2025-09-04 10:00")
    await c1.accept()
    await world.settle()
    await world.at("2025-09-08 10:00")
    await c1.case.allocate()
    plans = c1.case.planning
    await plans.begin("2025-09-01")
    await world.at("2025-09-16 10:00")
    school = await plans.receive("sleep", "school", "She is rested.", "2025-09-15", "opinion")
    mother = await plans.receive("sleep", "parent", "She wakes.", "2025-09-16")
    conflict = await plans.contradict(school, mother)

    await world.at("2025-10-20 10:00")
    await plans.resolve(conflict, "both-hold")
    await plans.consider_all()
    await plans.consider("child-needs", "She sleeps badly at home.", school, mother)
    await plans.assessed("sleep")
    await plans.understand("She keeps watch at night.", mother)
    await plans.share(1, "child", "parents")
    await plans.agree(1, "parents")
    await plans.draft(a_plan(c1.case.lead.id))
    await world.settle()
    (made,) = await plans.assessments()
    assert (made.state, made.ended_on, list(made.needs)) == ("completed", "2025-10-20", ["sleep"])
    # Forty-five working days from the request; by that day it was over.
    assert made.due_on == "2025-11-03"
    assert [each.flagged for each in await plans.known()] == [0, 0]
    plan = await plans.plan()
    assert (plan.state, plan.version, list(plan.missing)) == ("drafted", 1, [])
    said = ("AssessmentStarted", "ConflictResolved", "AssessmentCompleted", "FormulationAgreed")
    assert await c1.timeline(*said) == [
        "2025-09-08 AssessmentStarted",
        "2025-10-20 ConflictResolved",
        "2025-10-20 AssessmentCompleted",
        "2025-10-20 FormulationAgreed",
    ]
    await world.at("2025-11-04 10:00")
    assert await c1.timeline("AssessmentOverdue") == []


async def test_an_assessment_that_nobody_completes_is_late_at_midnight_and_told_on(
    world: World,
) -> None:
    await world.at("2025-09-01 11:00")
    c = await world.duty("saltby").refer(child(order="2024-06-05", placed_by="saltby"))
    await c.screen()
    await c.accept()
    await world.settle()
    await c.case.allocate()
    await c.case.planning.begin("2025-09-01", kind="limited", services=["respite"])
    await world.at("2025-11-03 23:59")
    assert await c.timeline("AssessmentOverdue") == []
    await world.at("2025-11-04 00:00")
    assert await c.timeline("AssessmentOverdue") == ["2025-11-04 AssessmentOverdue"]
    assert "2025-11-04 TaskEscalated" in await c.timeline("TaskEscalated")


async def test_siblings_whom_two_authorities_owe_it_are_assessed_together_and_filed_apart(
    world: World,
) -> None:
    await world.at("2025-10-06")
    here = world.duty("harrowdale")
    older = child(order="2021-01-14", placed_by="northmoor")
    younger = child(order="2023-03-14", placed_by="westmarch")
    c4, c5 = await here.refer_family(family(older, younger, lives_in="harrowdale"))
    assert (c4.owed_by, c5.owed_by) == ("harrowdale", "westmarch")
    await c4.screen()
    await c4.accept()
    await c5.screen()
    await (await c5.consents()).give("westmarch")
    redirect = await c5.redirect("westmarch")
    await world.settle()
    there = await world.duty("westmarch").incoming(redirect)
    await there.acknowledge()
    await world.settle()
    other = await world.duty("westmarch").referral((await there.stands()).referral_id)
    await other.screen()
    await other.accept()
    await world.settle()

    # One assessment of both; each authority's record holds its own child's alone.
    first, second = c4.case, Case(c4.case.stage, "westmarch", other.case_id)
    await first.planning.begin("2025-10-06", joint=True)
    (of_first,) = await first.planning.assessments()
    await second.planning.begin("2025-10-06", joint_id=of_first.joint_id)
    for each, birth in ((first, FIRST_MOTHER), (second, "")):
        await each.planning.consider_all("We talked in their kitchen.")
        more = {"birth_family": birth}
        await each.planning.consider("circumstances-of-placement", "She was three.", **more)
        await each.planning.assessed("attachment")
        await each.planning.draft(a_plan(each.lead.id))
    await world.settle()
    (of_first,) = await first.planning.assessments()
    (of_second,) = await second.planning.assessments()
    assert of_first.joint_id == of_second.joint_id != ""
    assert of_first.assessment_id != of_second.assessment_id
    assert FIRST_MOTHER in str(of_first)

    # Nothing of the one stands in the other's file, not even with all of it opened.
    fields = {"case_id": second.id, "limit": 500, "unseal": True}
    file = await second.manager.ask("CaseworkService.ReadChronology", fields, "direct-care")
    found = f"{file}{of_second}{await second.planning.plan()}{await second.planning.known()}"
    for theirs in (FIRST_MOTHER, c4.child, c4.case_id, of_first.assessment_id):
        assert theirs not in found
