"""A referral message of the health service with a code that we do not know."""

import json

from chassis.roles import Role
from stack.places import checkout
from tests.scenarios.world import World

MESSAGES = checkout() / "services" / "referrals" / "tests" / "messages"
CODE = "Bundle.entry[1].resource.reasonCode[0].coding[0].code"


async def test_a_message_with_an_unknown_code_is_received_and_the_code_is_kept(
    world: World,
) -> None:
    await world.at("2025-09-01 09:31")
    bundle = json.loads((MESSAGES / "unknown-code.json").read_bytes())
    system = world.front_desk("northmoor", Role.SUBSCRIBER)
    answer = await system.message(bundle)
    assert answer.code == "ok"
    assert answer.reference in answer.message.decode()
    assert (await system.message(bundle)).reference == answer.reference

    await world.settle()
    duty = world.duty("northmoor")
    [referral] = [each for each in await duty.worklist("new") if each.reference == answer.reference]
    assert referral.route == "health-referral-message"
    kept = await world.front_desk("northmoor").not_mapped(referral.referral_id)
    assert kept[CODE] == "900000000000999"
    # A flag in force is a worry, which whoever screens sees.
    assert (await (await duty.referral(referral.referral_id)).stands()).safeguarding_concern


async def test_a_message_that_breaks_a_rule_is_answered_and_nothing_is_kept(world: World) -> None:
    await world.at("2025-09-01 09:32")
    bundle = json.loads((MESSAGES / "referral.json").read_bytes())
    patient = next(
        each["resource"]
        for each in bundle["entry"]
        if each["resource"]["resourceType"] == "Patient"
    )
    patient["birthDate"] = "2031-01-01"
    answer = await world.front_desk("northmoor", Role.SUBSCRIBER).message(bundle)
    assert (answer.code, answer.reference) == ("fatal-error", "")
    assert "OperationOutcome" in answer.message.decode()
