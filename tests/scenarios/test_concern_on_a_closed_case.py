"""A risk is told of after the closing: it is taken at once, the case stays closed until decided."""

import pytest
from grpc.aio import AioRpcError

from tests.scenarios.families import child
from tests.scenarios.world import World

HOME = "westmarch"
MOTHER = "9a1de3a4-5a0e-4c39-9c39-0000000000b1"


async def test_a_school_tells_of_a_risk_to_a_child_whose_case_is_closed(world: World) -> None:
    await world.at("2025-09-02")
    referral = await world.duty(HOME).refer(child(order="2024-06-05", placed_by=HOME))
    await referral.screen()
    await referral.accept()
    await world.settle()
    c7 = referral.case
    await c7.allocate()
    await c7.consents.give(MOTHER, "assess")
    await world.at("2025-11-03")
    await c7.close("goals-met")
    await world.settle()
    stands = (await c7.stands()).case
    assert (stands.state, stands.stage) == ("closed", "closed")

    # Friday: told to the authority the same day, which answers by the end of Monday.
    await world.at("2026-01-09 14:00")
    words = "He came to school with a bruise."
    concern = await world.safety(HOME).raise_concern(words, case_id=c7.id, source="agency")
    await concern.acknowledge()
    await concern.refer(HOME, consent="given")
    await world.settle()
    assert (await concern.stands()).concern.answer_by == "2026-01-12"
    assert (await c7.stands()).case.state == "closed"

    await world.at("2026-01-12 10:00")
    await concern.answered(HOME)
    # It is reopened by a decision, once what is missing was asked for again.
    with pytest.raises(AioRpcError) as refused:
        await c7.ending.reopen("concern", HOME)
    assert "NotCheckedAgain" in str(refused.value.details())
    await c7.consents.give(MOTHER, "assess")
    await c7.ending.reopen("concern", HOME)
    await world.settle()
    stands = (await c7.stands()).case
    assert (stands.state, stands.episode, stands.stage) == ("open", 2, "waiting")
    assert await c7.timeline("CaseClosed", "CaseReopened") == [
        "2025-11-03 CaseClosed",
        "2026-01-12 CaseReopened",
    ]
    # An open concern that nobody has taken on keeps it from being closed again.
    await world.safety(HOME).raise_concern("It happened again.", case_id=c7.id)
    assert "safeguarding" in await c7.ending.missing()
    with pytest.raises(AioRpcError) as kept:
        await c7.close("planned-end")
    assert "ChecklistIncomplete" in str(kept.value.details())
