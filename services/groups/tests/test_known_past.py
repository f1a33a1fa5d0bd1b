"""Who knows a family finds nothing of it here, nor of its past, as soon as that is heard."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.edge.calling import connect
from chassis.queries.known_people import BELONGS, KNOWS, KNOWS_NOT
from chassis.roles import Role
from groups.streams import place_stream
from ledger.writes import Write
from throughline.common.v1.common_pb2 import ReadContext
from throughline.groups.v1 import groups_pb2 as pb
from throughline.history.v1.history_pb2 import ExportEvidenceRequest, ReadHistoryRequest
from throughline.history.v1.history_pb2_grpc import HistoryServiceStub

if TYPE_CHECKING:
    from services.groups.tests.conftest import Running

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
BOTH = [Role.AUDITOR, Role.TEAM_MANAGER]


async def write(groups: "Running", told: Write) -> None:
    async with groups.parts.worker_pool.acquire() as connection:
        await connection.execute(told.statement.sql, *told.arguments)


async def past(groups: "Running", worker: UUID, about: dict[str, Any], kind: str) -> list[Any]:
    token = groups.issuer.mint(worker, BOTH, [WESTMARCH])

    async def source() -> str:
        return token

    context = ReadContext(authority=str(WESTMARCH), purpose="audit")
    async with connect(groups.parts.settings.listen, source) as channel:
        stub = HistoryServiceStub(channel)
        if kind == "evidence":
            return [each async for each in stub.ExportEvidence(
                ExportEvidenceRequest(context=context, **about))]  # fmt: skip
        return [
            each async for each in stub.ReadHistory(ReadHistoryRequest(context=context, **about))
        ]


async def absent(call: Any) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    return str(caught.value.details())


async def test_a_place_has_no_past_for_who_knows_the_family(groups: "Running") -> None:
    family, worker, source = uuid4(), uuid4(), uuid4()
    async with groups.calling(Role.GROUP_FACILITATOR, WESTMARCH) as by:
        place = await by.ask(await by.cohort(2), family)
        other = await by.ask(await by.cohort(2), uuid4())
    of_place, of_other = ({"stream_id": str(place_stream(UUID(each)))} for each in (place, other))
    nothing = await absent(past(groups, worker, {"stream_id": str(uuid4())}, "history"))
    assert await past(groups, worker, of_place, "history")
    await write(groups, KNOWS(WESTMARCH, source, worker, family, False))  # noqa: FBT003 # a column
    for kind in ("history", "evidence"):
        assert await absent(past(groups, worker, of_place, kind)) == nothing
    assert await past(groups, worker, of_other, "history")
    assert await past(groups, uuid4(), of_place, "history")
    await write(groups, KNOWS_NOT(WESTMARCH, source))
    assert await past(groups, worker, of_place, "history")


async def test_a_child_is_known_alone_or_with_all_the_family(groups: "Running") -> None:
    family, sibling, worker, source = uuid4(), uuid4(), uuid4(), uuid4()
    async with groups.calling(Role.GROUP_FACILITATOR, WESTMARCH) as by:
        place = await by.ask(await by.cohort(2), family)
    of_place = {"stream_id": str(place_stream(UUID(place)))}
    await write(groups, BELONGS(WESTMARCH, family, sibling))
    await write(groups, KNOWS(WESTMARCH, source, worker, sibling, False))  # noqa: FBT003 # a column
    assert await past(groups, worker, of_place, "history")
    await write(groups, KNOWS(WESTMARCH, source, worker, sibling, True))  # noqa: FBT003 # a column
    assert await absent(past(groups, worker, of_place, "history"))


async def test_no_place_of_the_family_is_there_either(groups: "Running") -> None:
    family, source = uuid4(), uuid4()
    async with groups.calling(Role.GROUP_FACILITATOR, WESTMARCH) as by:
        cohort = await by.cohort(2)
        place, other = await by.ask(cohort, family), await by.ask(cohort, uuid4())
        await by.stands(other, "offered")
        listed = pb.ListPlacesRequest(context=by.reading(), cohort_id=cohort)
        shown = {each.place_id for each in (await by.stub.ListPlaces(listed)).places}
        assert shown == {place, other}
        await write(groups, KNOWS(WESTMARCH, source, by.worker, family, False))  # noqa: FBT003 # a column
        shown = {each.place_id for each in (await by.stub.ListPlaces(listed)).places}
        assert shown == {other}
        asked = pb.GetPlaceRequest(context=by.reading(), place_id=place)
        nowhere = pb.GetPlaceRequest(context=by.reading(), place_id=str(uuid4()))
        nothing = await absent(by.stub.GetPlace(nowhere))
        for call in (
            by.stub.GetPlace(asked),
            by.stub.AcceptPlace(pb.AcceptPlaceRequest(context=by.context(), place_id=place)),
            by.stub.DeclinePlace(pb.DeclinePlaceRequest(context=by.context(), place_id=place)),
            by.stub.RequestPlace(by.place_request(cohort, family)),
        ):
            assert await absent(call) == nothing
        assert (await by.place(other)).status == "offered"
