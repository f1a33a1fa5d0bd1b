"""Who knows a family is out at once: whatever he asks of it, and wherever, is not there."""

from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
import pytest_asyncio
from google.protobuf.message_factory import GetMessageClass

from chassis.roles import Role
from referrals.walls.naming import NAMING, Thing
from services.referrals.tests.knowing import (
    ALL_ROLES,
    HERE,
    KNOWING,
    THERE,
    Family,
    absent,
    family_known,
    know,
)
from services.referrals.tests.naming_requests import RPCS, naming, request
from services.referrals.tests.redirecting.sides import Between, Side
from throughline.referrals.v1 import people_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub
from throughline.referrals.v1.redirects_pb2_grpc import RedirectsServiceStub
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


@pytest.fixture
def knowing(front_door: Any) -> Any:
    return front_door.speak(*ALL_ROLES, slugs=front_door.slugs, sub=KNOWING)


@pytest_asyncio.fixture(loop_scope="session")
async def family(front_door: Any, knowing: Any) -> Family:
    """Give a family with one of each kind of thing, of which a worker says that he knows it."""
    return await family_known(front_door, knowing)


async def test_nothing_that_names_the_family_is_there_for_who_knows_it(family: Family) -> None:
    [nobodys] = [rpc for rpc in RPCS if rpc.name == "GetReferral"]
    path = naming(nobodys)[0]
    nothing = await absent(family.ask(nobodys, request(nobodys, path, str(uuid4()))))
    assert nothing[0] is grpc.StatusCode.NOT_FOUND
    before = await family.door.runtime.feed.last_position()
    asked = [
        (rpc, path, thing, text)
        for rpc in RPCS
        for path in naming(rpc)
        for thing in NAMING[path[-1].name]
        for text in family.ids[thing]
    ]
    assert {thing for _, _, thing, _ in asked} == set(Thing)
    for rpc, path, thing, text in asked:
        found = await absent(family.ask(rpc, request(rpc, path, text)))
        assert found == nothing, (rpc.full_name, path[-1].full_name, thing)
    assert await family.door.runtime.feed.last_position() == before


async def test_another_worker_finds_all_of_it(family: Family) -> None:
    other = family.door.speak(*ALL_ROLES, slugs=(HERE,), sub=UUID(int=28), stub=lambda each: each)
    one_of_each = {
        "GetReferral": Thing.REFERRAL,
        "GetPerson": Thing.PERSON,
        "GetRedirect": Thing.REDIRECT,
        "GetSafeguardingScreen": Thing.SCREEN,
        "GetDraft": Thing.DRAFT,
        "GetEnquiry": Thing.ENQUIRY,
    }
    for rpc in RPCS:
        if rpc.name in one_of_each:
            for text in family.ids[one_of_each[rpc.name]]:
                await family.ask_as(other, rpc, request(rpc, naming(rpc)[0], text))


async def test_no_list_shows_what_led_to_the_family(family: Family) -> None:
    await family.door.seen()
    shown = [
        ("ListEnquiries", "enquiries", "enquiry_id", Thing.ENQUIRY, {}),
        ("ListDrafts", "drafts", "draft_id", Thing.DRAFT, {"state": "sent"}),
    ]
    for name, rows, known_as, thing, fields in shown:
        [rpc] = [rpc for rpc in RPCS if rpc.name == name]
        asked = GetMessageClass(rpc.input_type)(page_size=500, **fields)
        found = {getattr(each, known_as) for each in getattr(await family.ask(rpc, asked), rows)}
        assert found.isdisjoint(family.ids[thing])
    [rpc] = [rpc for rpc in RPCS if rpc.name == "ListEnquiries"]
    asked = GetMessageClass(rpc.input_type)(page_size=500)
    other = family.door.speak(*ALL_ROLES, slugs=(HERE,), sub=UUID(int=28), stub=lambda each: each)
    listed = await family.ask_as(other, rpc, asked)
    assert set(family.ids[Thing.ENQUIRY]) <= {each.enquiry_id for each in listed.enquiries}


async def test_who_knows_a_family_is_let_near_others(front_door: Any, knowing: Any) -> None:
    [one, other] = [(await front_door.submit(knowing, front_door.fresh())) for _ in range(2)]
    await know(knowing, front_door.command(), one.children[0].referral_id)
    await front_door.screen(knowing, other.children[0].referral_id)
    await absent(front_door.screen(knowing, one.children[0].referral_id))


async def test_a_family_is_known_until_it_is_known_by_none_of_its_referrals(
    front_door: Any, duty: Any, knowing: Any
) -> None:
    document = front_door.fresh()
    [child] = document["family"]["children"]
    document["family"]["children"].append(child | {"given_name": f"Name {uuid4()}"})
    received = await front_door.submit(duty, document)
    one, other = [each.referral_id for each in received.children]
    asked = pb.GetReferralRequest(context=front_door.reading(), referral_id=other)
    await knowing.GetReferral(asked)
    for referral in (one, other):
        await know(duty, front_door.command(), referral)
    await absent(knowing.GetReferral(asked))
    await know(duty, front_door.command(), one, None)
    await absent(knowing.GetReferral(asked))
    # It is somebody else who knows them.
    await know(duty, front_door.command(), other, UUID(int=29))
    await knowing.GetReferral(asked)
    again = front_door.speak(*ALL_ROLES, slugs=front_door.slugs, sub=UUID(int=29))
    await absent(again.GetReferral(asked))


async def test_a_family_is_known_in_one_authority_alone(
    front_door: Any, duty: Any, knowing: Any
) -> None:
    document = front_door.fresh() | front_door.to("saltby")
    there = await front_door.submit(duty, document, "saltby")
    received = await front_door.submit(duty, front_door.fresh())
    await know(knowing, front_door.command(), received.children[0].referral_id)
    asked = pb.GetReferralRequest(
        context=front_door.reading("saltby"), referral_id=there.children[0].referral_id
    )
    await knowing.GetReferral(asked)


async def test_what_came_from_another_authority_is_walled_too(front_door: Any) -> None:
    here, there = Side(front_door, HERE), Side(front_door, THERE)
    between = Between(front_door)
    child = await here.screened()
    await here.consent(child)
    redirect = await here.offer(child)
    await between.carry()
    copy = (await there.stands(redirect)).referral_id
    knows = Side(front_door, THERE)
    knows.referrals, knows.redirects = (
        front_door.speak(*ALL_ROLES, slugs=(THERE,), sub=KNOWING, stub=stub)
        for stub in (ReferralsServiceStub, RedirectsServiceStub)
    )
    listed = await knows.incoming(page_size=500)
    assert redirect in {each.redirect_id for each in listed.redirects}
    await know(knows.referrals, there.command(), copy)
    for call in (knows.stands(redirect), knows.acknowledge(redirect), knows.refuse(redirect)):
        assert (await absent(call))[0] is grpc.StatusCode.NOT_FOUND
    await front_door.seen()
    listed = await knows.incoming(page_size=500)
    assert redirect not in {each.redirect_id for each in listed.redirects}
    listed = await there.incoming(page_size=500)
    assert redirect in {each.redirect_id for each in listed.redirects}


async def test_who_is_read_as_one_of_the_family_is_walled(
    front_door: Any, duty: Any, knowing: Any
) -> None:
    stubs = {"slugs": front_door.slugs, "stub": PeopleServiceStub}
    manager = front_door.speak(Role.TEAM_MANAGER, **stubs)
    people = front_door.speak(*ALL_ROLES, sub=KNOWING, **stubs)
    one, other = [(await front_door.submit(duty, front_door.fresh())).children[0] for _ in range(2)]
    await manager.MergePersons(
        people_pb2.MergePersonsRequest(
            context=front_door.command(), person_id=other.child, into_id=one.child
        )
    )
    await know(knowing, front_door.command(), one.referral_id)
    for person in (one.child, other.child):
        asked = people_pb2.GetIdentityRequest(
            context=front_door.reading(purpose="test"), person_id=person
        )
        await absent(people.GetIdentity(asked))
