"""Requests to commands, rows to replies. Words leave only through the shell's unsealing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_choice, a_count, a_text, a_uuid, if_given, malformed
from chassis.edge.rpc import caller
from chassis.failures import NotFound
from chassis.queries.known_people import of_known
from chassis.service import Servicer
from ledger.envelope import Recorded
from notifications import by_hand, inbox, message, messages, replies, serving, template
from notifications.compose import message_stream, template_stream
from notifications.letter import Channel, TemplateCode
from notifications.message_commands import AcknowledgeMessage
from notifications.message_events import AttemptBegun, NotePlaced
from notifications.message_states import Acknowledged, Blocked, Message, NotQueued, Placed, Queued
from notifications.messages import State, Wanted
from notifications.policy import caller_id
from notifications.template import PublishTemplate
from notifications.wording import KINDS, MAX_SUBJECT, MAX_TEXT
from throughline.notifications.v1 import notifications_pb2 as pb
from throughline.notifications.v1 import notifications_pb2_grpc as pb_grpc
from vault.access import Shredded

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime
    from ledger.personal import Personal

    Context = ServicerContext[Any, Any]

OWN_INBOX = "own-inbox"
"""The purpose under which the reading of one's own notes is recorded."""

_NEWEST = 2**63 - 1


class Notifications(pb_grpc.NotificationsServiceServicer):
    """Templates, inboxes, and how far messages came."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def PublishTemplate(  # noqa: N802 # the contract's name
        self, request: pb.PublishTemplateRequest, _context: "Context"
    ) -> pb.PublishTemplateResponse:
        """Publish a version of a template."""
        command = PublishTemplate(
            code=a_choice("code", request.code, TemplateCode),
            channel=a_choice("channel", request.channel, Channel),
            subject=a_text("subject", request.subject, MAX_SUBJECT),
            text=a_text("text", request.text, MAX_TEXT),
        )
        receipt = self._shell.receipt(await self._shell.command(request.context, command))
        # Each event of a template's stream is one publication, so their numbers are the same.
        return pb.PublishTemplateResponse(receipt=receipt, template_version=receipt.version)

    async def GetTemplate(  # noqa: N802 # the contract's name
        self, request: pb.GetTemplateRequest, _context: "Context"
    ) -> pb.GetTemplateResponse:
        """Answer one version of a template, by default the one in use."""
        tenant = a_uuid("context.authority", request.context.authority)
        code = a_choice("code", request.code, TemplateCode)
        stream = template_stream(tenant, code)
        known = await self._shell.state(tenant, template.DECIDER, stream)
        version = template.newest_version(known)
        if request.HasField("template_version"):
            version = a_count("template_version", request.template_version, 0, version)
        words = template.wording_of(known, code, version)
        return pb.GetTemplateResponse(
            code=code.value,
            channel=KINDS[code].channel.value,
            template_version=version,
            subject=words.subject,
            text=words.text,
            subject_placeholders=sorted(KINDS[code].subject),
            text_placeholders=sorted(KINDS[code].text),
        )

    async def ListInbox(  # noqa: N802 # the contract's name
        self, request: pb.ListInboxRequest, _context: "Context"
    ) -> pb.ListInboxResponse:
        """Answer the caller's own notes, opened; that he read them is recorded first."""
        tenant = a_uuid("context.authority", request.context.authority)
        limit = a_count("limit", request.limit or 20, 1, 100)
        before = _before(request.page_token)
        worker = caller_id(caller())
        if worker is None:
            return pb.ListInboxResponse()
        async with self._shell.reading(request.context) as rows:
            found = await inbox.notes(
                rows, tenant, worker, before, limit, unread=request.unread_only
            )
        placed = [self._shell.registry.decode(each.placed) for each in found]
        sealed: list[Personal[str]] = [
            value for each in placed for value in (each.event.subject_line, each.event.text)
        ]
        purpose = request.context.purpose or OWN_INBOX
        opened = await self._shell.unseal(purpose, sealed, tenant=tenant)
        return pb.ListInboxResponse(
            notes=[
                _note(each, row.acknowledged_at, opened[2 * index], opened[2 * index + 1])
                for index, (each, row) in enumerate(zip(placed, found, strict=True))
            ],
            next_page_token=str(found[-1].placed.position) if len(found) == limit else "",
        )

    async def AcknowledgeMessage(  # noqa: N802 # the contract's name
        self, request: pb.AcknowledgeMessageRequest, _context: "Context"
    ) -> pb.AcknowledgeMessageResponse:
        """Record that the caller read a note of his."""
        message_id = a_uuid("message_id", request.message_id)
        worker = caller_id(caller())
        if worker is None:
            raise NotFound("message")
        done = await self._shell.command(request.context, AcknowledgeMessage(message_id, worker))
        return pb.AcknowledgeMessageResponse(receipt=self._shell.receipt(done))

    async def ListMessages(  # noqa: N802 # the contract's name
        self, request: pb.ListMessagesRequest, _context: "Context"
    ) -> pb.ListMessagesResponse:
        """Answer how far messages came."""
        tenant = a_uuid("context.authority", request.context.authority)
        wanted = Wanted(
            state=a_choice("state", request.state, State) if request.state else None,
            case_id=if_given(a_uuid, "case_id", request.case_id),
            about_event=if_given(a_uuid, "about_event", request.about_event),
            recipient=if_given(a_uuid, "recipient", request.recipient),
            before=_before(request.page_token),
            limit=a_count("limit", request.limit or 100, 1, 500),
        )
        async with self._shell.reading(request.context) as rows:
            hidden = await of_known(rows, tenant, caller())
            found = await messages.listed(rows, tenant, replace(wanted, hidden=hidden))
        return pb.ListMessagesResponse(
            messages=[replies.summary(each) for each in found],
            next_page_token=str(found[-1].position) if len(found) == wanted.limit else "",
        )

    async def GetMessage(  # noqa: N802 # the contract's name
        self, request: pb.GetMessageRequest, _context: "Context"
    ) -> pb.GetMessageResponse:
        """Answer one message; its words and address only if asked for, for a purpose."""
        tenant = a_uuid("context.authority", request.context.authority)
        message_id = a_uuid("message_id", request.message_id)
        if request.unseal and not request.context.purpose:
            raise malformed("context.purpose", "required", "a coded purpose")
        async with self._shell.reading(request.context) as rows:
            row = await messages.one(rows, tenant, message_id)
        if row is None:
            raise NotFound("message")
        known = await self._shell.state(tenant, message.DECIDER, message_stream(message_id))
        last = _last_words(known)
        answer = pb.GetMessageResponse(
            message=replies.summary(row),
            message_id_header=last.header if isinstance(last, AttemptBegun) else "",
        )
        if request.unseal and last is not None:
            purpose = request.context.purpose
            answer.words.CopyFrom(await self._words(purpose, tenant, row.case_id, last))
        return answer

    async def _words(
        self,
        purpose: str,
        tenant: UUID,
        case_id: UUID | None,
        last: AttemptBegun | NotePlaced,
    ) -> pb.SentWords:
        sealed: list[Personal[str]] = [last.subject_line, last.text]
        if isinstance(last, AttemptBegun):
            sealed.append(last.address)
        opened = await self._shell.unseal(purpose, sealed, tenant=tenant, case_id=case_id)
        subject, text, address = (_plain(each) for each in [*opened, ""][:3])
        return pb.SentWords(
            address=address,
            subject=subject,
            text=text,
            shredded=any(isinstance(each, Shredded) for each in opened),
        )


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Return what is served beside what every service serves."""
    return [
        Servicer(
            Notifications(runtime),
            pb_grpc.add_NotificationsServiceServicer_to_server,
            "throughline.notifications.v1.NotificationsService",
        ),
        *by_hand.servicers(runtime),
        *serving.servicers(runtime),
    ]


def _before(page_token: str) -> int:
    """Read where a list goes on: before a position of the log."""
    if not page_token:
        return _NEWEST
    if not (page_token.isascii() and page_token.isdigit() and int(page_token) <= _NEWEST):
        raise malformed("page_token", "bad-page-token", "a token as it was given")
    return int(page_token)


def _last_words(known: Message) -> AttemptBegun | NotePlaced | None:
    """Return what was last sent, sealed; None where nothing was, or nothing may be."""
    match known:
        case Placed(note=note) | Acknowledged(note=note):
            return note
        case NotQueued() | Queued() | Blocked():
            return None
        case _:
            return known.last


def _note(
    placed: Recorded[NotePlaced], acknowledged_at: datetime | None, subject: Any, text: Any
) -> pb.Note:
    envelope, letter = placed.envelope, placed.event.letter
    note = pb.Note(
        message_id=str(letter.message_id),
        template=letter.template.value,
        subject=_plain(subject),
        text=_plain(text),
        case_id=str(envelope.case_id or ""),
        about_event=str(letter.about_event),
        sent_at=replies.stamp(envelope.recorded_at),
    )
    if acknowledged_at is not None:
        note.acknowledged_at.CopyFrom(replies.stamp(acknowledged_at))
    return note


def _plain(opened: object) -> str:
    """Return an opened value; what stayed closed or is shredded shows nothing."""
    return opened if isinstance(opened, str) else ""
