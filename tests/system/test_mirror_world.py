"""Two authorities with the same families: nobody of one learns of the other's, or changes them.

Every RPC is called by people of one partnership, in the other's authority and then in their own
with the other's ids. An RPC without a case fails the test.
"""

import asyncio
import re
from typing import Any
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio

from chassis.roles import Role
from tests.system.installation import Installation
from tests.system.mirrors.case import NOT_FOUND, OK, REFUSED, Case, ask, told_by
from tests.system.mirrors.contract import methods
from tests.system.mirrors.every import CASES
from tests.system.mirrors.playing import all_the_rest, said, twins
from tests.system.office import Office, commanded, reading
from tests.system.worlds import World, worlds
from throughline.casework.v1 import casework_pb2, casework_pb2_grpc
from throughline_cli.reaching import SERVICES

MANAGER = Role.TEAM_MANAGER
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def streams_of(platform: Installation, world: World) -> dict[str, str]:
    """Return a stream of each service's store that an authority keeps."""
    found = {}
    for name in SERVICES:
        async with platform.superuser(name) as connection:
            stream = await connection.fetchval(
                "select stream_id from es.events where tenant = $1 order by position desc limit 1",
                world.authority,
            )
            found[f"stream in {name}"] = str(stream)
    return found


async def events_of(platform: Installation, world: World) -> dict[str, int]:
    """Count an authority's events in every store."""
    found = {}
    for name in SERVICES:
        async with platform.superuser(name) as connection:
            found[name] = await connection.fetchval(
                "select count(*) from es.events where tenant = $1", world.authority
            )
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mirrored(platform: Installation, office: Office) -> tuple[World, World]:
    """Give an authority of each partnership, with the same family in both."""
    ours, theirs = await worlds(office, "saltby", "colne-bay")
    for each in (ours, theirs):
        await all_the_rest(office, each)
        each.ids.update(await streams_of(platform, each))
    return ours, theirs


def test_every_rpc_has_a_case() -> None:
    assert {each.rpc for each in CASES} == methods().keys()


async def test_the_worlds_are_the_same_where_they_can_be(mirrored: tuple[World, World]) -> None:
    ours, theirs = mirrored
    assert ours.submission["submission_id"] == theirs.submission["submission_id"]
    for part in ("adults", "contact"):
        assert ours.submission["family"].get(part) == theirs.submission["family"].get(part)
    assert ours.authority != theirs.authority


async def test_their_page_token_opens_no_page_of_theirs(mirrored: tuple[World, World]) -> None:
    # Before anybody here has named an id of theirs: what one says oneself is in one's own lists.
    ours, theirs = mirrored
    lists = [each for each in CASES if _is_paged(each) and each.own is OK]
    went_on = set()
    for case in lists:
        begun = await _page_of_one(case, theirs, theirs)
        if begun.next_page_token:
            found = await _page_of_one(case, ours, theirs, begun.next_page_token)
            further = await _page_of_one(case, theirs, theirs, begun.next_page_token)
            assert _ids_in(found).isdisjoint(_ids_in(begun) | _ids_in(further))
            went_on.add(case.rpc)
    # Most lists of the world have two entries at least.
    assert len(went_on) > len({each.rpc for each in lists}) / 2


def _is_paged(case: Case) -> bool:
    return "page_token" in case.method.described.input_type.fields_by_name


async def _page_of_one(case: Case, caller: World, theirs: World, page_token: str = "") -> Any:
    """Return a page with one entry of a list of the caller's own."""
    request: Any = case.request(caller, caller, theirs)
    size = "limit" if "limit" in request.DESCRIPTOR.fields_by_name else "page_size"
    setattr(request, size, 1)
    request.page_token = page_token
    channel = caller.people[case.role][case.method.service]
    return await case.method.on(channel)(request, timeout=20)


def _ids_in(answer: Any) -> set[str]:
    return set(UUID_TEXT.findall(str(answer)))


@pytest.mark.parametrize("inside", ["theirs", "our own"])
async def test_nobody_of_another_partnership_finds_or_changes_anything(
    platform: Installation, office: Office, mirrored: tuple[World, World], inside: str
) -> None:
    ours, theirs = mirrored
    await office.operator.settle()
    before = await events_of(platform, theirs)
    world = theirs if inside == "theirs" else ours
    # Readings come first: a concern is kept with whatever ids it is raised with, and then found.
    readings = [each for each in CASES if each.method.reads]
    commands = [each for each in CASES if not each.method.reads]
    answers = [
        answer
        for cases in (readings, commands)
        for answer in await asyncio.gather(*(ask(each, ours, world, theirs) for each in cases))
    ]
    await office.operator.settle()
    wrong = {
        str(case): answer
        for case, answer in zip([*readings, *commands], answers, strict=True)
        if answer.code is not (NOT_FOUND if inside == "theirs" else case.own)
        or any(each in answer.text for each in told_by(ours, theirs, case))
    }
    assert wrong == {}
    assert await events_of(platform, theirs) == before


async def test_a_place_in_their_group_is_not_had_by_asking_for_our_own_family(
    platform: Installation, office: Office, mirrored: tuple[World, World]
) -> None:
    ours, theirs = mirrored
    await office.operator.settle()
    before = await events_of(platform, theirs)
    stub = casework_pb2_grpc.CaseworkServiceStub(ours.people[MANAGER]["casework"])
    request = casework_pb2.RequestPlaceRequest(
        context=commanded(ours.authority), case_id=ours["case"], cohort_id=theirs["cohort"]
    )
    answered = await stub.RequestPlace(request)
    await office.operator.settle()
    case = await stub.GetCase(
        casework_pb2.GetCaseRequest(context=reading(ours.authority), case_id=ours["case"])
    )
    states = {each.request_id: each.state for each in case.places}
    assert states[answered.request_id] in {"requested", "declined"}
    assert await events_of(platform, theirs) == before


async def test_what_has_the_same_id_in_both_is_of_each_alone(mirrored: tuple[World, World]) -> None:
    commands = {each: str(uuid4()) for each in ("enquiry_id", "draft_id", "screen_id")}
    ours, theirs = mirrored
    same, other = (
        await twins(ours, "Ours alone.", commands),
        await twins(theirs, "Other.", commands),
    )
    assert same == other
    for world, words, not_words in ((ours, "Ours alone.", "Other."), (theirs, "Other.", "Ours")):
        for rpc, known_as in (
            ("EnquiriesService.GetEnquiry", "enquiry_id"),
            ("DraftsService.GetDraft", "draft_id"),
            ("ScreeningService.GetSafeguardingScreen", "screen_id"),
        ):
            fields = {known_as: same[known_as], "unseal": True}
            answer = str(await said(world.people[MANAGER], world.authority, rpc, fields))
            assert words in answer
            assert not_words not in answer


async def test_what_nobody_else_finds_is_there_for_its_own_people(
    mirrored: tuple[World, World],
) -> None:
    # The commands change it: nothing may come after them.
    _, theirs = mirrored
    readings_first = sorted(CASES, key=lambda each: not each.method.reads)
    answers = [(each, await ask(each, theirs, theirs, theirs)) for each in readings_first]
    wrong = {
        str(case): answer.code
        for case, answer in answers
        if answer.code not in ({OK} if case.method.reads else {OK, REFUSED})
    }
    nobodys = {str(each) for each in CASES if each.own is grpc.StatusCode.PERMISSION_DENIED}
    nowhere = {str(each) for each in CASES if each.nowhere}
    assert wrong == dict.fromkeys(nobodys, grpc.StatusCode.PERMISSION_DENIED) | dict.fromkeys(
        nowhere, NOT_FOUND
    )
