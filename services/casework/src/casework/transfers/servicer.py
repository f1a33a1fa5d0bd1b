"""Transfers over gRPC: a case is offered, answered, taken back; who holds it is told."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import paging
from casework.cases.case import DECIDER as CASE
from casework.cases.case import NoSuchCase, NotOpened
from casework.requests import purpose
from casework.streams import case_stream, transfer_made_by, transfer_stream
from casework.transfers import incoming_list, kept_entries, replies, requests, transfer
from casework.transfers.custody import holder_at
from casework.transfers.custody_past import passings
from casework.transfers.incoming import NoSuchTransfer
from casework.transfers.packet import preview
from casework.workers.worker import WorkerUnknown
from chassis.edge.malformed import a_choice, a_count, a_timestamp, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import transfers_pb2 as pb
from throughline.casework.v1 import transfers_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of transfers."""
    return [
        Servicer(
            TransfersServicer(runtime),
            stubs.add_TransfersServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["TransfersService"].full_name,
        )
    ]


class TransfersServicer(stubs.TransfersServiceServicer):
    """Where cases go, and who holds them."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._directory = runtime.directory

    async def PreviewTransfer(  # noqa: N802 # the contract's name
        self, request: pb.PreviewTransferRequest, _context: "Context"
    ) -> pb.PreviewTransferResponse:
        """Answer what would go along with a case."""
        tenant = tenant_of(request.context, caller())
        case_id = await self._case(tenant, request.case_id)
        return replies.preview(preview(await self._shell.store.of_case(tenant, case_id)))

    async def OfferTransfer(  # noqa: N802 # the contract's name
        self, request: pb.OfferTransferRequest, _context: "Context"
    ) -> pb.OfferTransferResponse:
        """Offer a case."""
        asked = command_context(request.context, caller())
        transfer_id = transfer_made_by(asked.tenant, asked.command_id)
        command = requests.offer(request, transfer_id, asked.tenant, self._directory)
        receipt = await self._do(request.context, command)
        return pb.OfferTransferResponse(receipt=receipt, transfer_id=str(transfer_id))

    async def RevokeTransfer(  # noqa: N802 # the contract's name
        self, request: pb.RevokeTransferRequest, _context: "Context"
    ) -> pb.RevokeTransferResponse:
        """Take an offer back."""
        receipt = await self._do(request.context, requests.revoke(request))
        return pb.RevokeTransferResponse(receipt=receipt)

    async def RecordTransferAnswer(  # noqa: N802 # the contract's name
        self, request: pb.RecordTransferAnswerRequest, _context: "Context"
    ) -> pb.RecordTransferAnswerResponse:
        """Record what a team or an agency answered."""
        receipt = await self._do(request.context, requests.answer(request))
        return pb.RecordTransferAnswerResponse(receipt=receipt)

    async def AcceptTransfer(  # noqa: N802 # the contract's name
        self, request: pb.AcceptTransferRequest, _context: "Context"
    ) -> pb.AcceptTransferResponse:
        """Take a case that another authority offers."""
        receipt = await self._do(request.context, requests.accept(request))
        return pb.AcceptTransferResponse(receipt=receipt)

    async def RefuseTransfer(  # noqa: N802 # the contract's name
        self, request: pb.RefuseTransferRequest, _context: "Context"
    ) -> pb.RefuseTransferResponse:
        """Do not take a case that another authority offers."""
        receipt = await self._do(request.context, requests.refuse(request))
        return pb.RefuseTransferResponse(receipt=receipt)

    async def ListIncomingTransfers(  # noqa: N802 # the contract's name
        self, request: pb.ListIncomingTransfersRequest, _context: "Context"
    ) -> pb.ListIncomingTransfersResponse:
        """Answer a page of the cases that others offer."""
        tenant = tenant_of(request.context, caller())
        which = a_choice("state", request.state, incoming_list.Listed)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        of_list = f"incoming transfers {which}"
        after = paging.place_after(request.page_token, of_list, UUID, incoming_list.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            found = await incoming_list.page(rows, tenant, which, after, limit)
        last = incoming_list.place(found[-1]) if len(found) == limit else None
        return pb.ListIncomingTransfersResponse(
            transfers=[replies.summary(each) for each in found],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    async def GetTransfer(  # noqa: N802 # the contract's name
        self, request: pb.GetTransferRequest, _context: "Context"
    ) -> pb.GetTransferResponse:
        """Answer how the transfer of a case stands."""
        tenant = tenant_of(request.context, caller())
        case_id = await self._case(tenant, request.case_id)
        stream = transfer_stream(case_id)
        return replies.standing(await self._shell.state(tenant, transfer.DECIDER, stream))

    async def GetCustody(  # noqa: N802 # the contract's name
        self, request: pb.GetCustodyRequest, _context: "Context"
    ) -> pb.GetCustodyResponse:
        """Answer who holds a case."""
        tenant = tenant_of(request.context, caller())
        case_id = await self._case(tenant, request.case_id)
        async with self._shell.reading(request.context) as rows:
            at = await rows.fetchval("select es.now()")
            if request.HasField("at"):
                at = a_timestamp("at", request.at)
            found = await passings(rows, tenant, case_id)
        opened_by = found[0].from_authority if found else tenant
        return replies.custody(holder_at(opened_by, found, at), found)

    async def ReadTransferredRecord(  # noqa: N802 # the contract's name
        self, request: pb.ReadTransferredRecordRequest, _context: "Context"
    ) -> pb.ReadTransferredRecordResponse:
        """Answer a page of what came along with a case; its words where a purpose is given."""
        tenant = tenant_of(request.context, caller())
        case_id = await self._case(tenant, request.case_id)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        of_list = kept_entries.LIST
        after = paging.place_after(request.page_token, of_list, int, kept_entries.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            found = await kept_entries.page(rows, tenant, case_id, after, limit)
        words = await self._words(request, found, tenant, case_id)
        last = kept_entries.place(found[-1]) if len(found) == limit else None
        return pb.ReadTransferredRecordResponse(
            entries=[replies.entry(*each) for each in zip(found, words, strict=True)],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    async def _words(
        self,
        request: pb.ReadTransferredRecordRequest,
        found: Sequence[kept_entries.Kept],
        tenant: UUID,
        case_id: UUID,
    ) -> list[dict[str, str]]:
        """Open what was said, as far as purpose and role go."""
        if not request.context.purpose:
            return [{} for _ in found]
        handles = [each for entry in found for each in entry.sealed.values()]
        why = purpose(request.context)
        opened = iter(await self._shell.unseal(why, handles, tenant=tenant, case_id=case_id))
        return [_merged([next(opened) for _ in entry.sealed]) for entry in found]

    async def _case(self, tenant: UUID, text: str) -> UUID:
        case_id = a_uuid("case_id", text)
        found = await self._shell.state(tenant, CASE, case_stream(case_id))
        if isinstance(found, NotOpened):
            raise NotFound("case")
        return case_id

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except (NoSuchCase, NoSuchTransfer, WorkerUnknown) as absent:
            what = {NoSuchCase: "case", NoSuchTransfer: "transfer"}.get(type(absent), "worker")
            raise NotFound(what) from None
        return self._shell.receipt(done)


def _merged(texts: Sequence[object]) -> dict[str, str]:
    return {
        name: text
        for each in texts
        if isinstance(each, str)
        for name, text in json.loads(each).items()
    }
