"""Who would rather have a letter or a call gets it from a worker, who records that it was done."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from chassis.roles import Role
from chassis.service import Servicer
from chassis.testing import Served, served
from notifications.by_hand import ByHandServicer
from notifications.contacts import Contacts
from notifications.letter import Channel
from notifications.message_events import MessageLeftToWorker
from notifications.message_states import Blocked, GivenUp, Sent
from notifications.policy import POLICY
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.notifications.v1 import by_hand_pb2 as pb
from throughline.notifications.v1 import by_hand_pb2_grpc as pb_grpc

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
LINES = ["1 Mill Lane", "Northbridge", "ZZ1 1AA"]


def reading(token: str = "") -> ReadContext:
    return ReadContext(authority=str(WESTMARCH), position_token=token)


def commanding() -> CommandContext:
    return CommandContext(command_id=str(uuid4()), authority=str(WESTMARCH))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(stage: Any) -> AsyncIterator[Served]:
    """Serve the letters and calls of the stage, where addresses come from its address book."""
    servicer = ByHandServicer(stage.runtime, Contacts(stage.channel), "throughline.invalid")
    name = pb.DESCRIPTOR.services_by_name["ByHandService"].full_name
    add = pb_grpc.add_ByHandServiceServicer_to_server
    async with served([Servicer(servicer, add, name)], POLICY) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def duty(desk: Served) -> AsyncIterator[Any]:
    """Give a duty worker who posts and calls."""
    channel = desk.channel(str(uuid4()), [Role.DUTY_WORKER], [WESTMARCH])
    yield pb_grpc.ByHandServiceStub(channel)
    await channel.close()


async def left_to_worker(stage: Any, mail_server: Any, **known: Any) -> UUID:
    """Queue a message to somebody of whom this is known; wait until it is on a list."""
    queued: UUID = await stage.queue(stage.person("amy@example.org", **known))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.has(queued, MessageLeftToWorker)
    await stage.read_models_are_there()
    return queued


async def test_a_letter_is_printed_posted_and_recorded(
    stage: Any, mail_server: Any, duty: Any
) -> None:
    queued = await left_to_worker(stage, mail_server, preference="letter", address_lines=LINES)
    assert mail_server.mails == []
    listed = await duty.ListToPost(pb.ListToPostRequest(context=reading()))
    assert str(queued) in {each.message_id for each in listed.messages}
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await duty.RecordPosted(
            pb.RecordPostedRequest(context=commanding(), message_id=str(queued))
        )
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    prepare = pb.PrepareMessageRequest(context=commanding(), message_id=str(queued))
    prepared = await duty.PrepareMessage(prepare)
    assert prepared.address == "\n".join(LINES)
    assert "K7P2-M4Q" in prepared.text
    posted = await duty.RecordPosted(
        pb.RecordPostedRequest(context=commanding(), message_id=str(queued))
    )
    known = await stage.state(queued)
    assert isinstance(known, Sent)
    assert known.letter.channel is Channel.LETTER
    after = reading(posted.receipt.position_token)
    listed = await duty.ListToPost(pb.ListToPostRequest(context=after))
    assert str(queued) not in {each.message_id for each in listed.messages}
    assert await stage.pending() == 0


async def test_a_call_nobody_answers_stays_on_the_list(
    stage: Any, mail_server: Any, duty: Any
) -> None:
    queued = await left_to_worker(
        stage,
        mail_server,
        preference="phone",
        phone="01632 960001",
        safe_times="school hours",
        do_not_leave_voicemail=True,
    )
    for outcome in ("no-answer", "reached"):
        listed = await duty.ListToCall(pb.ListToCallRequest(context=reading()))
        assert str(queued) in {each.message_id for each in listed.messages}
        prepare = pb.PrepareMessageRequest(context=commanding(), message_id=str(queued))
        prepared = await duty.PrepareMessage(prepare)
        assert (prepared.address, prepared.safe_times) == ("01632 960001", "school hours")
        assert prepared.do_not_leave_voicemail
        await duty.RecordCalled(
            pb.RecordCalledRequest(context=commanding(), message_id=str(queued), outcome=outcome)
        )
        await stage.read_models_are_there()
    assert isinstance(await stage.state(queued), Sent)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"protected_address": True, "address_lines": LINES}, "protected-address"),
        ({"blocked": "do-not-contact"}, "do-not-contact"),
        ({"blocked": "channel-ended"}, "superseded-address"),
        ({}, "no-address"),
    ],
)
async def test_a_letter_is_never_printed_where_the_address_is_not_safe(
    stage: Any, mail_server: Any, duty: Any, known: dict[str, Any], reason: str
) -> None:
    queued = await left_to_worker(stage, mail_server, preference="letter", address_lines=LINES)
    person = (await stage.state(queued)).letter.recipient
    stage.book.known[person] = {"preference": "letter"} | known
    prepare = pb.PrepareMessageRequest(context=commanding(), message_id=str(queued))
    prepared = await duty.PrepareMessage(prepare)
    assert (prepared.blocked, prepared.address, prepared.text) == (reason, "", "")
    assert isinstance(await stage.state(queued), Blocked)


async def test_an_order_not_to_contact_somebody_goes_before_his_wish(
    stage: Any, mail_server: Any
) -> None:
    person = stage.person("", preference="letter", blocked="do-not-contact")
    queued = await stage.queue(person)
    async with stage.sending(stage.delivery(mail_server.settings)):
        assert isinstance(await stage.comes_to(queued, Blocked, GivenUp), Blocked)


async def test_who_does_not_post_letters_sees_none(desk: Served) -> None:
    channel = desk.channel(str(uuid4()), [Role.THERAPIST], [WESTMARCH])
    stub: Any = pb_grpc.ByHandServiceStub(channel)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.ListToPost(pb.ListToPostRequest(context=reading()))
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    await channel.close()
