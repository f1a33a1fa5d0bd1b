"""Complaints over gRPC: requests to commands, facts and rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.cases.case import NoSuchCase
from casework.complaints import listed, replies, requests
from casework.complaints.complaint import NoSuchComplaint
from casework.decisions.refusals import NoSuchNotice
from casework.streams import complaint_made_by, complaint_stream
from chassis.edge.malformed import a_choice, a_count, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import complaints_pb2 as pb
from throughline.casework.v1 import complaints_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of complaints."""
    return [
        Servicer(
            ComplaintsServicer(runtime),
            stubs.add_ComplaintsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["ComplaintsService"].full_name,
        )
    ]


class ComplaintsServicer(stubs.ComplaintsServiceServicer):
    """Complaints in their three stages."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def RecordComplaint(  # noqa: N802 # the contract's name
        self, request: pb.RecordComplaintRequest, _context: "Context"
    ) -> pb.RecordComplaintResponse:
        """Record a complaint."""
        asked = command_context(request.context, caller())
        complaint_id = complaint_made_by(asked.tenant, asked.command_id)
        command = requests.record(request, complaint_id, caller().actor.id)
        receipt = await self._do(request.context, command)
        return pb.RecordComplaintResponse(receipt=receipt, complaint_id=str(complaint_id))

    async def ExtendComplaintStage(  # noqa: N802 # the contract's name
        self, request: pb.ExtendComplaintStageRequest, _context: "Context"
    ) -> pb.ExtendComplaintStageResponse:
        """Give the stage as long as it may take."""
        receipt = await self._do(request.context, requests.extend(request))
        return pb.ExtendComplaintStageResponse(receipt=receipt)

    async def AnswerComplaint(  # noqa: N802 # the contract's name
        self, request: pb.AnswerComplaintRequest, _context: "Context"
    ) -> pb.AnswerComplaintResponse:
        """Answer the stage."""
        command = requests.answer(request, caller().actor.id)
        return pb.AnswerComplaintResponse(receipt=await self._do(request.context, command))

    async def BeginComplaintStage(  # noqa: N802 # the contract's name
        self, request: pb.BeginComplaintStageRequest, _context: "Context"
    ) -> pb.BeginComplaintStageResponse:
        """Go on to the next stage."""
        command = requests.begin(request, caller().actor.id)
        return pb.BeginComplaintStageResponse(receipt=await self._do(request.context, command))

    async def RecordComplaintPanel(  # noqa: N802 # the contract's name
        self, request: pb.RecordComplaintPanelRequest, _context: "Context"
    ) -> pb.RecordComplaintPanelResponse:
        """Record that the panel met."""
        receipt = await self._do(request.context, requests.panel(request))
        return pb.RecordComplaintPanelResponse(receipt=receipt)

    async def RecordPanelReport(  # noqa: N802 # the contract's name
        self, request: pb.RecordPanelReportRequest, _context: "Context"
    ) -> pb.RecordPanelReportResponse:
        """Record the panel's report."""
        receipt = await self._do(request.context, requests.report(request))
        return pb.RecordPanelReportResponse(receipt=receipt)

    async def WithdrawComplaint(  # noqa: N802 # the contract's name
        self, request: pb.WithdrawComplaintRequest, _context: "Context"
    ) -> pb.WithdrawComplaintResponse:
        """Record that who complained does so no more."""
        receipt = await self._do(request.context, requests.withdraw(request))
        return pb.WithdrawComplaintResponse(receipt=receipt)

    async def GetComplaint(  # noqa: N802 # the contract's name
        self, request: pb.GetComplaintRequest, _context: "Context"
    ) -> pb.GetComplaintResponse:
        """Answer a complaint and what was done about it; its words where a purpose is given."""
        tenant = tenant_of(request.context, caller())
        complaint_id = a_uuid("complaint_id", request.complaint_id)
        async with self._shell.reading(request.context) as rows:
            found = await listed.one(rows, tenant, complaint_id)
        if found is None:
            raise NotFound("complaint")
        stream = complaint_stream(complaint_id)
        facts = await opening.read(self._shell, request.context, tenant, stream, None)
        return pb.GetComplaintResponse(
            complaint=replies.summary(found), entries=[replies.entry(each) for each in facts]
        )

    async def ListComplaints(  # noqa: N802 # the contract's name
        self, request: pb.ListComplaintsRequest, _context: "Context"
    ) -> pb.ListComplaintsResponse:
        """Answer a page of the complaints in a state that are not about the caller."""
        tenant = tenant_of(request.context, caller())
        which = a_choice("state", request.state, listed.Listed)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        of_list = f"complaints {which}"
        after = paging.place_after(request.page_token, of_list, UUID, listed.BEGINNING)
        asked = listed.Asked(tenant, which, caller().actor.id)
        async with self._shell.reading(request.context) as rows:
            found = await listed.page(rows, asked, after, limit)
        last = listed.place(found[-1]) if len(found) == limit else None
        return pb.ListComplaintsResponse(
            complaints=[replies.summary(each) for each in found],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchCase:
            raise NotFound("case") from None
        except NoSuchNotice:
            raise NotFound("notice") from None
        except NoSuchComplaint:
            raise NotFound("complaint") from None
        return self._shell.receipt(done)
