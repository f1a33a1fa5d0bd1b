"""What workers ask of statutory notices: what waits, where it may go, that it was served or not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_choice, a_count, a_uuid
from chassis.edge.rpc import caller, occurred_of, tenant_of
from chassis.failures import NotFound, Unavailable
from chassis.queries.known_people import of_known
from chassis.service import Servicer
from ledger.clock import london_day
from ledger.personal import Plain
from notifications import notice_service, paging, replies, services
from notifications.compose import CheckedService, ServeNotice, service_stream
from notifications.contacts import ByHand, Contacts, ContactsAway, Unreachable
from notifications.letter import Channel, Reason
from notifications.notice_events import Notice
from notifications.notice_service import (
    BlockService,
    NoSuchService,
    NotAwaited,
    NotServed,
    RecordNotServed,
)
from notifications.rules import Method
from throughline.common.v1.common_pb2 import CommandContext, Receipt
from throughline.notifications.v1 import notices_pb2 as pb
from throughline.notifications.v1 import notices_pb2_grpc as pb_grpc

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

_NO_ENVELOPE = frozenset({Reason.PROTECTED_ADDRESS, Reason.NO_ADDRESS})
"""What keeps a notice out of the post and not from being handed over."""


class NoticesServicer(pb_grpc.NoticesServiceServicer):
    """Statutory notices, served by hand and by post."""

    def __init__(self, runtime: "Runtime", contacts: Contacts) -> None:
        self._shell = runtime.shell
        self._contacts = contacts

    async def ListToServe(  # noqa: N802 # the contract's name
        self, request: pb.ListToServeRequest, _context: "Context"
    ) -> pb.ListToServeResponse:
        """Answer the notices that wait to be served."""
        tenant = tenant_of(request.context, caller())
        limit = a_count("limit", request.limit or 100, 1, 500)
        after = paging.after(request.page_token)
        async with self._shell.reading(request.context) as rows:
            hidden = await of_known(rows, tenant, caller())
            found = await services.to_serve(rows, tenant, after, limit, hidden)
        return pb.ListToServeResponse(
            services=[replies.service(each) for each in found],
            next_page_token=str(found[-1].position) if len(found) == limit else "",
        )

    async def ListServices(  # noqa: N802 # the contract's name
        self, request: pb.ListServicesRequest, _context: "Context"
    ) -> pb.ListServicesResponse:
        """Answer the services of one proposal's notices."""
        tenant = tenant_of(request.context, caller())
        notice_id = a_uuid("notice_id", request.notice_id)
        async with self._shell.reading(request.context) as rows:
            found = await services.of_notice(rows, tenant, notice_id)
        return pb.ListServicesResponse(services=[replies.service(each) for each in found])

    async def PrepareService(  # noqa: N802 # the contract's name
        self, request: pb.PrepareServiceRequest, _context: "Context"
    ) -> pb.PrepareServiceResponse:
        """Ask where it may go now; record that and the address, then answer it."""
        tenant = tenant_of(request.context, caller())
        method = a_choice("method", request.method, Method)
        notice, attempt = await self._known(tenant, request.service_id)
        which = notice.service_id
        contact = await self._where(tenant, notice, method)
        if isinstance(contact, Unreachable):
            block = BlockService(which, attempt + 1, contact.reason.value)
            receipt = await self._do(request.context, block)
            return pb.PrepareServiceResponse(receipt=receipt, blocked=contact.reason.value)
        checked = CheckedService(which, attempt + 1, method, Plain(contact.address or None))
        receipt = await self._do(request.context, checked)
        return pb.PrepareServiceResponse(
            receipt=receipt, name=contact.name, address=contact.address
        )

    async def RecordServed(  # noqa: N802 # the contract's name
        self, request: pb.RecordServedRequest, _context: "Context"
    ) -> pb.RecordServedResponse:
        """Record that it was handed over or posted."""
        tenant, context = tenant_of(request.context, caller()), request.context
        notice, attempt = await self._known(tenant, request.service_id)
        on = london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None
        receipt = await self._do(context, ServeNotice(notice.service_id, attempt, on))
        return pb.RecordServedResponse(receipt=receipt)

    async def RecordNotServed(  # noqa: N802 # the contract's name
        self, request: pb.RecordNotServedRequest, _context: "Context"
    ) -> pb.RecordNotServedResponse:
        """Record that it did not reach the addressee."""
        tenant = tenant_of(request.context, caller())
        reason = a_choice("reason", request.reason, NotServed)
        notice, attempt = await self._known(tenant, request.service_id)
        missed = RecordNotServed(notice.service_id, attempt, reason)
        return pb.RecordNotServedResponse(receipt=await self._do(request.context, missed))

    async def _known(self, tenant: UUID, text: str) -> tuple[Notice, int]:
        which = a_uuid("service_id", text)
        found = await self._shell.state(tenant, notice_service.DECIDER, service_stream(which))
        if isinstance(found, NotAwaited):
            raise NotFound("service")
        return found.notice, found.attempt

    async def _where(self, tenant: UUID, notice: Notice, method: Method) -> ByHand | Unreachable:
        """Say where it may go; what is handed over needs no envelope, so no address on it."""
        try:
            contact = await self._contacts.ask_by_hand(
                tenant, notice.addressee, notice.about_event, Channel.LETTER
            )
        except ContactsAway as away:
            raise Unavailable(str(away)) from None
        if not isinstance(contact, Unreachable) or method is not Method.BY_HAND:
            return contact
        if contact.reason in _NO_ENVELOPE:
            return ByHand("", "", "", do_not_leave_voicemail=False)
        return contact

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            return self._shell.receipt(await self._shell.command(context, command))
        except NoSuchService:
            raise NotFound("service") from None


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Return the servicer of statutory notices."""
    return [
        Servicer(
            NoticesServicer(runtime, Contacts(runtime.peers["referrals"])),
            pb_grpc.add_NoticesServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["NoticesService"].full_name,
        )
    ]
