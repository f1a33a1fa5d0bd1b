"""What a redirect takes along: what is known by now; never an earlier identity, nor too much."""

from typing import Any
from uuid import UUID

from chassis.roles import Role
from referrals.people.person import PERSON
from referrals.people.sides import Side as OneSide
from referrals.streams import person_stream
from services.referrals.tests.redirecting.sides import ABSENT, Between, Side, refusal
from throughline.referrals.v1 import people_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


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
