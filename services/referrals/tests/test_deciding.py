"""A referral over gRPC, from the worklist through screening and decision to casework."""

import asyncio
from typing import Any
from uuid import uuid4

import grpc
import pytest
from pydantic import ValidationError

from chassis.acting import Do
from chassis.followers.clockwork import fire_deadlines
from chassis.roles import Role
from ledger.decider import Refusal
from ledger.rebuild import rebuild
from referrals.subscriptions import hear_casework, hear_notifications
from referrals.worklists.worklist import PROJECTION
from throughline.referrals.v1 import referrals_pb2 as pb

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def test_a_referral_goes_from_screening_to_acceptance(front_door: Any, duty: Any) -> None:
    referral = (await front_door.submit(duty, front_door.fresh())).children[0].referral_id
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.AcceptReferral(
            pb.AcceptReferralRequest(context=front_door.command(), referral_id=referral)
        )
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert front_door.fault(caught.value) == ("", "NotScreened")
    await front_door.screen(duty, referral)
    accepted = await duty.AcceptReferral(
        pb.AcceptReferralRequest(context=front_door.command(), referral_id=referral)
    )
    assert accepted.receipt.version == 12
    shown = await duty.GetReferral(
        pb.GetReferralRequest(context=front_door.reading(), referral_id=referral)
    )
    assert shown.referral.state == "accepted"
    assert shown.safeguarding == "none"
    assert shown.in_their_words == ""
    token = accepted.receipt.position_token
    listed = await every(front_door, duty, state="accepted", token=token)
    assert referral in {each.referral_id for each in listed}


async def test_a_referral_is_declined_with_a_reason(front_door: Any, duty: Any) -> None:
    referral = (await front_door.submit(duty, front_door.fresh())).children[0].referral_id
    await front_door.screen(duty, referral)
    request = pb.DeclineReferralRequest(
        referral_id=referral, reason="signposted", words="The library has a group on Mondays."
    )
    request.context.CopyFrom(front_door.command())
    first = await duty.DeclineReferral(request)
    again = await duty.DeclineReferral(request)
    assert again.receipt.duplicate
    assert again.receipt.version == first.receipt.version
    shown = await duty.GetReferral(
        pb.GetReferralRequest(context=front_door.reading(), referral_id=referral)
    )
    assert (shown.referral.state, shown.decline_reason) == ("declined", "signposted")


async def test_what_a_family_is_told_is_opened_to_be_sent_to_it_and_to_nobody_else(
    front_door: Any, duty: Any
) -> None:
    words = "The library has a group on Mondays."
    child = (await front_door.submit(duty, front_door.fresh())).children[0]
    referral = child.referral_id
    await front_door.screen(duty, referral)
    shown = await duty.GetReferral(
        pb.GetReferralRequest(context=front_door.reading(), referral_id=referral)
    )
    sender = front_door.speak(Role.SERVICE, slugs=front_door.slugs, sub="notifications")

    def asked(person: str, purpose: str = "notification") -> pb.GetWordsToFamilyRequest:
        context = front_door.reading(purpose=purpose)
        return pb.GetWordsToFamilyRequest(context=context, referral_id=referral, person_id=person)

    async def refused(stub: Any, request: Any) -> grpc.StatusCode:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.GetWordsToFamily(request)
        return caught.value.code()

    assert await refused(sender, asked(shown.contact)) is grpc.StatusCode.NOT_FOUND
    await duty.DeclineReferral(
        pb.DeclineReferralRequest(
            context=front_door.command(), referral_id=referral, reason="signposted", words=words
        )
    )
    before = await front_door.readings_of(child.child)
    assert (await sender.GetWordsToFamily(asked(shown.contact))).words == words
    assert await front_door.readings_of(child.child) == before + 1
    for nobody in (str(uuid4()), child.child):
        assert await refused(sender, asked(nobody)) is grpc.StatusCode.NOT_FOUND
    assert await refused(sender, asked(shown.contact, "")) is grpc.StatusCode.INVALID_ARGUMENT
    other = front_door.speak(Role.SERVICE, slugs=front_door.slugs, sub="groups")
    for stub in (duty, other):
        assert await refused(stub, asked(shown.contact)) is grpc.StatusCode.PERMISSION_DENIED


async def every(front_door: Any, stub: Any, state: str = "", token: str = "") -> list[Any]:
    found: list[Any] = []
    page_token = ""
    while True:
        page = await stub.ListReferrals(
            pb.ListReferralsRequest(
                context=front_door.reading(position_token=token),
                state=state,
                page_size=50,
                page_token=page_token,
            )
        )
        found.extend(page.referrals)
        page_token = page.next_page_token
        if not page_token:
            return found


async def test_a_list_is_read_page_by_page_oldest_first(front_door: Any, duty: Any) -> None:
    last = await front_door.submit(duty, front_door.fresh())
    found = await every(front_door, duty, token=last.receipt.position_token)
    assert len({each.referral_id for each in found}) == len(found)
    times = [each.received_at.ToDatetime() for each in found]
    assert times == sorted(times)
    assert last.children[0].referral_id in {each.referral_id for each in found}


ANSWERS = {
    "safeguarding": "none",
    "identity": "new",
    "duplicates": "none",
    "duty_holder": "looked-up",
    "eligibility": "eligible",
    "urgency": "routine",
    "conflict_of_interest": "none",
    "safe_contact": "safe",
}


@pytest.mark.parametrize("missing", ANSWERS)
async def test_every_question_of_the_screening_must_be_answered(
    front_door: Any, duty: Any, missing: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.ScreenReferral(
            pb.ScreenReferralRequest(
                context=front_door.command(),
                referral_id=str(uuid4()),
                **{name: each for name, each in ANSWERS.items() if name != missing},
            )
        )
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert front_door.fault(caught.value)[0] == missing


@pytest.mark.parametrize("kind", ["CaseOpened", "EpisodeOpened"])
async def test_casework_takes_a_referral_up(front_door: Any, duty: Any, kind: str) -> None:
    tenant = front_door.authority("northmoor")
    referral = (await front_door.submit(duty, front_door.fresh())).children[0].referral_id
    follows = hear_casework(
        front_door.heard(kind, tenant, 0, referral_id=referral, more="than we know")
    )
    match follows:
        case [Do() as taken_up]:
            with pytest.raises(Refusal):
                await front_door.do(taken_up, tenant)
        case _:
            raise AssertionError(follows)
    await front_door.screen(duty, referral)
    await duty.AcceptReferral(
        pb.AcceptReferralRequest(context=front_door.command(), referral_id=referral)
    )
    await front_door.do(taken_up, tenant)
    shown = await duty.GetReferral(
        pb.GetReferralRequest(context=front_door.reading(), referral_id=referral)
    )
    assert shown.referral.state == "taken-up"


def test_what_is_of_no_use_is_passed_over_and_what_cannot_be_read_is_an_error(
    front_door: Any,
) -> None:
    tenant = str(uuid4())
    assert hear_casework(front_door.heard("CaseClosed", tenant, 0, reason="planned-end")) == []
    assert hear_notifications(front_door.heard("NotificationPondered", tenant, 0)) == []
    in_app = {"channel": "in-app", "recipient": str(uuid4())}
    assert hear_notifications(front_door.heard("NotificationSent", tenant, 0, **in_app)) == []
    with pytest.raises(ValidationError):
        hear_casework(front_door.heard("CaseOpened", tenant, 0, referral_id="poison"))


async def test_a_screening_that_nobody_did_shows_as_overdue(front_door: Any, duty: Any) -> None:
    referral = (await front_door.submit(duty, front_door.fresh())).children[0].referral_id
    request = pb.GetReferralRequest(context=front_door.reading(), referral_id=referral)
    assert not (await duty.GetReferral(request)).referral.screening_overdue
    clock = asyncio.create_task(fire_deadlines(front_door.runtime))
    try:
        async with asyncio.timeout(60):
            # Whoever is late is told by the database, not by an event of this process.
            while not (await duty.GetReferral(request)).referral.screening_overdue:  # noqa: ASYNC110 # see above
                await asyncio.sleep(0.05)
    finally:
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)


async def test_a_worklist_made_anew_says_the_same(front_door: Any, duty: Any) -> None:
    declined = (await front_door.submit(duty, front_door.fresh())).children[0].referral_id
    await front_door.screen(duty, declined)
    await duty.DeclineReferral(
        pb.DeclineReferralRequest(
            context=front_door.command(), referral_id=declined, reason="no-consent"
        )
    )
    last = await front_door.submit(duty, front_door.fresh())
    before = await every(front_door, duty, token=last.receipt.position_token)
    running = front_door.runtime
    await rebuild(
        front_door.owner, running.worker_pool, running.feed, running.service.registry, PROJECTION
    )
    assert await every(front_door, duty, token=last.receipt.position_token) == before
