"""Consents over gRPC: who may decide, what a submission reports, and what a withdrawal ends."""

from typing import Any
from uuid import UUID

from referrals.redirects.carrying import Carrier
from referrals.redirects.redirects import undelivered
from services.referrals.tests.redirecting.sides import ABSENT, Between, Side, refusal
from throughline.referrals.v1 import consents_pb2

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def test_a_consent_that_is_withdrawn_before_the_copy_went_keeps_it_here(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await here.withdraw(child)
    await between.carry_and_tell()
    back = await here.stands(redirect)
    assert (back.state, back.reason) == ("came-back", "consent-withdrawn")
    assert await refusal(front_door, there.stands(redirect)) == ABSENT
    assert await refusal(front_door, here.offer(child)) == "NoConsent"


async def test_a_carrier_that_is_overtaken_by_a_withdrawal_brings_nothing(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.seen()
    async with front_door.runtime.worker_pool.acquire() as connection:
        found = {each.redirect_id: each for each in await undelivered(connection, [], 100)}
    await here.withdraw(child)
    await between.tell()
    await Carrier(front_door.runtime).carry(found[UUID(redirect)])
    assert await refusal(front_door, there.stands(redirect)) == ABSENT


async def test_a_consent_that_is_withdrawn_later_calls_the_redirect_back(
    here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    await here.withdraw(child)
    await between.tell()
    assert (await here.stands(redirect)).reason == "consent-withdrawn"
    assert (await there.stands(redirect)).state == "given-back"


async def test_a_submission_makes_the_first_consents(here: Side, between: Between) -> None:
    child = await here.submit()
    await between.seen()
    held = await here.consents.ListConsents(
        consents_pb2.ListConsentsRequest(context=here.reading(), child=child.child)
    )
    assert {each.recipient: (each.state, each.capacity) for each in held.consents} == {
        "partnership:anc": ("given", "reported-by-referrer"),
        "agency:school": ("given", "reported-by-referrer"),
        "agency:gp": ("given", "reported-by-referrer"),
    }


async def test_who_may_not_decide_it_gives_no_consent(front_door: Any, here: Side) -> None:
    child = await here.submit()
    referrer = (await here.referral(child.referral_id)).referrer
    request = consents_pb2.GiveConsentRequest(
        context=here.command(),
        child=child.child,
        recipient=consents_pb2.ConsentRecipient(agency="camhs"),
        given_by=consents_pb2.ConsentSpeaker(
            person_id=referrer, capacity="parental-responsibility"
        ),
    )
    give = here.consents.GiveConsent
    assert await refusal(front_door, give(request)) == "MayNotDecide"
    request.given_by.CopyFrom(
        consents_pb2.ConsentSpeaker(person_id=child.child, capacity="competent-child")
    )
    assert await refusal(front_door, give(request)) == "given_by.competent_on"
    request.given_by.competent_on = "2025-12-01"
    await give(request)
    request.until = "2024-01-01"
    request.context.CopyFrom(here.command())
    assert await refusal(front_door, give(request)) == "EndsBeforeItBegins"
    request.given_by.capacity = "reported-by-referrer"
    assert await refusal(front_door, give(request)) == "given_by.capacity"
    request.recipient.CopyFrom(consents_pb2.ConsentRecipient(agency="neighbours"))
    request.given_by.capacity = "competent-child"
    assert await refusal(front_door, give(request)) == "recipient.agency"


async def test_the_words_of_a_consent_are_opened_on_request(
    front_door: Any, here: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    await between.seen()
    request = consents_pb2.ListConsentsRequest(
        context=here.reading(purpose="direct-care"), child=child.child
    )
    readings = await front_door.readings_of(child.child)
    sealed = await here.consents.ListConsents(request)
    assert {each.how for each in sealed.consents} == {""}
    assert await front_door.readings_of(child.child) == readings
    request.unseal = True
    opened = await here.consents.ListConsents(request)
    words = {each.recipient: each.how for each in opened.consents}
    assert words["authority:harrowdale"] == "On the telephone."
    assert await front_door.readings_of(child.child) > readings
