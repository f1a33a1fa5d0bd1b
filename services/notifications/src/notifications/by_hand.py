"""What workers ask of messages that need their hands: lists, words and addresses, what was done."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_choice, a_count, a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound, Unavailable
from chassis.queries.known_people import of_known
from chassis.service import Servicer
from ledger.decider import Refusal
from ledger.personal import Plain
from notifications import delivery, message, messages, paging, replies, template
from notifications.compose import message_stream, template_stream
from notifications.contacts import ByHand, Contacts, ContactsAway, Unreachable
from notifications.letter import BY_A_WORKER, Channel, Letter, Reason, message_id_header
from notifications.message_commands import (
    BeginAttempt,
    BlockMessage,
    ConfirmSent,
    RecordFailure,
)
from notifications.message_states import Attempting, Failed, NotQueued, Queued, Sent
from notifications.settings import NotificationsSettings
from throughline.common.v1.common_pb2 import CommandContext, ReadContext, Receipt
from throughline.notifications.v1 import by_hand_pb2 as pb
from throughline.notifications.v1 import by_hand_pb2_grpc as pb_grpc
from throughline.notifications.v1.notifications_pb2 import MessageSummary

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

MOST_TRIES = 1_000


class Outcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"


class NotByHand(Refusal):
    """The message does not wait for a worker to post or to tell it."""


class NotPrepared(Refusal):
    """The message has to be prepared before it can be recorded as posted or told."""


class ByHandServicer(pb_grpc.ByHandServiceServicer):
    """Letters to post and calls to make."""

    def __init__(self, runtime: "Runtime", contacts: Contacts, domain: str) -> None:
        self._shell = runtime.shell
        self._directory = runtime.directory
        self._contacts = contacts
        self._domain = domain

    async def ListToPost(  # noqa: N802 # the contract's name
        self, request: pb.ListToPostRequest, _context: "Context"
    ) -> pb.ListToPostResponse:
        """Answer the letters that wait."""
        asked = (request.context, Channel.LETTER, request.limit, request.page_token)
        found, following = await self._waiting(*asked)
        return pb.ListToPostResponse(messages=found, next_page_token=following)

    async def ListToCall(  # noqa: N802 # the contract's name
        self, request: pb.ListToCallRequest, _context: "Context"
    ) -> pb.ListToCallResponse:
        """Answer the calls that wait."""
        asked = (request.context, Channel.PHONE, request.limit, request.page_token)
        found, following = await self._waiting(*asked)
        return pb.ListToCallResponse(messages=found, next_page_token=following)

    async def PrepareMessage(  # noqa: N802 # the contract's name
        self, request: pb.PrepareMessageRequest, _context: "Context"
    ) -> pb.PrepareMessageResponse:
        """Ask where it may go now; record the words and the address, then answer them."""
        tenant = tenant_of(request.context, caller())
        message_id = a_uuid("message_id", request.message_id)
        known = await self._by_hand(tenant, message_id)
        letter = known.letter
        words = await self._template(tenant, letter)
        version = template.newest_version(words)
        if not isinstance(known, Queued):
            version = known.last.template_version
        try:
            contact = await self._contacts.ask_by_hand(
                tenant, letter.recipient, letter.about_event, letter.channel
            )
            to_family = await self._contacts.words_to_family(tenant, letter)
        except ContactsAway as away:
            raise Unavailable(str(away)) from None
        if isinstance(contact, Unreachable):
            return await self._block(request.context, letter, version, contact.reason)
        name = delivery.authority_name(self._directory, tenant)
        wording = template.wording_of(words, letter.template, version)
        said = delivery.filled(wording, letter, name, contact.name, to_family)
        begin = BeginAttempt(
            message_id=message_id,
            attempt=1 if isinstance(known, Queued) else known.last.attempt + 1,
            template_version=version,
            header=message_id_header(message_id, self._domain),
            address=Plain(contact.address),
            subject_line=Plain(said.subject),
            text=Plain(said.text),
        )
        receipt = await self._do(request.context, begin)
        return _prepared(receipt, contact, said.subject, said.text)

    async def RecordPosted(  # noqa: N802 # the contract's name
        self, request: pb.RecordPostedRequest, _context: "Context"
    ) -> pb.RecordPostedResponse:
        """Record that the letter is in the post."""
        confirm = await self._confirm(request.context, request.message_id, Channel.LETTER)
        return pb.RecordPostedResponse(receipt=await self._do(request.context, confirm))

    async def RecordCalled(  # noqa: N802 # the contract's name
        self, request: pb.RecordCalledRequest, _context: "Context"
    ) -> pb.RecordCalledResponse:
        """Record what came of a call."""
        outcome = a_choice("outcome", request.outcome, Outcome)
        confirm = await self._confirm(request.context, request.message_id, Channel.PHONE)
        if outcome is Outcome.REACHED:
            return pb.RecordCalledResponse(receipt=await self._do(request.context, confirm))
        failure = RecordFailure(
            confirm.message_id, confirm.attempt, Reason.NO_ANSWER, datetime.now(UTC), MOST_TRIES
        )
        return pb.RecordCalledResponse(receipt=await self._do(request.context, failure))

    async def _waiting(
        self, context: ReadContext, channel: Channel, asked: int, page_token: str
    ) -> tuple[list[MessageSummary], str]:
        tenant = tenant_of(context, caller())
        limit = a_count("limit", asked or 100, 1, 500)
        after = paging.after(page_token)
        async with self._shell.reading(context) as rows:
            hidden = await of_known(rows, tenant, caller())
            found = await messages.by_hand(rows, tenant, channel, after, limit, hidden)
        following = str(found[-1].position) if len(found) == limit else ""
        return [replies.summary(each) for each in found], following

    async def _by_hand(self, tenant: UUID, message_id: UUID) -> Queued | Attempting | Failed:
        known = await self._shell.state(tenant, message.DECIDER, message_stream(message_id))
        match known:
            case NotQueued():
                raise NotFound("message")
            case Queued() | Attempting() | Failed() if known.letter.channel in BY_A_WORKER:
                return known
            case _:
                raise NotByHand

    async def _template(self, tenant: UUID, letter: Letter) -> template.Template:
        stream = template_stream(tenant, letter.template)
        return await self._shell.state(tenant, template.DECIDER, stream)

    async def _block(
        self, context: CommandContext, letter: Letter, version: int, reason: Reason
    ) -> pb.PrepareMessageResponse:
        receipt = await self._do(context, BlockMessage(letter.message_id, version, reason))
        return pb.PrepareMessageResponse(receipt=receipt, blocked=reason.value)

    async def _confirm(
        self, context: CommandContext, message_id: str, channel: Channel
    ) -> ConfirmSent:
        tenant = tenant_of(context, caller())
        which = a_uuid("message_id", message_id)
        known = await self._shell.state(tenant, message.DECIDER, message_stream(which))
        match known:
            case NotQueued():
                raise NotFound("message")
            case Attempting() | Failed() | Sent() if known.letter.channel is channel:
                return ConfirmSent(which, known.last.attempt)
            case Queued() if known.letter.channel is channel:
                raise NotPrepared
            case _:
                raise NotByHand

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        return self._shell.receipt(await self._shell.command(context, command))


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Return the servicer of what workers post and tell."""
    settings = runtime.settings
    if not isinstance(settings, NotificationsSettings):
        raise TypeError("the settings of notifications are needed")
    contacts = Contacts(runtime.peers["referrals"])
    return [
        Servicer(
            ByHandServicer(runtime, contacts, settings.mail_server.domain),
            pb_grpc.add_ByHandServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["ByHandService"].full_name,
        )
    ]


def _prepared(
    receipt: Receipt, contact: ByHand, subject: str, text: str
) -> pb.PrepareMessageResponse:
    return pb.PrepareMessageResponse(
        receipt=receipt,
        name=contact.name,
        address=contact.address,
        subject=subject,
        text=text,
        safe_times=contact.safe_times,
        do_not_leave_voicemail=contact.do_not_leave_voicemail,
    )
