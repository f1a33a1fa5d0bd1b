"""A statutory notice goes where it may go now, by a worker, who records on which day it went."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
import pytest_asyncio

from chassis.roles import Role
from chassis.service import Servicer
from chassis.testing import served
from ledger.writes import Write
from ledger.writing import send
from notifications import leads
from notifications.contacts import Contacts
from notifications.notice_events import Document, Notice
from notifications.notice_service import (
    AwaitService,
    service_id,
)
from notifications.policy import POLICY, facts
from notifications.serving import NoticesServicer
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.notifications.v1 import notices_pb2 as pb
from throughline.notifications.v1 import notices_pb2_grpc as pb_grpc

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
LEAD = UUID(int=77)
LINES = ["1 Mill Lane", "Northbridge", "ZZ1 1AA"]


def reading() -> ReadContext:
    return ReadContext(authority=str(WESTMARCH))


def commanding() -> CommandContext:
    return CommandContext(command_id=str(uuid4()), authority=str(WESTMARCH))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(stage: Any) -> AsyncIterator[Any]:
    """Give a duty worker and the lead of a case, where addresses come from the stage's book."""
    servicer = NoticesServicer(stage.runtime, Contacts(stage.channel))
    name = pb.DESCRIPTOR.services_by_name["NoticesService"].full_name
    add = pb_grpc.add_NoticesServiceServicer_to_server
    async with served([Servicer(servicer, add, name)], POLICY, facts(stage.runtime)) as server:
        channel = server.channel(str(uuid4()), [Role.DUTY_WORKER], [WESTMARCH])
        lead = server.channel(str(LEAD), [Role.SUPPORT_WORKER], [WESTMARCH])
        yield SimpleNamespace(
            duty=pb_grpc.NoticesServiceStub(channel), lead=pb_grpc.NoticesServiceStub(lead)
        )
        await lead.close()
        await channel.close()


@pytest_asyncio.fixture(loop_scope="session")
async def duty(desk: Any) -> Any:
    """Give a duty worker who serves notices."""
    return desk.duty


async def awaited(stage: Any, person: UUID, case_id: UUID | None = None) -> Notice:
    notice_id = uuid4()
    which = service_id(WESTMARCH, notice_id, Document.PROPOSAL, 1)
    notice = Notice(which, notice_id, Document.PROPOSAL, 1, person, uuid4())
    await stage.execute(AwaitService(notice, case_id))
    return notice


async def stands(stage: Any, duty: Any, notice: Notice) -> Any:
    await stage.read_models_are_there()
    asked = pb.ListServicesRequest(context=reading(), notice_id=str(notice.notice_id))
    [found] = (await duty.ListServices(asked)).services
    return found


async def prepare(duty: Any, notice: Notice, method: str) -> Any:
    return await duty.PrepareService(
        pb.PrepareServiceRequest(
            context=commanding(), service_id=str(notice.service_id), method=method
        )
    )


async def test_a_notice_is_posted_to_where_it_may_go_now(stage: Any, duty: Any) -> None:
    notice = await awaited(stage, stage.person("amy@example.org", address_lines=LINES))
    waiting = await stands(stage, duty, notice)
    assert (waiting.state, waiting.document) == ("awaited", "proposal")
    prepared = await prepare(duty, notice, "first-class-post")
    assert (prepared.blocked, prepared.address) == ("", "\n".join(LINES))
    assert stage.book.asked[-1][2] == str(notice.about_event)
    which = str(notice.service_id)
    await duty.RecordServed(pb.RecordServedRequest(context=commanding(), service_id=which))
    there = await stands(stage, duty, notice)
    assert (there.state, there.method, there.attempts) == ("served", "first-class-post", 1)
    assert there.deemed_on > there.sent_on
    asked = pb.ListToServeRequest(context=reading(), limit=500)
    listed = (await duty.ListToServe(asked)).services
    assert waiting.service_id not in [each.service_id for each in listed]
    back = pb.RecordNotServedRequest(context=commanding(), service_id=which, reason="returned")
    await duty.RecordNotServed(back)
    again = await stands(stage, duty, notice)
    assert (again.state, again.deemed_on, again.reason) == ("awaited", "", "returned")


async def test_a_secret_address_is_printed_on_no_envelope_and_a_notice_still_handed_over(
    stage: Any, duty: Any
) -> None:
    person = stage.person("", protected_address=True, address_lines=LINES)
    notice = await awaited(stage, person)
    blocked = await prepare(duty, notice, "second-class-post")
    assert (blocked.blocked, blocked.address, blocked.name) == ("protected-address", "", "")
    assert (await stands(stage, duty, notice)).reason == "protected-address"
    by_hand = await prepare(duty, notice, "by-hand")
    assert (by_hand.blocked, by_hand.address) == ("", "")


async def test_an_order_not_to_contact_somebody_blocks_also_what_is_handed_over(
    stage: Any, duty: Any
) -> None:
    notice = await awaited(stage, stage.person("", blocked="do-not-contact", address_lines=LINES))
    blocked = await prepare(duty, notice, "by-hand")
    assert blocked.blocked == "do-not-contact"


async def write(stage: Any, heard: Write) -> None:
    async with stage.runtime.worker_pool.acquire(timeout=5) as connection:
        await send(connection, [heard])


async def test_who_leads_the_case_hands_its_notice_over_and_nobody_else_s(
    stage: Any, desk: Any
) -> None:
    case_id, person = uuid4(), stage.person("", address_lines=LINES)
    notice, other = await awaited(stage, person, case_id), await awaited(stage, person, uuid4())
    await stage.read_models_are_there()
    await write(stage, leads.NAMED(WESTMARCH, case_id, LEAD))
    assert (await prepare(desk.lead, notice, "by-hand")).blocked == ""
    which = str(notice.service_id)
    await desk.lead.RecordServed(pb.RecordServedRequest(context=commanding(), service_id=which))
    assert (await stands(stage, desk.lead, notice)).state == "served"
    for call in (prepare(desk.lead, other, "by-hand"), stands(stage, desk.lead, other)):
        with pytest.raises(grpc.aio.AioRpcError) as denied:
            await call
        assert denied.value.code() is grpc.StatusCode.NOT_FOUND
    await write(stage, leads.GONE(WESTMARCH, case_id))
    with pytest.raises(grpc.aio.AioRpcError):
        await stands(stage, desk.lead, notice)
