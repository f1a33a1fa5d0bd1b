"""Who knows a family finds no message to it, waiting or sent, as soon as that is heard."""

from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.queries.known_people import BELONGS, KNOWS, KNOWS_NOT
from chassis.roles import Role
from ledger.writes import Write
from throughline.common.v1.common_pb2 import ReadContext
from throughline.notifications.v1 import notifications_pb2 as pb

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")


async def write(stage: Any, told: Write) -> None:
    async with stage.runtime.worker_pool.acquire(timeout=5) as connection:
        await connection.execute(told.statement.sql, *told.arguments)


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.AUDITOR])
async def test_no_message_to_the_family_is_listed_or_opened(
    stage: Any, somebody: Any, role: Role
) -> None:
    family, child, source = uuid4(), uuid4(), uuid4()
    mother, stranger = stage.person("a@example.org"), stage.person("b@example.org")
    to_her, to_another = await stage.queue(mother), await stage.queue(stranger)
    await stage.read_models_are_there()
    knowing, other = somebody(role), somebody(role)
    context = ReadContext(authority=str(WESTMARCH), purpose="audit")

    async def listed(by: Any) -> set[str]:
        page = await by.ask("ListMessages", pb.ListMessagesRequest(context=context, limit=500))
        return {each.message_id for each in page.messages} & {str(to_her), str(to_another)}

    assert await listed(knowing) == {str(to_her), str(to_another)}
    for member in (child, mother):
        await write(stage, BELONGS(WESTMARCH, family, member))
    # A referral's answer: the worker knows the child, and with it all the family.
    await write(stage, KNOWS(WESTMARCH, source, knowing.id, child, True))  # noqa: FBT003 # a column
    assert await listed(knowing) == {str(to_another)}
    assert await listed(other) == {str(to_her), str(to_another)}
    hers, nowhere = (
        pb.GetMessageRequest(context=context, message_id=str(each)) for each in (to_her, uuid4())
    )
    nothing = await knowing.is_told(grpc.StatusCode.NOT_FOUND, "GetMessage", nowhere)
    assert await knowing.is_told(grpc.StatusCode.NOT_FOUND, "GetMessage", hers) == nothing
    assert (await other.ask("GetMessage", hers)).message.message_id == str(to_her)
    await write(stage, KNOWS_NOT(WESTMARCH, source))
    assert await listed(knowing) == {str(to_her), str(to_another)}
