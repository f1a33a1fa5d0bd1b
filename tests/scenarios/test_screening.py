"""Screening: check by check, its clock as urgency comes and goes, and what it waits for."""

import pytest
from grpc.aio import AioRpcError

from tests.scenarios.families import child
from tests.scenarios.messages import Letters
from tests.scenarios.world import World

COLIN = "13f5c975-15ba-5813-ad91-0d432a2e9d71"
"""The second duty worker of Saltby's partnership."""


async def test_a_call_in_the_night_counts_for_the_referral_of_the_morning(world: World) -> None:
    await world.at("2025-10-09 22:40")
    duty = world.duty("saltby")
    screen = await duty.screen_for_safety("immediate-danger", "He has locked her in.")

    await world.at("2025-10-10 09:15")
    referral = await duty.refer(child(order="2020-05-05", placed_by="saltby"))
    await referral.check(("safeguarding", "screened"), refers_to=screen)
    shown = await referral.stands()
    assert (shown.safeguarding, shown.referral.urgent) == ("immediate-danger", True)
    [danger] = await referral.facts("DangerReported")
    assert danger.data["screen"] == screen


async def test_the_clock_moves_with_urgency_and_what_was_due_before_stays(world: World) -> None:
    # Christmas Eve, a Wednesday.
    await world.at("2025-12-24")
    referral = await world.duty("northmoor").refer(child(order="2020-05-05", placed_by="northmoor"))
    await world.at("2025-12-24 16:00")
    await referral.check(("urgency", "urgent"))
    await referral.check(("urgency", "routine"))
    due = (await referral.stands()).screening_due
    # By the end of Monday; of that day; of Monday again.
    days = [f"{each.due_at.ToDatetime():%d %H:%M}" for each in due]
    assert days == ["30 00:00", "25 00:00", "30 00:00"]

    await world.at("2025-12-29 23:59")
    assert await referral.timeline("ScreeningOverdue") == []
    await world.at("2025-12-30 00:00")
    assert await referral.timeline("ScreeningOverdue") == ["2025-12-30 ScreeningOverdue"]


async def test_a_referral_waits_for_the_school_and_is_screened_meanwhile(world: World) -> None:
    await world.at("2025-10-20")
    referral = await world.duty("westmarch").refer(child(order="2020-05-05", placed_by="westmarch"))
    inquiry = await referral.ask("school")
    await referral.screen()
    await world.at("2025-11-04")
    # Ten working days end with 3 November.
    assert await referral.timeline("InformationOverdue") == ["2025-11-04 InformationOverdue"]
    [waits] = (await referral.stands()).waits_for
    assert waits.overdue
    await referral.answered(inquiry)
    await referral.accept()
    assert not (await referral.stands()).waits_for


async def test_acceptance_says_what_is_missing(world: World) -> None:
    await world.at("2025-09-15")
    referral = await world.duty("harrowdale").refer(child(order="2020-05-05"))
    await referral.check(("safe-contact", "safe"), ("urgency", "routine"), ("identity", "new"))
    with pytest.raises(AioRpcError) as caught:
        await referral.accept()
    assert caught.value.details() == (
        "NotScreened: safeguarding, duplicates, duty-holder, eligibility, conflict-of-interest"
    )
    rest = [("safeguarding", "none"), ("duplicates", "none"), ("duty-holder", "looked-up")]
    await referral.check(*rest, ("eligibility", "eligible"), ("conflict-of-interest", "none"))
    await referral.accept()
    await world.settle()
    assert await referral.state() == "taken-up"


async def test_words_are_set_right_and_both_wordings_are_on_record(world: World) -> None:
    await world.at("2025-09-16")
    referral = await world.duty("colne-bay").refer(child(order="2020-05-05", placed_by="colne-bay"))
    await referral.reword("It began in May, not in March.")
    shown = await referral.stands("direct-care")
    assert shown.in_their_words == "It began in May, not in March."
    assert await referral.timeline("ReferralReceived", "ReferralReworded") == [
        "2025-09-16 ReferralReceived",
        "2025-09-16 ReferralReworded",
    ]


async def test_who_knows_the_family_finds_no_message_to_it_either(world: World) -> None:
    await world.at("2025-09-17")
    referral = await world.duty("saltby").refer(child(order="2020-05-05", placed_by="saltby"))
    await world.settle()
    adopter = (await referral.stands()).referrer
    knowing, other = (Letters(world.duty("saltby", number).actor) for number in (2, 1))
    found = await knowing.to(adopter)
    assert found
    assert found == await other.to(adopter)
    await referral.check(("conflict-of-interest", "worker-knows-family"), refers_to=COLIN)
    await world.settle()
    assert await knowing.to(adopter) == []
    assert await other.to(adopter) == found
