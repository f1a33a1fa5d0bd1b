"""Redirects over gRPC: offered, and taken over or back."""

from typing import Any
from uuid import UUID

from referrals.redirects.carrying import Carrier
from referrals.redirects.redirect import REDIRECT
from referrals.redirects.redirects import undelivered
from referrals.streams import redirect_stream
from services.referrals.tests.redirecting.sides import Between, Side, refusal
from throughline.referrals.v1 import redirects_pb2
from throughline.referrals.v1 import referrals_pb2 as pb

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def test_a_redirect_with_consent_is_taken_over_and_linked_both_ways(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()

    assert (await here.referral(child.referral_id)).referral.state == "redirected"
    sent = await here.stands(redirect)
    assert (sent.state, sent.delivered, sent.other_authority) == ("offered", True, "harrowdale")
    waiting = await there.stands(redirect)
    assert (waiting.state, waiting.sent, waiting.other_authority) == ("waiting", False, "colne-bay")
    assert (waiting.consent, waiting.ground) == ("parental-responsibility", "consent")
    assert waiting.other_referral_id == child.referral_id
    assert sent.other_referral_id == waiting.referral_id

    before = await here.referral(child.referral_id, unseal=True)
    copy = await there.referral(waiting.referral_id, unseal=True)
    assert copy.referral.state == "received"
    assert copy.referral.case_id == child.case_id
    assert copy.referral.family_id == before.referral.family_id
    assert copy.referral.child != child.child
    assert copy.referral.duty_holder == "harrowdale"
    assert copy.in_their_words == before.in_their_words
    assert copy.safeguarding_words == "The school saw a bruise."
    assert list(copy.needs) == list(before.needs)
    assert list(copy.consent_to_share_with) == []

    await there.acknowledge(redirect)
    await between.tell()
    assert (await here.stands(redirect)).state == "taken-over"
    assert (await there.stands(redirect)).state == "acknowledged"


async def test_safety_comes_first(front_door: Any, here: Side) -> None:
    child = await here.submit()
    await here.consent(child)
    assert await refusal(front_door, here.offer(child)) == "NotScreened"


async def test_when_nobody_acknowledges_the_referral_comes_back(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    await between.time_is_over("colne-bay", redirect)
    assert (await here.stands(redirect)).state == "asked-back"
    await between.tell()
    back = await here.stands(redirect)
    assert (back.state, back.reason) == ("came-back", "not-acknowledged")
    assert (await here.referral(child.referral_id)).referral.state == "screened"
    given_back = await there.stands(redirect)
    assert given_back.state == "given-back"
    assert (await there.referral(given_back.referral_id)).referral.state == "taken-back"
    assert await refusal(front_door, there.acknowledge(redirect)) == "AlreadyGivenBack"
    listed = await here.referrals.ListReferrals(
        pb.ListReferralsRequest(context=here.reading(), state="screened", page_size=500)
    )
    assert child.referral_id in {each.referral_id for each in listed.referrals}
    # It may be offered anew.
    again = await here.offer(child)
    assert again != redirect


async def test_an_answer_before_the_time_is_over_stands(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    await there.acknowledge(redirect)
    await between.time_is_over("colne-bay", redirect)
    await between.tell()
    assert (await here.stands(redirect)).state == "taken-over"
    assert await refusal(front_door, here.recall(redirect)) == "AlreadyAcknowledged"
    assert await refusal(front_door, there.refuse(redirect)) == "AlreadyAnswered"


async def test_a_refusal_brings_it_back(here: Side, there: Side, between: Between) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    await there.refuse(redirect)
    await between.tell()
    assert (await here.stands(redirect)).reason == "refused-not-duty-holder"
    assert (await here.referral(child.referral_id)).referral.state == "screened"
    assert (await there.stands(redirect)).state == "refused"


async def test_a_carrier_that_died_between_the_sides_is_followed_by_another(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.seen()
    async with front_door.runtime.worker_pool.acquire() as connection:
        found = {each.redirect_id: each for each in await undelivered(connection, [], 100)}
    dying = Carrier(front_door.runtime)
    state = await front_door.runtime.shell.state(
        UUID(front_door.authority("colne-bay")), REDIRECT, redirect_stream(UUID(redirect))
    )
    await dying._bring(found[UUID(redirect)], state.said)
    assert not (await here.stands(redirect)).delivered
    copy = (await there.stands(redirect)).referral_id
    await between.carry_and_tell()
    assert (await here.stands(redirect)).delivered
    assert (await there.stands(redirect)).referral_id == copy
    listed = await there.incoming(page_size=500)
    assert [each.redirect_id for each in listed.redirects].count(redirect) == 1


async def test_deciding_on_the_copy_acknowledges_it(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    copy = (await there.stands(redirect)).referral_id
    await front_door.screen(there.referrals, copy, "harrowdale")
    assert (await there.stands(redirect)).state == "waiting"
    await there.referrals.AcceptReferral(
        pb.AcceptReferralRequest(context=there.command(), referral_id=copy)
    )
    assert (await there.stands(redirect)).state == "acknowledged"
    await between.tell()
    assert (await here.stands(redirect)).state == "taken-over"


async def test_while_it_is_redirected_nobody_decides_here(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    accept = pb.AcceptReferralRequest(context=here.command(), referral_id=child.referral_id)
    assert await refusal(front_door, here.referrals.AcceptReferral(accept)) == "RedirectUnderWay"
    assert await refusal(front_door, here.offer(child)) == "RedirectUnderWay"
    await here.recall(redirect)
    await between.carry_and_tell()
    assert (await here.stands(redirect)).reason == "family-asked"
    await here.referrals.AcceptReferral(accept)


async def test_an_authority_outside_is_told_by_hand(
    front_door: Any, here: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child, "estover")
    assert await refusal(front_door, here.offer(child, to="estover")) == "how_sent"
    redirect = await here.offer(child, to="estover", how_sent="By secure e-mail to their duty.")
    await between.carry_and_tell()
    assert (await here.stands(redirect)).state == "offered"
    record = redirects_pb2.RecordOutsideAcknowledgementRequest(
        context=here.command(), redirect_id=redirect, how="Their duty officer rang."
    )
    await here.redirects.RecordOutsideAcknowledgement(record)
    assert (await here.stands(redirect)).state == "taken-over"
    other = await here.screened()
    await here.consent(other, "estover")
    unanswered = await here.offer(other, to="estover", how_sent="By post.")
    await between.time_is_over("colne-bay", unanswered)
    assert (await here.stands(unanswered)).state == "came-back"
    assert (await here.referral(other.referral_id)).referral.state == "screened"


async def test_the_same_offer_again_is_the_same_redirect(here: Side) -> None:
    child = await here.screened()
    await here.consent(child)
    request = redirects_pb2.OfferRedirectRequest(
        context=here.command(), referral_id=child.referral_id, to="harrowdale", ground="consent"
    )
    first = await here.redirects.OfferRedirect(request)
    second = await here.redirects.OfferRedirect(request)
    assert first.redirect_id == second.redirect_id
    assert second.receipt.duplicate


async def test_pages_of_incoming_redirects_follow_one_another(
    here: Side, there: Side, between: Between
) -> None:
    for _ in range(2):
        child = await here.screened()
        await here.consent(child)
        await here.offer(child)
    await between.carry_and_tell()
    whole = await there.incoming(page_size=500)
    token = ""
    found: list[str] = []
    while True:
        page = await there.incoming(page_size=1, page_token=token)
        found.extend(each.redirect_id for each in page.redirects)
        token = page.next_page_token
        if not token:
            break
    assert found == [each.redirect_id for each in whole.redirects]
