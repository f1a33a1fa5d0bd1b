"""An order date that nobody knew: the case goes on, and what was known when stays to be seen."""

from tests.scenarios.families import child
from tests.scenarios.world import World


async def test_work_goes_on_while_nobody_can_say_who_owes_it_and_clocks_keep_their_history(
    world: World,
) -> None:
    await world.at("2025-09-01")
    duty = world.duty("westmarch")
    c, closed = await duty.refer(child()), await duty.refer(child())
    assert (c.owed_by, closed.owed_by) == ("", "")
    await world.at("2025-09-02")
    for each in (c, closed):
        await each.screen(eligibility="undetermined")
        await each.accept()
    await world.settle()

    # The case is open, a lead is waited for, and duty is asked to find out.
    before = (await c.case.stands()).case
    assert before.duty_holder == ""
    [asked] = await c.case.tasks.all("duty-unknown")
    assert (asked.desk, asked.state, asked.due_on) == ("duty", "waiting", "2025-09-16")
    await world.at("2025-09-05")
    await closed.case.close("out-of-responsibility")

    # Learned on the ninth: so since the first, and what was known in between stays on record.
    await world.at("2025-09-09")
    for each in (c, closed):
        await each.line.order("2022-05-10", "westmarch")
    await world.settle()
    after = (await c.case.stands()).case
    assert after.duty_holder == "westmarch"
    assert after.allocate_by == before.allocate_by
    [learned] = await c.facts("DutyLearned")
    assert (learned.recorded, learned.data["effect_from"]) == ("2025-09-09", "2025-09-01")
    assert await c.facts("DutyLearned", known_at="2025-09-08") == []
    [settled] = await c.case.tasks.all("duty-unknown")
    assert (settled.state, settled.outcome, settled.due_on) == ("done", "done", asked.due_on)

    # Nothing rests on it in the one case; in the other a person judges what was decided.
    assert await c.case.tasks.all("late-fact") == []
    [judge] = await closed.case.tasks.all("late-fact")
    assert (judge.desk, judge.due_on) == ("manager", "2025-09-16")
    assert (await closed.case.stands()).case.state == "closed"
    await closed.case.tasks.acknowledge(judge.task_id)
    await closed.case.tasks.complete(judge.task_id, "decided-anew", "It is ours: we reopen.")
    await world.settle()
    task = (await closed.case.tasks.one(judge.task_id)).task
    assert (task.state, task.outcome) == ("done", "decided-anew")
