"""Somebody asks and no child has a record: advice, a draft that is kept for a while, a referral."""

from chassis.roles import Role
from tests.scenarios.families import child, family
from tests.scenarios.world import World


async def test_an_enquiry_becomes_a_referral_with_nothing_typed_again(world: World) -> None:
    await world.at("2025-10-13 10:20")
    desk = world.front_desk("westmarch")
    enquiry = await desk.named_enquiry(
        "Robin Calloway", "robin.calloway@example.org", "She no longer sleeps.", "parenting"
    )
    await enquiry.safety("none")
    await enquiry.advise("Keep to one hour for going to bed.", "parenting")

    await world.at("2025-10-20")
    draft = await enquiry.turn_into_referral()
    written = await draft.content()
    assert "She no longer sleeps." in str(written)
    whole = family(child(order="2024-02-01", placed_by="westmarch"), lives_in="westmarch")
    said = whole.submission("westmarch", "wap", world.stage.now)
    for set_when_sent in ("submission_id", "received_at", "received_by", "partnership"):
        del said[set_when_sent]
    await draft.save(said | {"in_their_words": written["in_their_words"]})
    sent = await draft.send()
    await enquiry.close("referred")
    await world.settle()
    stands = await enquiry.stands()
    assert list(stands.referrals) == [sent.children[0].referral_id]
    referral = await world.duty("westmarch").referral(sent.children[0].referral_id)
    assert "She no longer sleeps." in (await referral.stands("direct-care")).in_their_words


async def test_a_draft_that_nobody_sends_is_warned_of_and_expires(world: World) -> None:
    await world.at("2025-10-01")
    draft = await world.front_desk("saltby").draft({"route": "telephone"})
    # Four weeks from the day of its last saving, with a warning a week before.
    await world.at("2025-10-22 23:59")
    assert not (await draft.stands()).draft.warned
    await world.at("2025-10-23")
    assert (await draft.stands()).draft.warned
    assert await draft.state() == "open"
    await world.at("2025-10-29 23:59")
    assert await draft.state() == "open"
    await world.at("2025-10-30 00:00")
    assert await draft.state() == "expired"


async def test_a_child_in_danger_at_night_is_told_to_who_stands_on_call(world: World) -> None:
    await world.at("2025-12-24 17:30")
    manager = world.safety("harrowdale", Role.TEAM_MANAGER)
    on_call = world.stage.staff.workers(world.stage.authority("harrowdale"))[0]
    await manager.start_on_call("2025-12-27 09:00", worker=on_call.id)

    await world.at("2025-12-24 21:15")
    c = await world.duty("harrowdale").refer(
        child(order="2024-09-01", placed_by="harrowdale"), danger=True, concern=True
    )
    await world.settle()
    [concern] = await manager.about(c.child)
    told = [worker for entry in (await concern.stands()).entries for worker in entry.told]
    assert on_call.id in told
    assert c.id in [each.referral_id for each in await world.duty("harrowdale").worklist("urgent")]
    assert await c.state() == "received"
