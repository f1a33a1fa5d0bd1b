"""What callers may ask of messages: their own inbox, how far messages came, what was sent.

Words leave only to whom they are for, or to who oversees, with a purpose; every opening is on
record. Another authority's message, and another worker's note, look like absence.
"""

from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.commands.own_events import SealedDataRead
from chassis.roles import Role
from ledger.ids import stream_of
from notifications.letter import TemplateCode
from notifications.message_states import GivenUp, Placed, Sent
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.notifications.v1 import notifications_pb2 as pb

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
SALTBY = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a03")


def reading(authority: UUID = WESTMARCH, **more: str) -> ReadContext:
    return ReadContext(authority=str(authority), **more)


def commanding(authority: UUID = WESTMARCH) -> CommandContext:
    return CommandContext(command_id=str(uuid4()), authority=str(authority))


async def note_for(stage: Any, mail_server: Any, worker: UUID) -> UUID:
    queued: UUID = await stage.queue(worker, TemplateCode.CASE_ALLOCATED)
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Placed)
    await stage.read_models_are_there()
    return queued


async def test_a_worker_reads_and_acknowledges_his_notes(
    stage: Any, mail_server: Any, somebody: Any
) -> None:
    worker = somebody(Role.SOCIAL_WORKER)
    first = await note_for(stage, mail_server, worker.id)
    second = await note_for(stage, mail_server, worker.id)
    inbox = await worker.ask("ListInbox", pb.ListInboxRequest(context=reading()))
    assert [note.message_id for note in inbox.notes] == [str(second), str(first)]
    assert inbox.notes[0].subject == "A case was allocated to you"
    assert "7d1e0b5c-0000-4000-8000-000000000001" in inbox.notes[0].text
    page = await worker.ask("ListInbox", pb.ListInboxRequest(context=reading(), limit=1))
    rest = await worker.ask(
        "ListInbox",
        pb.ListInboxRequest(context=reading(), limit=1, page_token=page.next_page_token),
    )
    assert [note.message_id for note in rest.notes] == [str(first)]
    receipt = await worker.ask(
        "AcknowledgeMessage",
        pb.AcknowledgeMessageRequest(context=commanding(), message_id=str(first)),
    )
    token = receipt.receipt.position_token
    unread = await worker.ask(
        "ListInbox",
        pb.ListInboxRequest(context=reading(position_token=token), unread_only=True),
    )
    assert [note.message_id for note in unread.notes] == [str(second)]
    everything = await worker.ask(
        "ListInbox", pb.ListInboxRequest(context=reading(position_token=token))
    )
    assert everything.notes[1].HasField("acknowledged_at")


async def test_reading_an_inbox_is_on_record(stage: Any, mail_server: Any, somebody: Any) -> None:
    worker = somebody(Role.SOCIAL_WORKER)
    await note_for(stage, mail_server, worker.id)
    await worker.ask("ListInbox", pb.ListInboxRequest(context=reading()))
    stream = stream_of("notifications", "access", f"{worker.id}:{worker.id}")
    stored = await stage.runtime.shell.store.read(WESTMARCH, stream)
    [read] = [stage.runtime.shell.registry.decode(each).event for each in stored]
    assert isinstance(read, SealedDataRead)
    assert (read.purpose, read.reader) == ("own-inbox", str(worker.id))


async def test_another_worker_s_note_looks_like_absence(
    stage: Any, mail_server: Any, somebody: Any
) -> None:
    theirs = str(await note_for(stage, mail_server, uuid4()))
    worker = somebody(Role.SOCIAL_WORKER)
    absent = str(uuid4())
    for message_id in (theirs, absent):
        for method, request in (
            (
                "AcknowledgeMessage",
                pb.AcknowledgeMessageRequest(context=commanding(), message_id=message_id),
            ),
            ("GetMessage", pb.GetMessageRequest(context=reading(), message_id=message_id)),
        ):
            words = await worker.is_told(grpc.StatusCode.NOT_FOUND, method, request)
            assert words == "not found"
    assert (await worker.ask("ListInbox", pb.ListInboxRequest(context=reading()))).notes == []


async def test_messages_of_another_authority_look_like_absence(
    stage: Any, mail_server: Any, somebody: Any
) -> None:
    queued = str(await note_for(stage, mail_server, uuid4()))
    manager = somebody(Role.TEAM_MANAGER, SALTBY)
    ours = pb.GetMessageRequest(context=reading(SALTBY), message_id=queued)
    await manager.is_told(grpc.StatusCode.NOT_FOUND, "GetMessage", ours)
    theirs = pb.ListMessagesRequest(context=reading(WESTMARCH))
    await manager.is_told(grpc.StatusCode.NOT_FOUND, "ListMessages", theirs)
    listed = await manager.ask("ListMessages", pb.ListMessagesRequest(context=reading(SALTBY)))
    assert queued not in {each.message_id for each in listed.messages}


async def test_how_far_messages_came_is_listed_without_words(
    stage: Any, mail_server: Any, somebody: Any
) -> None:
    mail_server.on_rcpt.append("550 nobody here")
    person = stage.person("amy@example.org")
    failed = await stage.queue(person)
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(failed, GivenUp)
        sent = await stage.queue(person)
        await stage.comes_to(sent, Sent)
    waiting = await stage.queue(person)
    await stage.read_models_are_there()
    manager = somebody(Role.TEAM_MANAGER)
    listed = await manager.ask(
        "ListMessages", pb.ListMessagesRequest(context=reading(), recipient=str(person))
    )
    assert [
        (each.message_id, each.state, each.reason, each.attempts) for each in listed.messages
    ] == [
        (str(waiting), "queued", "", 0),
        (str(sent), "sent", "", 1),
        (str(failed), "given-up", "recipient-refused", 1),
    ]
    assert not listed.messages[0].HasField("template_version")
    some = await manager.ask(
        "ListMessages",
        pb.ListMessagesRequest(context=reading(), recipient=str(person), state="sent", limit=1),
    )
    assert [each.message_id for each in some.messages] == [str(sent)]
    assert b"amy@example.org" not in listed.SerializeToString()
    assert await stage.counted(f"{WESTMARCH}/given-up") >= 1
    assert await stage.pending() == 1


async def test_what_was_sent_is_opened_only_with_a_purpose_and_to_who_oversees(
    stage: Any, mail_server: Any, somebody: Any
) -> None:
    queued = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Sent)
    await stage.read_models_are_there()
    auditor = somebody(Role.AUDITOR)
    closed = await auditor.ask(
        "GetMessage", pb.GetMessageRequest(context=reading(), message_id=str(queued))
    )
    assert closed.message_id_header == f"<{queued}@throughline.invalid>"
    assert not closed.HasField("words")
    request = pb.GetMessageRequest(context=reading(), message_id=str(queued), unseal=True)
    words = await auditor.is_told(grpc.StatusCode.INVALID_ARGUMENT, "GetMessage", request)
    assert words.startswith("context.purpose: ")
    request.context.purpose = "complaint"
    opened = await auditor.ask("GetMessage", request)
    assert opened.words.address == "amy@example.org"
    assert "K7P2-M4Q" in opened.words.text
    duty = somebody(Role.DUTY_WORKER)
    await duty.is_told(grpc.StatusCode.NOT_FOUND, "GetMessage", request)


@pytest.mark.parametrize(
    ("method", "request_", "field"),
    [
        ("ListInbox", pb.ListInboxRequest(limit=101), "limit"),
        ("ListInbox", pb.ListInboxRequest(page_token="one"), "page_token"),
        ("ListMessages", pb.ListMessagesRequest(state="lost"), "state"),
        ("ListMessages", pb.ListMessagesRequest(case_id="x"), "case_id"),
        ("ListMessages", pb.ListMessagesRequest(limit=501), "limit"),
        ("GetMessage", pb.GetMessageRequest(message_id="x"), "message_id"),
        ("GetTemplate", pb.GetTemplateRequest(code="x"), "code"),
        (
            "GetTemplate",
            pb.GetTemplateRequest(code="place-offered", template_version=9),
            "template_version",
        ),
    ],
)
async def test_a_malformed_question_names_the_field(
    somebody: Any, method: str, request_: Any, field: str
) -> None:
    manager = somebody(Role.TEAM_MANAGER)
    request_.context.CopyFrom(reading())
    words = await manager.is_told(grpc.StatusCode.INVALID_ARGUMENT, method, request_)
    assert words.startswith(f"{field}: ")
