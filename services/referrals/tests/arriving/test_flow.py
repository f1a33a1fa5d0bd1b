"""A case passes: its family is known at the new authority, by the ids that it has, and once."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from chassis.acting import Do
from chassis.roles import Role
from referrals.arrivals.arrival import ARRIVAL, Arrived, Untold
from referrals.arrivals.awaited import families_due
from referrals.arrivals.carrying import Carrier
from referrals.duty.timeline import TIMELINE, line_of
from referrals.people.person import PERSON
from referrals.streams import arrival_stream, person_stream, timeline_stream
from referrals.subscriptions import hear_casework
from services.referrals.tests.redirecting.sides import ABSENT, Side, refusal
from throughline.referrals.v1 import people_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def the_family(here: Side, **child: object) -> pb.GetReferralResponse:
    """Bring in a referral, and return it as it is known."""
    received = await here.submit(adoption_order_date="2021-06-05", **child)
    return await here.referral(received.referral_id)


async def passed(door: Any, told: pb.GetReferralResponse, here: Side, there: Side) -> Any:
    """Let the case pass as casework tells it, bring the family, all of it twice as after a crash.

    Answer with what became of the family's arrival.
    """
    transfer = uuid4()
    said = {
        "transfer_id": str(transfer),
        "child": told.referral.child,
        "family_id": told.referral.family_id,
        "contact": told.contact,
        "from_authority": door.authority(here.slug),
        "to_authority": door.authority(there.slug),
    }
    heard = door.heard("CaseTransferred", door.authority(here.slug), 5, **said)
    [asked] = hear_casework(replace(heard, case_id=UUID(told.referral.case_id)))
    assert isinstance(asked, Do)
    for _ in range(2):
        await door.do(asked, str(asked.tenant))
    await door.seen()
    async with door.runtime.worker_pool.acquire() as connection:
        [due] = await families_due(connection, [], 100)
    for _ in range(2):
        await Carrier(door.runtime).carry(due)
    await door.seen()
    async with door.runtime.worker_pool.acquire() as connection:
        assert await families_due(connection, [], 100) == []
    return await state(door, there, ARRIVAL, arrival_stream(transfer))


async def state(door: Any, side: Side, decider: Any, stream: UUID) -> Any:
    return await door.runtime.shell.state(UUID(door.authority(side.slug)), decider, stream)


async def test_the_family_is_known_and_reached_where_its_case_is(front_door: Any) -> None:
    here, there = Side(front_door, "colne-bay"), Side(front_door, "harrowdale")
    told = await the_family(here)
    child = told.referral.child
    assert await refusal(front_door, there.person(child)) == ABSENT
    readings = await front_door.readings_of(child)
    arrived = await passed(front_door, told, here, there)
    assert isinstance(arrived, Arrived)
    assert set(arrived.people) >= {UUID(child), UUID(told.contact)}
    # Opened once, though it was carried twice, and that is on record.
    assert await front_door.readings_of(child) == readings + 1
    for person in (child, told.contact):
        mine, theirs = await here.person(person), await there.person(person)
        assert dict(theirs.opened) == dict(mine.opened)
        assert theirs.duty_holder == mine.duty_holder
    identity = await there.people.GetIdentity(
        people_pb2.GetIdentityRequest(
            context=there.reading(purpose="direct-care"), person_id=told.contact
        )
    )
    assert [each.way for each in identity.channels] == ["email", "phone"]
    sender = front_door.speak(Role.SERVICE, slugs=(there.slug,), sub="notifications")
    letter = await sender.GetContact(
        pb.GetContactRequest(
            context=there.reading(purpose="notification"), person_id=told.contact, way="letter"
        )
    )
    assert letter.blocked == ""
    assert letter.address_lines[0] == front_door.good["family"]["address"]["lines"][0]
    # Both draw the same line of who owes the service.
    stream = timeline_stream(UUID(child))
    lines = [line_of(await state(front_door, side, TIMELINE, stream)) for side in (here, there)]
    assert lines[0] == lines[1]
    assert lines[0].duty


async def test_who_must_not_be_contacted_is_not_and_no_earlier_name_goes(front_door: Any) -> None:
    here, there = Side(front_door, "colne-bay"), Side(front_door, "harrowdale")
    told = await the_family(here)
    for side, kind, names in (
        ("before-adoption", "birth", {"given_name": "Wren", "family_name": "Sallow"}),
        ("after-adoption", "adoptive", {"given_name": "Kestrel", "family_name": "Holloway"}),
    ):
        await here.people.RecordName(
            people_pb2.RecordNameRequest(
                context=here.command(), person_id=told.referral.child, kind=kind, side=side, **names
            )
        )
    await forbid(here, told.contact)
    await passed(front_door, told, here, there)
    stream = person_stream(UUID(told.referral.child))
    robin = await state(front_door, there, PERSON, stream)
    assert len(robin.known.names) == 1
    assert (await there.person(told.referral.child)).opened["given_name"] == "Kestrel"
    contact = await state(front_door, there, PERSON, person_stream(UUID(told.contact)))
    assert [each.reason for each in contact.known.forbidden] == ["safety"]


async def forbid(side: Side, person: str) -> None:
    await side.people.ForbidContact(
        people_pb2.ForbidContactRequest(
            context=side.command(), person_id=person, from_day="2025-12-01", reason="safety"
        )
    )


async def test_who_comes_back_is_as_known_but_for_an_order_made_meanwhile(front_door: Any) -> None:
    here, there = Side(front_door, "colne-bay"), Side(front_door, "harrowdale")
    told = await the_family(here)
    await passed(front_door, told, here, there)
    before = await state(front_door, here, PERSON, person_stream(UUID(told.referral.child)))
    await forbid(there, told.contact)
    back = await passed(front_door, told, there, here)
    assert isinstance(back, Arrived)
    after = await state(front_door, here, PERSON, person_stream(UUID(told.referral.child)))
    assert after == before
    contact = await state(front_door, here, PERSON, person_stream(UUID(told.contact)))
    assert [each.reason for each in contact.known.forbidden] == ["safety"]


async def test_of_whom_nothing_may_be_told_nobody_comes(front_door: Any) -> None:
    here, there = Side(front_door, "colne-bay"), Side(front_door, "harrowdale")
    told = await the_family(here)
    people = front_door.speak(Role.TEAM_MANAGER, slugs=(here.slug,), stub=PeopleServiceStub)
    await people.PartIdentity(
        people_pb2.PartIdentityRequest(
            context=here.command(), person_id=told.referral.child, on="2025-12-01"
        )
    )
    assert isinstance(await passed(front_door, told, here, there), Untold)
    assert await refusal(front_door, there.person(told.contact)) == ABSENT


async def test_a_child_whom_they_have_as_another_person_is_both_until_somebody_decides(
    front_door: Any,
) -> None:
    here, there = Side(front_door, "colne-bay"), Side(front_door, "harrowdale")
    name = f"Name {uuid4()}"
    theirs = (await the_family(there, given_name=name)).referral
    told = await the_family(here, given_name=name)
    await passed(front_door, told, here, there)
    came = await state(front_door, there, PERSON, person_stream(UUID(told.referral.child)))
    assert str(came.case) == told.referral.case_id != theirs.case_id
    # Whoever is referred there again is the one who was known there first.
    again = await there.submit(given_name=name)
    assert again.child == theirs.child
