"""Who knows a family finds nothing of its past either, nor of the evidence of it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from referrals.streams import (
    draft_stream,
    enquiry_stream,
    person_stream,
    redirect_stream,
    referral_stream,
    screen_stream,
    timeline_stream,
)
from referrals.walls.naming import Thing
from services.referrals.tests.knowing import ALL_ROLES, HERE, KNOWING, Family, absent, family_known
from throughline.history.v1.history_pb2 import ExportEvidenceRequest, ReadHistoryRequest
from throughline.history.v1.history_pb2_grpc import HistoryServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


@pytest.fixture
def knowing(front_door: Any) -> Any:
    return front_door.speak(*ALL_ROLES, slugs=front_door.slugs, sub=KNOWING)


@pytest_asyncio.fixture(loop_scope="session")
async def family(front_door: Any, knowing: Any) -> Family:
    """Give a family with one of each kind of thing, of which a worker says that he knows it."""
    return await family_known(front_door, knowing)


async def test_no_past_of_the_family_is_there_for_who_knows_it(family: Family) -> None:
    streams = {
        Thing.REFERRAL: referral_stream,
        Thing.PERSON: person_stream,
        Thing.REDIRECT: redirect_stream,
        Thing.SCREEN: screen_stream,
        Thing.DRAFT: draft_stream,
        Thing.ENQUIRY: enquiry_stream,
    }
    asked = [
        {"stream_id": str(stream(UUID(text)))}
        for thing, stream in streams.items()
        for text in family.ids[thing]
    ]
    child, contact = family.ids[Thing.PERSON]
    about = family.here.referral(family.ids[Thing.REFERRAL][0])
    asked += [{"subject": child}, {"subject": contact}, {"case_id": (await about).referral.case_id}]
    asked.append({"stream_id": str(timeline_stream(UUID(child)))})
    other = family.door.speak(*ALL_ROLES, slugs=(HERE,), sub=UUID(int=28), stub=lambda each: each)
    nothing = await absent(past_of(family, family.channel, {"subject": str(uuid4())}))
    assert nothing == await absent(past_of(family, other, {"subject": str(uuid4())}))
    for each in asked:
        assert await past_of(family, other, each)
        assert await absent(past_of(family, family.channel, each)) == nothing, each
        if "subject" not in each:
            assert await absent(evidence_of(family, family.channel, each)) == nothing, each


async def past_of(family: Family, channel: Any, about: dict[str, Any]) -> list[Any]:
    """Read the past as somebody."""
    asked = ReadHistoryRequest(context=family.here.reading(purpose="audit"), **about)
    return [each async for each in HistoryServiceStub(channel).ReadHistory(asked)]


async def evidence_of(family: Family, channel: Any, about: dict[str, Any]) -> list[Any]:
    """Export as somebody."""
    asked = ExportEvidenceRequest(context=family.here.reading(purpose="audit"), **about)
    return [each async for each in HistoryServiceStub(channel).ExportEvidence(asked)]
