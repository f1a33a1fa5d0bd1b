"""What tests of people do over and over: submit a child, look for who it may be, read its past."""

from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pytest

from throughline.history.v1.history_pb2 import ReadHistoryRequest
from throughline.referrals.v1 import people_pb2 as people

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.

PURPOSE = "direct-care"


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
