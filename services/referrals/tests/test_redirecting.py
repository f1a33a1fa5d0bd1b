"""Redirects over gRPC: taken over or back, by consent or duty, and the wall between the two."""

import json
from typing import Any
from uuid import UUID

import grpc
import pytest
import pytest_asyncio

from chassis.roles import Role
from ledger.feed import Cursor
from referrals.people.person import PERSON
from referrals.people.sides import Side as OneSide
from referrals.redirects.carrying import Carrier
from referrals.redirects.redirect import REDIRECT
from referrals.redirects.redirects import undelivered
from referrals.streams import person_stream, redirect_stream
from services.referrals.tests.redirecting import Between, Side
from throughline.referrals.v1 import consents_pb2, people_pb2, redirects_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub
from throughline.referrals.v1.redirects_pb2_grpc import RedirectsServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


@pytest.fixture
def here(front_door: Any) -> Side:
    """Speak as the authority where the family lives, which began the redirect."""
    return Side(front_door, "colne-bay")


@pytest.fixture
def there(front_door: Any) -> Side:
    """Speak as the authority that placed the child."""
    return Side(front_door, "harrowdale")


@pytest_asyncio.fixture(loop_scope="session")
async def between(front_door: Any) -> Between:
    """Play the other roles, from now on."""
    last = await front_door.runtime.feed.last_position()
    page = await front_door.runtime.feed.page(Cursor(last - 1), 1)
    return Between(front_door, page.end(Cursor(last)))


ABSENT = "absent"


async def refusal(front_door: Any, call: Any) -> str:
    """Return the field, or the reason, for which a call was refused; or that it found nothing."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    if caught.value.code() is grpc.StatusCode.NOT_FOUND:
        return ABSENT
    field, code = front_door.fault(caught.value)
    return str(field or code)


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


async def test_the_copys_people_are_the_other_authoritys_own(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    readings = await front_door.readings_of(child.child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    # The carrier opened it once though it came twice: that reading is on record.
    assert await front_door.readings_of(child.child) == readings + 1
    copy = await there.referral((await there.stands(redirect)).referral_id)
    for mine, theirs, side in [
        (child.child, copy.referral.child, there),
        ((await here.referral(child.referral_id)).contact, copy.contact, there),
        ((await here.referral(child.referral_id)).referrer, copy.referrer, there),
    ]:
        request = pb.GetPersonRequest(person_id=mine, unseal=True)
        request.context.CopyFrom(here.reading(purpose="direct-care"))
        known = await here.referrals.GetPerson(request)
        request.person_id = theirs
        request.context.CopyFrom(side.reading(purpose="direct-care"))
        copied = await side.referrals.GetPerson(request)
        assert mine != theirs
        assert dict(copied.opened) == dict(known.opened)


async def test_what_was_learned_since_goes_along_and_an_earlier_identity_never_does(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    born = {"given_name": "Wren", "family_name": "Sallow"}
    now = {"given_name": "Robin", "family_name": "Ashdown"}
    for side, names in (("before-adoption", born), ("after-adoption", now)):
        await here.people.RecordName(
            people_pb2.RecordNameRequest(
                context=here.command(),
                person_id=child.child,
                kind="birth" if side == "before-adoption" else "adoptive",
                side=side,
                **names,
            )
        )
    redirect = await here.offer(child)
    await between.carry_and_tell()
    copy = await there.referral((await there.stands(redirect)).referral_id)
    shown = await there.person(copy.referral.child)
    assert {name: shown.opened[name] for name in now} == now
    record = await front_door.runtime.shell.state(
        UUID(front_door.authority("harrowdale")), PERSON, person_stream(UUID(copy.referral.child))
    )
    assert {each.side for each in record.known.names} == {OneSide.AFTER}
    assert len(record.known.names) == 1


async def test_whom_not_to_contact_is_not_contacted_there_either(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    contact = (await here.referral(child.referral_id)).contact
    await here.people.ForbidContact(
        people_pb2.ForbidContactRequest(
            context=here.command(), person_id=contact, from_day="2025-12-01", reason="safety"
        )
    )
    redirect = await here.offer(child)
    await between.carry_and_tell()
    copy = await there.referral((await there.stands(redirect)).referral_id)
    record = await front_door.runtime.shell.state(
        UUID(front_door.authority("harrowdale")), PERSON, person_stream(UUID(copy.contact))
    )
    assert [each.reason for each in record.known.forbidden] == ["safety"]
    shown = await there.person(copy.contact)
    assert "email" not in shown.opened
    assert "phone" not in shown.opened


async def test_safety_comes_first(front_door: Any, here: Side) -> None:
    child = await here.submit()
    await here.consent(child)
    assert await refusal(front_door, here.offer(child)) == "NotScreened"


async def test_without_consent_a_ground_and_its_words_are_needed(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    assert await refusal(front_door, here.offer(child)) == "NoConsent"
    assert await refusal(front_door, here.offer(child, ground="safeguarding-duty")) == "words"
    assert await refusal(front_door, here.offer(child, to="nowhere")) == "to"
    assert await refusal(front_door, here.offer(child, to="colne-bay")) == "OwnAuthority"
    redirect = await here.offer(
        child, ground="safeguarding-duty", words="The child is not safe while we ask."
    )
    await between.carry_and_tell()
    shown = await here.stands(redirect, unseal=True)
    assert shown.words == "The child is not safe while we ask."
    arrived = await there.stands(redirect, unseal=True)
    assert (arrived.consent, arrived.words) == ("", "")
    copy = await there.referral(arrived.referral_id, unseal=True)
    # The family's own words stay; what was said of the child's safety goes.
    assert copy.in_their_words == ""
    assert copy.safeguarding_words == "The school saw a bruise."
    assert not copy.consent_to_refer


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


async def test_what_cannot_be_sent_comes_back_at_once_and_nothing_is_opened(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    # The only name that is known turns out to be of before the adoption: it may not go.
    people = front_door.speak(Role.TEAM_MANAGER, slugs=("colne-bay",), stub=PeopleServiceStub)
    await people.PartIdentity(
        people_pb2.PartIdentityRequest(
            context=here.command(), person_id=child.child, on="2025-12-01"
        )
    )
    readings = await front_door.readings_of(child.child)
    await between.carry_and_tell()
    back = await here.stands(redirect)
    assert (back.state, back.reason) == ("came-back", "could-not-be-sent")
    assert await front_door.readings_of(child.child) == readings
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


async def test_a_child_whom_the_other_authority_knows_is_that_child_there(
    front_door: Any, here: Side, there: Side, between: Between
) -> None:
    name = f"Name {here.command().command_id}"
    known = await there.submit(given_name=name)
    child = await here.submit(given_name=name)
    await front_door.screen(here.referrals, child.referral_id, "colne-bay")
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry_and_tell()
    copy = await there.referral((await there.stands(redirect)).referral_id)
    assert copy.referral.child == known.child
    assert copy.referral.case_id == known.case_id
    assert copy.referral.known_before


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
