"""The lists of duty: what is to be decided, who may see it, page by page; each look is kept."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.roles import Role
from ledger.projecting import Projection
from ledger.rebuild import rebuild
from referrals.rules.policies import shipped
from referrals.worklists import clocks, looks, open_redirects, open_referrals, owed_now, waits
from throughline.referrals.v1 import referrals_pb2 as referrals
from throughline.referrals.v1 import worklists_pb2 as pb
from throughline.referrals.v1.worklists_pb2_grpc import WorklistsServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
WORKER = UUID(int=7)
OTHER = str(UUID(int=9))
RECEIVED_ON = date(2025, 1, 15)


@pytest.fixture
def lists(front_door: Any) -> WorklistsServiceStub:
    """Speak as the duty worker of all authorities."""
    stub: WorklistsServiceStub = front_door.speak(
        Role.DUTY_WORKER, slugs=front_door.slugs, stub=WorklistsServiceStub
    )
    return stub


async def read(front_door: Any, lists: Any, name: str, slug: str, **more: Any) -> list[Any]:
    """Return a whole list, read in pages of three."""
    await front_door.seen()
    found: list[Any] = []
    token = ""
    while True:
        answer = await lists.ReadWorklist(
            pb.ReadWorklistRequest(
                context=front_door.reading(slug), list=name, page_size=3, page_token=token, **more
            )
        )
        found += answer.entries
        token = answer.next_page_token
        if not token:
            return found


async def submitted(front_door: Any, duty: Any, slug: str, **changed: Any) -> Any:
    """Bring in a fresh child's referral to an authority; answer it."""
    document = front_door.fresh() | front_door.to(slug) | changed
    answer = await front_door.submit(duty, document, slug)
    return answer.children[0]


async def clocks_of(front_door: Any, lists: Any, child: Any) -> list[Any]:
    """Return the clocks of a referral to northmoor."""
    await front_door.seen()
    asked = pb.ReadClocksRequest(context=front_door.reading(), page_size=500)
    answer = await lists.ReadClocks(asked)
    return [each for each in answer.clocks if each.referral_id == child.referral_id]


async def check(
    front_door: Any, duty: Any, child: Any, what: str, answer: str, refers_to: str = ""
) -> None:
    """Answer one check of a referral to northmoor."""
    answered = referrals.CheckAnswer(check=what, answer=answer, refers_to=refers_to)
    await duty.RecordScreening(
        referrals.RecordScreeningRequest(
            context=front_door.command(), referral_id=child.referral_id, checks=[answered]
        )
    )


async def test_a_referral_is_new_until_it_is_screened_and_open_until_it_is_decided(
    front_door: Any, duty: Any, lists: Any
) -> None:
    child = await submitted(front_door, duty, "saltby")

    async def where() -> set[str]:
        names = ("new", "open", "urgent")
        return {
            name
            for name in names
            for each in await read(front_door, lists, name, "saltby")
            if each.referral_id == child.referral_id
        }

    assert await where() == {"new", "open"}
    await front_door.screen(duty, child.referral_id, "saltby")
    assert await where() == {"open"}
    await duty.AcceptReferral(
        referrals.AcceptReferralRequest(
            context=front_door.command("saltby"), referral_id=child.referral_id
        )
    )
    assert await where() == set()


async def test_pages_hold_each_row_once_in_the_order_of_receipt(
    front_door: Any, duty: Any, lists: Any
) -> None:
    sent = {(await submitted(front_door, duty, "harrowdale")).referral_id for _ in range(7)}
    found = await read(front_door, lists, "open", "harrowdale")
    keys = [(each.received_at.ToNanoseconds(), UUID(each.referral_id)) for each in found]
    assert keys == sorted(set(keys))
    assert sent <= {each.referral_id for each in found}


async def test_filters_leave_what_they_name(front_door: Any, duty: Any, lists: Any) -> None:
    slug = "colne-bay"
    await submitted(front_door, duty, slug, needs=["sleep"], route="telephone")
    danger = {"immediate_danger": True, "concern": True, "words": "Now."}
    await submitted(front_door, duty, slug, needs=["autism"], safeguarding=danger)
    everything = await read(front_door, lists, "open", slug)

    async def left(**filters: Any) -> list[Any]:
        return await read(front_door, lists, "open", slug, filters=pb.WorklistFilters(**filters))

    def same(found: list[Any], wanted: list[Any]) -> bool:
        return [each.referral_id for each in found] == [each.referral_id for each in wanted]

    day = Timestamp()
    day.FromDatetime(datetime(2025, 6, 1, tzinfo=UTC))
    seconds = day.ToSeconds()
    assert same(await left(needs=["sleep"]), [e for e in everything if "sleep" in e.needs])
    assert same(await left(route="telephone"), [e for e in everything if e.route == "telephone"])
    assert same(await left(urgent_only=True), [e for e in everything if e.urgent])
    assert same(await read(front_door, lists, "urgent", slug), await left(urgent_only=True))
    assert same(
        await left(duty_holder="undetermined"), [e for e in everything if not e.duty_holder]
    )
    assert same(
        await left(received_from=day),
        [e for e in everything if e.received_at.ToSeconds() >= seconds],
    )
    assert same(
        await left(received_before=day),
        [e for e in everything if e.received_at.ToSeconds() < seconds],
    )
    assert same(await left(language_needs_only=True), [e for e in everything if e.interpreter])


async def test_a_count_is_the_length_of_its_list(front_door: Any, duty: Any, lists: Any) -> None:
    await submitted(front_door, duty, "westmarch", placement_at_risk=True)
    await front_door.seen()
    answer = await lists.CountWorklists(
        pb.CountWorklistsRequest(context=front_door.reading("westmarch"))
    )
    for name in (
        "new",
        "open",
        "urgent",
        "waiting-for-information",
        "redirected",
        "incoming",
        "unreached",
    ):
        assert answer.counts[name] == len(await read(front_door, lists, name, "westmarch"))
    assert answer.counts["urgent"] >= 1
    both = front_door.speak(
        Role.DUTY_WORKER, slugs=("westmarch", "saltby"), stub=WorklistsServiceStub
    )
    of_each = await both.CountWorklists(
        pb.CountWorklistsRequest(context=front_door.reading("saltby"), each_authority=True)
    )
    found = {each.authority: dict(each.counts) for each in of_each.authorities}
    assert found.keys() == {"westmarch", "saltby"}
    assert found["westmarch"] == dict(answer.counts)
    assert found["saltby"] == dict(of_each.counts)


async def test_a_new_referral_has_a_clock_with_the_version_of_its_rules(
    front_door: Any, duty: Any, lists: Any
) -> None:
    child = await submitted(front_door, duty, "northmoor")
    [clock] = await clocks_of(front_door, lists, child)
    assert (clock.kind, clock.policy) == ("screening", shipped().on(RECEIVED_ON, "anc").version)
    assert not clock.HasField("earlier_due_at")
    await front_door.screen(duty, child.referral_id)
    assert await clocks_of(front_door, lists, child) == []


async def test_a_clock_that_was_moved_shows_what_was_due_before(
    front_door: Any, duty: Any, lists: Any
) -> None:
    now = "2026-01-01T00:00:00+00:00"
    child = await submitted(front_door, duty, "northmoor", received_at=now)
    [before] = await clocks_of(front_door, lists, child)
    await check(front_door, duty, child, "urgency", "urgent")
    [after] = await clocks_of(front_door, lists, child)
    assert after.due_at.ToDatetime() < before.due_at.ToDatetime()
    assert after.earlier_due_at == before.due_at
    [found] = [
        each
        for each in await read(front_door, lists, "urgent", "northmoor")
        if each.referral_id == child.referral_id
    ]
    assert found.urgent


async def test_a_referral_waits_for_information_until_the_answer_comes(
    front_door: Any, duty: Any, lists: Any
) -> None:
    child = await submitted(front_door, duty, "northmoor")

    async def waits() -> list[Any]:
        found = await read(front_door, lists, "waiting-for-information", "northmoor")
        return [each for each in found if each.referral_id == child.referral_id]

    asked = await duty.AskForInformation(
        referrals.AskForInformationRequest(
            context=front_door.command(),
            referral_id=child.referral_id,
            source="school",
            words="When did it begin?",
        )
    )
    [waiting] = await waits()
    kinds = {each.kind: each for each in await clocks_of(front_door, lists, child)}
    assert kinds.keys() == {"screening", "information"}
    assert kinds["information"].due_at == waiting.information_due_at
    await duty.RecordInformation(
        referrals.RecordInformationRequest(
            context=front_door.command(),
            referral_id=child.referral_id,
            inquiry_id=asked.inquiry_id,
            basis="fact",
            words="In June.",
        )
    )
    assert await waits() == []


async def test_a_family_s_language_is_found_by_its_code(
    front_door: Any, duty: Any, lists: Any
) -> None:
    child = await submitted(front_door, duty, "northmoor")
    await duty.RecordNeeds(
        referrals.RecordNeedsRequest(
            context=front_door.command(),
            referral_id=child.referral_id,
            person_id=child.child,
            needs=[
                referrals.StatedNeed(kind="language", code="pol"),
                referrals.StatedNeed(kind="interpreter", code="none"),
            ],
        )
    )
    wanted = pb.WorklistFilters(language="pol")
    found = await read(front_door, lists, "open", "northmoor", filters=wanted)
    assert [list(each.languages) for each in found if each.child == child.child] == [["pol"]]


async def test_who_knows_a_family_sees_nothing_of_it_nor_counts_it(
    front_door: Any, duty: Any, lists: Any
) -> None:
    child = await submitted(front_door, duty, "northmoor")

    async def seen() -> tuple[list[str], int]:
        found = await read(front_door, lists, "open", "northmoor")
        counted = await lists.CountWorklists(pb.CountWorklistsRequest(context=front_door.reading()))
        return [each.referral_id for each in found], counted.counts["open"]

    rows, count = await seen()
    assert child.referral_id in rows
    answer = "worker-knows-family"
    await check(front_door, duty, child, "conflict-of-interest", answer, str(WORKER))
    assert child.referral_id not in (await seen())[0]
    assert (await seen())[1] == count - 1
    assert await clocks_of(front_door, lists, child) == []
    asked = referrals.GetReferralRequest(
        context=front_door.reading(), referral_id=child.referral_id
    )
    with pytest.raises(grpc.aio.AioRpcError) as hidden:
        await duty.GetReferral(asked)
    asked.referral_id = OTHER
    with pytest.raises(grpc.aio.AioRpcError) as absent:
        await duty.GetReferral(asked)
    assert (hidden.value.code(), hidden.value.details()) == (
        absent.value.code(),
        absent.value.details(),
    )
    # It was a mistake: somebody else gives the answer anew.
    another = front_door.speak(Role.DUTY_WORKER, slugs=front_door.slugs, sub=OTHER)
    await check(front_door, another, child, "conflict-of-interest", "none")
    assert (await seen()) == (rows, count)


async def test_each_look_is_on_record_for_managers_and_auditors(
    front_door: Any, lists: Any
) -> None:
    await lists.ReadWorklist(
        pb.ReadWorklistRequest(
            context=front_door.reading("saltby"),
            list="urgent",
            filters=pb.WorklistFilters(route="telephone"),
        )
    )
    await front_door.seen()
    auditor = front_door.speak(Role.AUDITOR, slugs=("saltby",), stub=WorklistsServiceStub)
    asked = pb.ListLooksRequest(context=front_door.reading("saltby"), list="urgent", page_size=1)
    [look] = (await auditor.ListLooks(asked)).looks
    assert (look.reader, look.role, look.list) == (str(WORKER), "duty-worker", "urgent")
    assert list(look.filters) == ["route"]
    asked.reader = str(UUID(int=8))
    assert not (await auditor.ListLooks(asked)).looks
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await lists.ListLooks(asked)
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_figures_are_of_quarters_that_are_over_and_hide_small_numbers(
    front_door: Any, duty: Any
) -> None:
    commissioner = front_door.speak(Role.COMMISSIONER, slugs=("saltby",), stub=WorklistsServiceStub)
    await submitted(front_door, duty, "saltby")
    await front_door.seen()

    def asked(quarter: str, breakdown: str = "ethnicity") -> pb.GetEquityFiguresRequest:
        return pb.GetEquityFiguresRequest(
            context=front_door.reading("saltby"), quarter=quarter, breakdown=breakdown
        )

    figures = await commissioner.GetEquityFigures(asked("2025-Q1"))
    for each in (figures.all, *figures.groups):
        assert not each.HasField("referred") or each.referred == 0 or each.referred >= 5
    assert next(each.group for each in figures.groups) == "asian"
    far = await commissioner.GetEquityFigures(asked("2025-Q1", "distance"))
    assert [each.group for each in far.groups] == ["here", "same-partnership", "elsewhere"]
    for quarter, code in (("2026-Q1", "not-over"), ("2025-Q5", "bad-quarter")):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await commissioner.GetEquityFigures(asked(quarter))
        assert front_door.fault(caught.value) == ("quarter", code)


async def test_figures_are_those_of_the_children_and_a_small_group_takes_another_with_it(
    front_door: Any, duty: Any
) -> None:
    manager = front_door.speak(Role.TEAM_MANAGER, slugs=("colne-bay",), stub=WorklistsServiceStub)

    async def refer(ethnicity: str) -> Any:
        document = front_door.fresh(ethnicity=ethnicity) | front_door.to("colne-bay")
        document["received_at"] = "2024-05-06T09:00:00+01:00"
        answer = await front_door.submit(duty, document, "colne-bay")
        await front_door.screen(duty, answer.children[0].referral_id, "colne-bay")

    async def figures() -> dict[str, tuple[int, ...]]:
        await front_door.seen()
        found = await manager.GetEquityFigures(
            pb.GetEquityFiguresRequest(
                context=front_door.reading("colne-bay"), quarter="2024-Q2", breakdown="ethnicity"
            )
        )
        return {
            each.group: (each.referred, each.days_to_screening)
            for each in (found.all, *found.groups)
            if each.HasField("referred") and each.referred
        }

    for _ in range(6):
        await refer("WBRI")
    # From 6 May 2024 to 1 January 2026, the day of the test's clock.
    assert await figures() == {"all": (6, 605), "white": (6, 605)}
    for _ in range(3):
        await refer("AIND")
    assert await figures() == {"all": (9, 605)}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"list": "everything"}, "list"),
        ({"list": "new", "page_size": 501}, "page_size"),
        ({"list": "new", "page_token": "?"}, "page_token"),
        ({"list": "new", "filters": pb.WorklistFilters(needs=["magic"])}, "filters.needs[0]"),
        ({"list": "new", "filters": pb.WorklistFilters(route="pigeon")}, "filters.route"),
        ({"list": "new", "filters": pb.WorklistFilters(language="elvish")}, "filters.language"),
    ],
)
async def test_what_no_list_knows_is_named(
    front_door: Any, lists: Any, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await lists.ReadWorklist(
            pb.ReadWorklistRequest(context=front_door.reading("saltby"), **wrong)
        )
    assert front_door.fault(caught.value)[0] == field


@pytest.mark.parametrize(
    "projection",
    [
        clocks.PROJECTION,
        looks.PROJECTION,
        open_redirects.PROJECTION,
        open_referrals.PROJECTION,
        waits.PROJECTION,
        owed_now.PROJECTION,
    ],
    ids=lambda each: str(each.name),
)
async def test_a_list_made_anew_says_the_same(
    front_door: Any, duty: Any, lists: Any, projection: Projection
) -> None:
    urgent = await submitted(front_door, duty, "northmoor", placement_at_risk=True)
    await check(front_door, duty, urgent, "conflict-of-interest", "worker-knows-family", OTHER)
    screened = await submitted(front_door, duty, "northmoor")
    await front_door.screen(duty, screened.referral_id)
    await read(front_door, lists, "open", "northmoor")
    await front_door.seen()
    before = await rows_of(front_door, projection)
    running = front_door.runtime
    await rebuild(
        front_door.owner, running.worker_pool, running.feed, running.service.registry, projection
    )
    await front_door.seen()
    assert await rows_of(front_door, projection) == before


async def rows_of(front_door: Any, projection: Projection) -> dict[str, list[str]]:
    """Return all rows of a read model's tables."""
    connection = await asyncpg.connect(front_door.superuser)
    try:
        return {
            table: sorted(str(tuple(row)) for row in await connection.fetch(f"table {table}"))
            for table in projection.tables
        }
    finally:
        await connection.close()
