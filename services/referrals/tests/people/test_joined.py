"""Who is whom, through gRPC: a merge that ends, two identities that are linked, a link undone."""

from typing import Any
from uuid import UUID, uuid4

import grpc

from chassis.roles import Role
from services.referrals.tests.people.office import (
    PURPOSE,
    history,
    letters,
    possible,
    proposal_of,
    refused,
    submitted,
    told,
    types_of,
)
from throughline.history.v1.history_pb2_grpc import HistoryServiceStub
from throughline.referrals.v1 import people_pb2 as people
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def test_a_merge_redirects_readings_and_its_end_gives_them_back(
    indexed: Any, duty: Any, manager: Any, worker: Any
) -> None:
    said = told(letters(), letters(), "2010-01-02", "ZZ3 3ZZ")
    one = await submitted(indexed, duty, said, "web-form")
    other = await submitted(indexed, duty, said | {"family_name": letters()}, "phone")

    async def read(person: str) -> tuple[Any, Any]:
        shown = await duty.GetPerson(
            pb.GetPersonRequest(
                context=indexed.reading(purpose=PURPOSE), person_id=person, unseal=True
            )
        )
        known = await worker.GetIdentity(
            people.GetIdentityRequest(context=indexed.reading(purpose=PURPOSE), person_id=person)
        )
        return shown, known

    assert await possible(indexed, worker, one) == [other]
    before = [await read(each) for each in (one, other)]
    merge = people.MergePersonsRequest(context=indexed.command(), person_id=one, into_id=other)
    assert (await refused(worker.MergePersons(merge)))[0] is grpc.StatusCode.PERMISSION_DENIED
    await manager.MergePersons(merge)
    assert (await manager.MergePersons(merge)).receipt.duplicate
    shown, known = await read(one)
    assert shown.person_id == known.person_id == other
    assert list(known.merged) == [one]
    assert len(known.names) == 2
    back = people.MergePersonsRequest(context=indexed.command(), person_id=other, into_id=one)
    assert (await refused(manager.MergePersons(back)))[0] is grpc.StatusCode.FAILED_PRECONDITION
    apart = people.RejectMatchRequest(
        context=indexed.command(), person_id=one, other_id=other, difference="twins"
    )
    assert (await refused(worker.RejectMatch(apart)))[0] is grpc.StatusCode.FAILED_PRECONDITION
    end = people.UnmergePersonsRequest(context=indexed.command(), person_id=one, into_id=other)
    await manager.UnmergePersons(end)
    assert [await read(each) for each in (one, other)] == before
    # Told apart by that: not merged again unless somebody finds them one.
    again = people.MergePersonsRequest(context=indexed.command(), person_id=one, into_id=other)
    assert (await refused(manager.MergePersons(again)))[0] is grpc.StatusCode.FAILED_PRECONDITION
    assert await types_of(indexed, "PersonMerged", "PersonUnmerged", about=one) == 2


async def test_two_identities_that_are_linked_tell_nothing_of_one_another(
    indexed: Any, duty: Any, manager: Any, worker: Any
) -> None:
    said = told(letters(), letters(), "2013-04-05", "ZZ5 5ZZ")
    before = await submitted(indexed, duty, said, "web-form")
    after = await submitted(indexed, duty, said | {"family_name": letters()}, "phone")
    assert await possible(indexed, worker, after) == [before]
    assert await proposal_of(indexed, worker, before, after) is not None
    link = people.LinkPersonsRequest(
        context=indexed.command(), person_id=before, other_id=after, relation="identity-before"
    )
    await manager.LinkPersons(link)
    link.context.command_id = str(uuid4())
    await manager.LinkPersons(link)
    assert await types_of(indexed, "IdentitiesLinked", about="link") >= 1
    assert await types_of(indexed, "IdentitiesLinked", about=before) == 0
    assert await types_of(indexed, "IdentitiesLinked", about=after) == 0
    assert await possible(indexed, worker, after) == []
    assert await proposal_of(indexed, worker, before, after) is None
    # The refusal is that of any two who cannot be merged.
    merge = people.MergePersonsRequest(context=indexed.command(), person_id=before, into_id=after)
    code, words = await refused(manager.MergePersons(merge))
    assert code is grpc.StatusCode.FAILED_PRECONDITION
    assert "link" not in words.lower()
    known = await worker.GetIdentity(
        people.GetIdentityRequest(context=indexed.reading(purpose=PURPOSE), person_id=before)
    )
    assert not known.names
    past = indexed.speak(Role.AUDITOR, slugs=indexed.slugs, stub=HistoryServiceStub)
    assert said["family_name"] not in await history(indexed, past, before)
    assert said["given_name"] in await history(indexed, past, after)
    officer = indexed.speak(
        Role.LETTERBOX_OFFICER, slugs=indexed.slugs, sub=UUID(int=9), stub=PeopleServiceStub
    )
    for person, names in ((before, [said["given_name"]]), (after, [])):
        shown = await officer.GetIdentity(
            people.GetIdentityRequest(
                context=indexed.reading(purpose="birth-family"), person_id=person
            )
        )
        assert [each.given_name for each in shown.names] == names


async def test_a_link_of_two_who_are_not_one_child_is_undone_and_its_history_shows_it(
    indexed: Any, duty: Any, manager: Any, worker: Any
) -> None:
    said = told(letters(), letters(), "2012-11-09", "ZZ7 7ZZ")
    before = await submitted(indexed, duty, said, "web-form")
    after = await submitted(indexed, duty, said | {"family_name": letters()}, "phone")

    async def shown() -> Any:
        return await worker.GetIdentity(
            people.GetIdentityRequest(context=indexed.reading(purpose=PURPOSE), person_id=before)
        )

    as_it_was = await shown()
    await manager.LinkPersons(
        people.LinkPersonsRequest(
            context=indexed.command(), person_id=before, other_id=after, relation="identity-before"
        )
    )
    assert not (await shown()).names
    turned = people.UnlinkPersonsRequest(
        context=indexed.command(), person_id=after, other_id=before
    )
    assert (await refused(manager.UnlinkPersons(turned)))[0] is grpc.StatusCode.FAILED_PRECONDITION
    for _ in range(2):
        await manager.UnlinkPersons(
            people.UnlinkPersonsRequest(context=indexed.command(), person_id=before, other_id=after)
        )
    assert await shown() == as_it_was
    assert await possible(indexed, worker, after) == [before]
    assert await proposal_of(indexed, worker, before, after) is not None
    past = indexed.speak(Role.AUDITOR, slugs=indexed.slugs, stub=HistoryServiceStub)
    told_of = await history(indexed, past, before)
    assert "BecameEarlierIdentity" in told_of
    assert "BecameOwnIdentity" in told_of
    assert said["given_name"] in told_of
