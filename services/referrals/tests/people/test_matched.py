"""Who may be one child, through gRPC: a duplicate by another route, the index made anew."""

from typing import Any

import asyncpg
import grpc

from referrals.people.indexing import HEEDED
from services.referrals.tests.people.office import (
    PURPOSE,
    letters,
    possible,
    proposal_of,
    refused,
    submitted,
    told,
)
from throughline.referrals.v1 import people_pb2 as people

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


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
