"""Neither side of a redirect sees more of the other, and what did not stand is opened by nobody."""

import json
from typing import Any

import grpc
import pytest

from chassis.roles import Role
from services.referrals.tests.redirecting.sides import ABSENT, Between, Side, refusal
from throughline.referrals.v1 import people_pb2, redirects_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.redirects_pb2_grpc import RedirectsServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def test_what_a_redirect_brought_that_did_not_stand_is_opened_by_nobody(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    copy = await there.referral((await there.stands(redirect)).referral_id, unseal=True)
    assert copy.in_their_words != ""
    await here.withdraw(child)
    await between.tell()
    referral = copy.referral.referral_id
    assert await refusal(front_door, there.referral(referral, unseal=True)) == "NoLongerHere"
    assert (await there.referral(referral)).in_their_words == ""
    for person in (copy.referral.child, copy.contact, copy.referrer):
        assert await refusal(front_door, there.person(person)) == "NoLongerHere"
        identity = people_pb2.GetIdentityRequest(
            context=there.reading(purpose="direct-care"), person_id=person
        )
        assert await refusal(front_door, there.people.GetIdentity(identity)) == "NoLongerHere"
    sender = front_door.speak(Role.SERVICE, slugs=front_door.slugs, sub="notifications")
    contact = await sender.GetContact(
        pb.GetContactRequest(context=there.reading(purpose="notification"), person_id=copy.contact)
    )
    assert (contact.name, contact.email, contact.blocked) == ("", "", "none-known")
    # With the sender everything is as it was.
    assert (await here.referral(child.referral_id, unseal=True)).in_their_words != ""


async def test_the_other_authority_sees_nothing_before_and_the_copy_alone_after(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)

    async def seen_there() -> str:
        listed = await there.referrals.ListReferrals(
            pb.ListReferralsRequest(context=there.reading(), page_size=500)
        )
        return json.dumps([str(listed), str(await there.incoming(page_size=500))])

    before = await seen_there()
    assert child.referral_id not in before
    assert child.case_id not in before
    redirect = await here.offer(child)
    assert redirect not in await seen_there()
    await between.carry_and_tell()
    after = await seen_there()
    assert redirect in after
    assert child.child not in after
    waiting = await there.incoming(state="waiting", page_size=500)
    assert redirect in {each.redirect_id for each in waiting.redirects}
    for person in (child.child, child.referral_id):
        request = pb.GetPersonRequest(context=there.reading(), person_id=person)
        assert await refusal(front_door, there.referrals.GetPerson(request)) == ABSENT
    wanted = pb.GetReferralRequest(context=there.reading(), referral_id=child.referral_id)
    assert await refusal(front_door, there.referrals.GetReferral(wanted)) == ABSENT
    copy = (await there.stands(redirect)).referral_id
    assert await refusal(front_door, here.referral(copy)) == ABSENT
    # Nor does either side act as the other one.
    assert await refusal(front_door, here.acknowledge(redirect)) == ABSENT
    assert await refusal(front_door, there.recall(redirect)) == ABSENT


async def test_a_third_authority_finds_nothing(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    stub = front_door.speak(Role.DUTY_WORKER, slugs=("saltby",), stub=RedirectsServiceStub)
    for slug in ("saltby", "colne-bay", "harrowdale"):
        command, reading = front_door.command(slug), front_door.reading(slug)
        calls = [
            stub.AcknowledgeRedirect(
                redirects_pb2.AcknowledgeRedirectRequest(context=command, redirect_id=redirect)
            ),
            stub.RefuseRedirect(
                redirects_pb2.RefuseRedirectRequest(
                    context=command, redirect_id=redirect, reason="not-eligible"
                )
            ),
            stub.RecallRedirect(
                redirects_pb2.RecallRedirectRequest(
                    context=command, redirect_id=redirect, reason="family-asked"
                )
            ),
            stub.RecordOutsideAcknowledgement(
                redirects_pb2.RecordOutsideAcknowledgementRequest(
                    context=command, redirect_id=redirect, how="By telephone."
                )
            ),
            stub.GetRedirect(
                redirects_pb2.GetRedirectRequest(context=reading, redirect_id=redirect)
            ),
        ]
        for call in calls:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call
            assert caught.value.code() is grpc.StatusCode.NOT_FOUND
