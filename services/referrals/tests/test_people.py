"""Who is whom, through gRPC: a duplicate by another route, a merge that ends, a wall."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import grpc
import pytest
import pytest_asyncio

from chassis.roles import Role
from referrals.people.indexing import HEEDED, keep_index
from throughline.history.v1.history_pb2 import ReadHistoryRequest
from throughline.history.v1.history_pb2_grpc import HistoryServiceStub
from throughline.referrals.v1 import people_pb2 as people
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.

PURPOSE = "direct-care"
NHS, OLD_NHS = "9434765919", "9990000018"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def indexed(front_door: Any) -> AsyncIterator[Any]:
    """Run the front door's index of tags beside its other roles."""
    following = asyncio.create_task(keep_index(front_door.runtime))
    yield front_door
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


@pytest.fixture
def manager(indexed: Any) -> Any:
    return indexed.speak(
        Role.TEAM_MANAGER, slugs=indexed.slugs, sub=UUID(int=8), stub=PeopleServiceStub
    )


@pytest.fixture
def worker(indexed: Any) -> Any:
    return indexed.speak(Role.DUTY_WORKER, slugs=indexed.slugs, stub=PeopleServiceStub)


def told(given_name: str, family_name: str, born: str, postcode: str) -> dict[str, str]:
    return {
        "given_name": given_name,
        "family_name": family_name,
        "date_of_birth": born,
        "postcode": postcode,
    }


def letters() -> str:
    """Return a name that nobody else has."""
    return "".join(chr(ord("a") + int(each, 16)) for each in uuid4().hex[:10]).capitalize()


async def submitted(front_door: Any, duty: Any, said: dict[str, str], route: str) -> str:
    """Submit one child by a route; answer its person id."""
    document = front_door.fresh(
        **{name: said[name] for name in ("given_name", "family_name", "date_of_birth")}
    )
    document["route"] = route
    document["family"]["address"]["postcode"] = said["postcode"]
    return str((await front_door.submit(duty, document)).children[0].child)


async def possible(front_door: Any, stub: Any, person: str) -> list[str]:
    found = await stub.FindMatches(
        people.FindMatchesRequest(context=front_door.reading(), person_id=person)
    )
    return [each.person_id for each in found.matches]


async def proposal_of(front_door: Any, stub: Any, *pair: str) -> Any | None:
    """Return the open proposal about a pair, going through all pages."""
    token = ""
    while True:
        page = await stub.ListMatchProposals(
            people.ListMatchProposalsRequest(
                context=front_door.reading(), page_size=2, page_token=token
            )
        )
        for each in page.proposals:
            if {each.person_id, each.other_id} == set(pair):
                return each
        token = page.next_page_token
        if not token:
            return None


async def history(front_door: Any, stub: Any, person: str) -> str:
    """Return all that the history tells of a person, opened."""
    parts = stub.ReadHistory(
        ReadHistoryRequest(context=front_door.reading(purpose="audit"), subject=person, unseal=True)
    )
    return "".join([str(each) async for each in parts])


async def refused(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), str(caught.value.details())


async def test_a_duplicate_by_another_route_under_another_surname_is_proposed(
    indexed: Any, duty: Any, worker: Any
) -> None:
    given = letters()
    first = told(given, letters(), "2014-07-21", "ZZ1 4SS")
    one = await submitted(indexed, duty, first, "web-form")
    again = first | {"family_name": letters()}
    other = await submitted(indexed, duty, again, "phone")
    assert one != other
    assert await possible(indexed, worker, one) == [other]
    proposal = await proposal_of(indexed, worker, one, other)
    assert proposal is not None
    assert {"given-name-same", "birth-date-same", "postcode-same"} <= set(proposal.reasons)
    assert given not in str(proposal)
    # Nothing sealed was opened for whoever asked; the index's own reading is on record.
    assert await indexed.readings_of(one) == 1
    rejected = people.RejectMatchRequest(
        context=indexed.command(), person_id=one, other_id=other, difference="namesakes"
    )
    await worker.RejectMatch(rejected)
    await submitted(indexed, duty, first, "web-form")
    assert await possible(indexed, worker, one) == [other]
    assert await proposal_of(indexed, worker, one, other) is None


async def test_somebody_typed_in_is_found_by_what_was_heard(
    indexed: Any, duty: Any, worker: Any
) -> None:
    said = told("Catherine", letters(), "2012-03-05", "ZZ2 2ZZ")
    person = await submitted(indexed, duty, said, "web-form")
    typed = people.TypedIn(
        given_name="Katherine", family_name=said["family_name"], date_of_birth="2012-05-03"
    )
    found = await worker.FindMatches(
        people.FindMatchesRequest(context=indexed.reading(), typed_in=typed)
    )
    assert [each.person_id for each in found.matches] == [person]
    assert "birth-date-day-and-month-swapped" in found.matches[0].reasons
    nothing = people.FindMatchesRequest(context=indexed.reading(), typed_in=people.TypedIn())
    assert (await refused(worker.FindMatches(nothing)))[0] is grpc.StatusCode.INVALID_ARGUMENT


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


async def types_of(front_door: Any, *types: str, about: str) -> int:
    """Count the stored events of some types about a person."""
    connection = await asyncpg.connect(front_door.superuser)
    try:
        return int(
            await connection.fetchval(
                """
                select count(*) from es.events
                 where type = any ($1) and position(convert_to($2, 'UTF8') in payload) > 0
                """,
                types,
                about,
            )
        )
    finally:
        await connection.close()


async def test_the_old_identity_is_shown_to_nobody_who_knows_the_new_one(
    indexed: Any, duty: Any, manager: Any, worker: Any
) -> None:
    old = told(letters(), letters(), "2016-08-09", "ZZ4 4ZZ")
    person = await submitted(indexed, duty, old, "web-form")
    await worker.RecordIdentifier(
        people.RecordIdentifierRequest(
            context=indexed.command(),
            person_id=person,
            kind="nhs-number",
            side="before-adoption",
            value=OLD_NHS,
        )
    )
    await manager.PartIdentity(
        people.PartIdentityRequest(context=indexed.command(), person_id=person, on="2025-05-01")
    )
    new_name = letters()
    await worker.RecordName(
        people.RecordNameRequest(
            context=indexed.command(),
            person_id=person,
            kind="adoptive",
            side="after-adoption",
            given_name=new_name,
            family_name="Hartley",
        )
    )
    await worker.RecordIdentifier(
        people.RecordIdentifierRequest(
            context=indexed.command(),
            person_id=person,
            kind="nhs-number",
            side="after-adoption",
            value=NHS,
        )
    )
    reading = indexed.reading(purpose=PURPOSE)
    known = await worker.GetIdentity(people.GetIdentityRequest(context=reading, person_id=person))
    assert [each.given_name for each in known.names] == [new_name]
    assert [each.value for each in known.identifiers] == [NHS]
    shown = await duty.GetPerson(
        pb.GetPersonRequest(context=reading, person_id=person, unseal=True)
    )
    assert shown.opened["given_name"] == new_name
    for answer in (str(known), str(shown)):
        assert old["given_name"] not in answer
        assert old["family_name"] not in answer
        assert old["postcode"] not in answer
        assert OLD_NHS not in answer
    past = indexed.speak(Role.AUDITOR, slugs=indexed.slugs, stub=HistoryServiceStub)
    told_of = await history(indexed, past, person)
    assert new_name in told_of
    for each in (old["given_name"], old["family_name"], old["postcode"], OLD_NHS):
        assert each not in told_of
    officer = indexed.speak(
        Role.LETTERBOX_OFFICER, slugs=indexed.slugs, sub=UUID(int=9), stub=PeopleServiceStub
    )
    birth_side = await officer.GetIdentity(
        people.GetIdentityRequest(context=indexed.reading(purpose="birth-family"), person_id=person)
    )
    assert not birth_side.names
    assert not birth_side.identifiers
    # Nor is the child found by what it was.
    for typed in (
        people.TypedIn(**old),
        people.TypedIn(nhs_number=OLD_NHS),
    ):
        found = await worker.FindMatches(
            people.FindMatchesRequest(context=indexed.reading(), typed_in=typed)
        )
        assert person not in [each.person_id for each in found.matches]
    found = await worker.FindMatches(
        people.FindMatchesRequest(
            context=indexed.reading(), typed_in=people.TypedIn(nhs_number=NHS)
        )
    )
    assert [each.person_id for each in found.matches] == [person]


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


async def test_siblings_are_related_both_ways(indexed: Any, duty: Any, manager: Any) -> None:
    one, other = [
        await submitted(indexed, duty, told(letters(), letters(), born, "ZZ6 6ZZ"), "phone")
        for born in ("2011-01-01", "2013-01-01")
    ]
    request = people.LinkPersonsRequest(
        context=indexed.command(), person_id=one, other_id=other, relation="sibling"
    )
    await manager.LinkPersons(request)
    for person, sibling in ((one, other), (other, one)):
        known = await manager.GetIdentity(
            people.GetIdentityRequest(context=indexed.reading(purpose=PURPOSE), person_id=person)
        )
        assert [(each.person_id, each.relation) for each in known.related] == [(sibling, "sibling")]


async def test_a_superseded_address_and_an_order_block_a_contact(
    indexed: Any, duty: Any, worker: Any
) -> None:
    answer = await indexed.submit(duty, indexed.fresh())
    shown = await duty.GetReferral(
        pb.GetReferralRequest(context=indexed.reading(), referral_id=answer.children[0].referral_id)
    )
    sender = indexed.speak(Role.SERVICE, slugs=indexed.slugs, sub="notifications")

    async def contact() -> Any:
        return await sender.GetContact(
            pb.GetContactRequest(
                context=indexed.reading(purpose="notification"), person_id=shown.contact
            )
        )

    assert (await contact()).blocked == ""
    channel = await worker.RecordChannel(
        people.RecordChannelRequest(
            context=indexed.command(),
            person_id=shown.contact,
            way="email",
            from_day="2025-12-01",
            value="new@example.org",
        )
    )
    assert (await contact()).email == "new@example.org"
    order = await worker.ForbidContact(
        people.ForbidContactRequest(
            context=indexed.command(),
            person_id=shown.contact,
            from_day="2025-12-31",
            reason="asked",
        )
    )
    forbidden = await contact()
    assert (forbidden.blocked, forbidden.email, forbidden.name) == ("do-not-contact", "", "")
    await worker.AllowContact(
        people.AllowContactRequest(
            context=indexed.command(),
            person_id=shown.contact,
            order_id=order.order_id,
            on="2026-01-01",
        )
    )
    assert (await contact()).email == "new@example.org"
    await worker.EndChannel(
        people.EndChannelRequest(
            context=indexed.command(),
            person_id=shown.contact,
            channel_id=channel.channel_id,
            on="2026-01-01",
            reason="unsafe",
        )
    )
    ended = await contact()
    assert (ended.blocked, ended.email) == ("channel-ended", "")


async def test_a_worker_who_knows_the_family_is_shown_nothing_of_it(
    indexed: Any, duty: Any, worker: Any
) -> None:
    said = told(letters(), letters(), "2009-09-09", "ZZ7 7ZZ")
    document = indexed.fresh(
        **{name: said[name] for name in ("given_name", "family_name", "date_of_birth")}
    )
    received = (await indexed.submit(duty, document)).children[0]
    other = await submitted(indexed, duty, said | {"family_name": letters()}, "phone")
    neighbour = UUID(int=17)
    knowing = indexed.speak(
        Role.DUTY_WORKER, slugs=indexed.slugs, sub=neighbour, stub=PeopleServiceStub
    )
    reading = indexed.reading(purpose=PURPOSE)
    typed = people.FindMatchesRequest(context=reading, typed_in=people.TypedIn(**said))
    found = await knowing.FindMatches(typed)
    assert received.child in [each.person_id for each in found.matches]
    await duty.RecordScreening(
        pb.RecordScreeningRequest(
            context=indexed.command(),
            referral_id=received.referral_id,
            checks=[
                pb.CheckAnswer(
                    check="conflict-of-interest",
                    answer="worker-knows-family",
                    refers_to=str(neighbour),
                )
            ],
        )
    )
    found = await knowing.FindMatches(typed)
    assert received.child not in [each.person_id for each in found.matches]
    assert await proposal_of(indexed, knowing, received.child, other) is None
    for call in (
        knowing.GetIdentity(people.GetIdentityRequest(context=reading, person_id=received.child)),
        knowing.FindMatches(people.FindMatchesRequest(context=reading, person_id=received.child)),
    ):
        assert (await refused(call))[0] is grpc.StatusCode.NOT_FOUND
    assert received.child in [each.person_id for each in (await worker.FindMatches(typed)).matches]


async def test_an_index_made_anew_is_the_same_and_proposes_nothing_twice(
    indexed: Any, duty: Any, worker: Any
) -> None:
    said = told(letters(), letters(), "2008-08-08", "ZZ8 8ZZ")
    one = await submitted(indexed, duty, said, "web-form")
    other = await submitted(indexed, duty, said | {"family_name": letters()}, "phone")
    assert await possible(indexed, worker, one) == [other]
    connection = await asyncpg.connect(indexed.superuser)
    tags = "select * from read.person_tags order by tenant, tag, person, kind"
    proposed = "select count(*) from es.events where type = 'MatchProposed'"
    try:
        before = await connection.fetch(tags), await connection.fetchval(proposed)
        await connection.execute("delete from read.person_tags")
        await connection.execute(
            "update es.checkpoints set position = 0, event_id = null, seen_to = 0 where name = $1",
            HEEDED.name,
        )
        assert await possible(indexed, worker, one) == [other]
        after = await connection.fetch(tags), await connection.fetchval(proposed)
    finally:
        await connection.close()
    assert after == before
    assert await indexed.readings_of(one) == 2


async def test_another_authoritys_people_are_absent(indexed: Any, duty: Any, worker: Any) -> None:
    said = told(letters(), letters(), "2014-07-21", "ZZ1 4SS")
    person = await submitted(indexed, duty, said, "web-form")
    elsewhere = indexed.reading("westmarch", purpose=PURPOSE)
    typed = people.FindMatchesRequest(context=elsewhere, typed_in=people.TypedIn(**said))
    assert not (await worker.FindMatches(typed)).matches
    for call in (
        worker.GetIdentity(people.GetIdentityRequest(context=elsewhere, person_id=person)),
        worker.FindMatches(people.FindMatchesRequest(context=elsewhere, person_id=person)),
        worker.ConfirmMatch(
            people.ConfirmMatchRequest(
                context=indexed.command("westmarch"), person_id=person, other_id=str(uuid4())
            )
        ),
    ):
        assert (await refused(call))[0] is grpc.StatusCode.NOT_FOUND
