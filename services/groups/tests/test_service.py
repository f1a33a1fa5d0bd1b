"""The service as its callers meet it: gRPC in, a real store, a real topic between authorities."""

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import grpc.aio
import pytest
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped] # has none

from chassis.roles import Role
from groups.policy import POLICY
from throughline.common.v1.common_pb2 import CommandContext
from throughline.groups.v1 import groups_pb2 as pb

if TYPE_CHECKING:
    from services.groups.tests.conftest import Calling, Running

WESTMARCH, HARROWDALE, SALTBY, NORTHMOOR = (
    UUID(f"0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a{n:02x}") for n in range(1, 5)
)
FACILITATOR = Role.GROUP_FACILITATOR


async def answer(by: "Calling", verb: str, place: str, authority: UUID | None = None) -> Any:
    kind = {"AcceptPlace": pb.AcceptPlaceRequest, "DeclinePlace": pb.DeclinePlaceRequest}[verb]
    return await getattr(by.stub, verb)(kind(context=by.context(authority), place_id=place))


async def refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


def violations(error: grpc.aio.AioRpcError) -> list[tuple[str, str]]:
    """Return (field, code) of each thing that is wrong with a request."""
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    trailing = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    found = error_details_pb2.BadRequest()
    for detail in status.details:
        if detail.Unpack(found):
            return [(each.field, each.reason) for each in found.field_violations]
    raise AssertionError("no details")


async def test_of_two_who_ask_for_the_last_place_at_once_exactly_one_is_offered_it(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, HARROWDALE) as by:
        for _ in range(5):
            cohort = await by.cohort(1)
            places = await asyncio.gather(
                by.ask(cohort, uuid4()), by.ask(cohort, uuid4(), HARROWDALE)
            )
            stand = [
                await by.stands(place, "offered", "waiting", authority=authority)
                for place, authority in zip(places, (WESTMARCH, HARROWDALE), strict=True)
            ]
            assert sorted(stand) == ["offered", "waiting"]


async def test_a_declined_place_goes_to_the_family_that_waits_in_the_other_authority(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, HARROWDALE) as by:
        cohort = await by.cohort(1)
        first = await by.ask(cohort, uuid4())
        await by.stands(first, "offered")
        second = await by.ask(cohort, uuid4(), HARROWDALE)
        await by.stands(second, "waiting", authority=HARROWDALE)
        await answer(by, "DeclinePlace", first)
        await by.stands(second, "offered", authority=HARROWDALE)
        await answer(by, "AcceptPlace", second, HARROWDALE)
        await by.stands(second, "accepted", authority=HARROWDALE)
        await by.counts(cohort, taken=1, waiting=0)


async def test_a_second_child_of_a_family_comes_along_without_a_second_family_place(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        cohort, family = await by.cohort(1), uuid4()
        for place in [await by.ask(cohort, family), await by.ask(cohort, family)]:
            await by.stands(place, "offered")


async def test_an_offer_that_nobody_answers_lapses_and_the_next_family_gets_it(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        cohort = await by.cohort(1)
        first = await by.ask(cohort, uuid4())
        await by.stands(first, "offered")
        second = await by.ask(cohort, uuid4())
        await by.stands(second, "waiting")
        await groups.pass_days(5)
        await by.stands(first, "lapsed")
        await by.stands(second, "offered")
        late = await refused(answer(by, "AcceptPlace", first))
    assert (late.code(), late.details()) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "OfferExpired",
    )


async def test_attendance_is_kept_session_by_session(groups: "Running") -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        place = await by.ask(await by.cohort(1), uuid4())
        await by.stands(place, "offered")
        await answer(by, "AcceptPlace", place)

        async def attend(session: int, code: str) -> Any:
            return await by.stub.RecordAttendance(
                pb.RecordAttendanceRequest(
                    context=by.context(), place_id=place, session_number=session, attendance=code
                )
            )

        early = await refused(attend(1, "attended"))
        await groups.pass_days(9)
        held_on = await groups.today()
        await attend(1, "absent")
        receipt = (await attend(1, "attended")).receipt
        beyond = await refused(attend(3, "attended"))
        found = await by.stub.GetPlace(
            pb.GetPlaceRequest(context=by.reading(token=receipt.position_token), place_id=place)
        )
    assert [early.details(), beyond.details()] == ["SessionNotHeld", "NoSuchSession"]
    assert list(found.place.attendance) == [
        pb.Attendance(session_number=1, attendance="attended", on=str(held_on))
    ]


async def test_the_same_command_again_gets_the_first_answer_and_writes_nothing(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        cohort = await by.cohort(3)
        request = by.place_request(cohort, uuid4())
        once, again = await by.stub.RequestPlace(request), await by.stub.RequestPlace(request)
    assert (once.receipt.duplicate, again.receipt.duplicate) == (False, True)
    assert (again.place_id, again.receipt.stream_id) == (once.place_id, once.receipt.stream_id)


async def test_places_are_listed_in_order_of_asking_a_page_at_a_time(groups: "Running") -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, HARROWDALE) as by:
        cohort = await by.cohort(1)
        asked = [await by.ask(cohort, uuid4()) for _ in range(3)]
        await by.ask(cohort, uuid4(), HARROWDALE)
        for each in asked:
            await by.stands(each, "offered", "waiting")
        request = pb.ListPlacesRequest(context=by.reading(), cohort_id=cohort, page_size=2)
        first = await by.stub.ListPlaces(request)
        request.page_token = first.next_page_token
        last = await by.stub.ListPlaces(request)
    assert [each.place_id for each in (*first.places, *last.places)] == asked
    assert last.next_page_token == ""


async def test_an_invited_authority_sees_the_cohort_but_not_how_full_it_is(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, HARROWDALE, SALTBY) as by:
        cohort = await by.cohort(2, open_to=[str(WESTMARCH), str(HARROWDALE)])
        await by.stands(await by.ask(cohort, uuid4(), HARROWDALE), "offered", authority=HARROWDALE)
        seen = {}
        for authority in (WESTMARCH, HARROWDALE, SALTBY):
            listed = await by.stub.ListCohorts(
                pb.ListCohortsRequest(context=by.reading(authority), limit=200)
            )
            seen[authority] = [each for each in listed.cohorts if each.cohort_id == cohort]
    assert [each.HasField("families") for each in seen[WESTMARCH]] == [True]
    assert [each.HasField("families") for each in seen[HARROWDALE]] == [False]
    assert [each.host for each in seen[HARROWDALE]] == [str(WESTMARCH)]
    assert seen[SALTBY] == []


async def test_an_authority_that_was_not_invited_cannot_ask(groups: "Running") -> None:
    async with groups.calling(FACILITATOR, WESTMARCH, NORTHMOOR) as by:
        request = by.place_request(await by.cohort(1), uuid4(), NORTHMOOR)
        error = await refused(by.stub.RequestPlace(request))
    assert (error.code(), error.details()) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "CohortNotOpenHere",
    )


async def test_what_belongs_to_another_authority_is_as_if_it_were_not_there(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        cohort = await by.cohort(1)
        place = await by.ask(cohort, uuid4())
        await by.stands(place, "offered")
    async with groups.calling(FACILITATOR, NORTHMOOR) as other:
        context, reading = other.context(), other.reading()
        attend = pb.RecordAttendanceRequest(
            context=context, place_id=place, session_number=1, attendance="attended"
        )
        calls = [
            other.stub.GetCohort(pb.GetCohortRequest(context=reading, cohort_id=cohort)),
            other.stub.GetPlace(pb.GetPlaceRequest(context=reading, place_id=place)),
            answer(other, "AcceptPlace", place),
            answer(other, "DeclinePlace", place),
            other.stub.RecordAttendance(attend),
            # And with the other authority's own name.
            answer(other, "AcceptPlace", place, WESTMARCH),
            other.stub.GetPlace(
                pb.GetPlaceRequest(context=other.reading(WESTMARCH), place_id=place)
            ),
        ]
        found = [(await refused(call)).code() for call in calls]
        places = await other.stub.ListPlaces(
            pb.ListPlacesRequest(context=reading, cohort_id=cohort)
        )
    assert set(found) == {grpc.StatusCode.NOT_FOUND}
    assert list(places.places) == []


@pytest.mark.parametrize("role", [Role.SUBSCRIBER, Role.OPERATOR, Role.AUDITOR, Role.COMMISSIONER])
async def test_a_role_without_the_verb_is_denied(groups: "Running", role: Role) -> None:
    async with groups.calling(role, WESTMARCH) as by:
        error = await refused(by.stub.RequestPlace(by.place_request(str(uuid4()), uuid4())))
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED


def test_every_rpc_has_a_policy_row() -> None:
    POLICY.check_complete([pb.DESCRIPTOR.services_by_name["GroupsService"]])


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("programme_id", "NVR", ("programme_id", "not-a-uuid")),
        ("capacity_families", 0, ("capacity_families", "out-of-range")),
        ("capacity_families", 501, ("capacity_families", "out-of-range")),
        ("session_days", [], ("session_days", "required")),
        ("session_days", ["2025-02-30"], ("session_days[0]", "bad-date")),
        ("session_days", ["2025-01-01"] * 101, ("session_days", "too-many")),
        ("offer_days", 91, ("offer_days", "out-of-range")),
        ("referral_deadline", "7 January", ("referral_deadline", "bad-date")),
        ("open_to", [str(NORTHMOOR)], ("open_to[0]", "unknown-code")),
        ("context", CommandContext(authority=str(WESTMARCH)), ("context.command_id", "required")),
    ],
)
async def test_a_malformed_cohort_is_refused_with_its_field_and_code(
    groups: "Running", field: str, value: Any, wrong: tuple[str, str]
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        request = await by.cohort_request(**{"programme_id": str(uuid4())} | {field: value})
        error = await refused(by.stub.PublishCohort(request))
    assert violations(error) == [wrong]


async def test_other_malformed_requests_are_refused_with_their_field_and_code(
    groups: "Running",
) -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        attend: dict[str, Any] = {"context": by.context(), "place_id": str(uuid4())}
        stub = by.stub
        calls = {
            ("name", "too-long"): stub.PublishProgramme(
                pb.PublishProgrammeRequest(context=by.context(), name="x" * 201, usual_sessions=1)
            ),
            ("attendance", "unknown-code"): stub.RecordAttendance(
                pb.RecordAttendanceRequest(session_number=1, attendance="asleep", **attend)
            ),
            ("session_number", "out-of-range"): stub.RecordAttendance(
                pb.RecordAttendanceRequest(session_number=0, attendance="part", **attend)
            ),
            ("family_id", "required"): stub.RequestPlace(
                pb.RequestPlaceRequest(context=by.context(), cohort_id=str(uuid4()))
            ),
            ("page_token", "bad-page-token"): stub.ListPlaces(
                pb.ListPlacesRequest(
                    context=by.reading(), cohort_id=str(uuid4()), page_token="third"
                )
            ),
            ("limit", "out-of-range"): stub.ListCohorts(
                pb.ListCohortsRequest(context=by.reading(), limit=201)
            ),
        }
        found = [(violations(await refused(call)), wrong) for wrong, call in calls.items()]
    assert all(each == [wrong] for each, wrong in found)


async def test_a_cohort_of_an_unknown_programme_is_refused(groups: "Running") -> None:
    async with groups.calling(FACILITATOR, WESTMARCH) as by:
        error = await refused(by.stub.PublishCohort(await by.cohort_request(str(uuid4()))))
    assert error.details() == "ProgrammeUnknown"
