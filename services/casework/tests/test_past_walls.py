"""Who knows a child or family finds no past of their case, and no evidence of it; others do."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import grpc
import pytest

from casework.allocations.commands import ClearConflictIn, DeclareConflictIn
from casework.allocations.conflict import Knows, Tie
from casework.streams import allocation_stream, case_stream
from chassis.acting import Act
from chassis.roles import Role
from ledger.envelope import Actor
from ledger.personal import Plain
from services.casework.tests.conftest import WESTMARCH
from throughline.history.v1.history_pb2 import ReadHistoryRequest
from throughline.history.v1.history_pb2_grpc import HistoryServiceStub

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker


async def past_of(by: "Speaker", **about: Any) -> list[Any]:
    """Read the past of something."""
    request = ReadHistoryRequest(context=by.reading(), **about)
    return [each async for each in HistoryServiceStub(by.stubs.channel).ReadHistory(request)]


async def refusal(by: "Speaker", **about: Any) -> tuple[object, object]:
    """Return how a reading was refused, in code and words."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await past_of(by, **about)
    return refused.value.code(), refused.value.details()


@pytest.mark.parametrize("knows", Knows)
async def test_who_knows_them_finds_no_past_of_their_case(office: "Office", knows: Knows) -> None:
    lead, manager = await office.registered("therapist"), await office.registered("team-manager")
    case_id, another = await office.led_case(lead), await office.led_case(lead)
    other = office.speaker(Role.AUDITOR)
    [first, *_] = await past_of(manager, case_id=str(case_id))
    asked = [
        {"case_id": str(case_id)},
        {"stream_id": str(case_stream(case_id))},
        {"stream_id": str(allocation_stream(case_id))},
        {"subject": first.entry.subjects[0]},
    ]
    nothing = await refusal(manager, case_id=str(uuid4()))
    said = DeclareConflictIn(case_id, manager.id, knows, Tie.FRIEND, Plain(None))
    await execute(office, said)
    for each in asked:
        assert await refusal(manager, **each) == nothing, each
        assert await past_of(other, **each), each
    assert await past_of(manager, case_id=str(another))
    await execute(office, ClearConflictIn(case_id, manager.id))
    assert await past_of(manager, **asked[0])


async def execute(office: "Office", command: object) -> None:
    """Carry out a command for westmarch."""
    actor = Actor(str(uuid4()), Role.TEAM_MANAGER.value)
    await office.parts.shell.execute(
        Act(uuid4(), WESTMARCH, frozenset([WESTMARCH]), actor, command)
    )
