"""Assessments and formulations over gRPC: requests to commands, rows and facts to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.assessments import replies, requests, underway
from casework.assessments.assessment import NoSuchAssessment
from casework.assessments.commands import AgreeFormulation, ShareFormulation
from casework.assessments.formulation import NoSuchFormulation
from casework.cases import standing
from casework.cases.case import NoSuchCase
from casework.information.item import NoSuchItem
from casework.opening import reading
from casework.streams import assessment_stream, entry_made_by, formulation_stream
from casework.tasks.lists import Part
from chassis.edge.malformed import a_choice, a_count, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import assessments_pb2 as pb
from throughline.casework.v1 import assessments_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200

_ABSENCE = (NoSuchCase, NoSuchItem, NoSuchAssessment, NoSuchFormulation)


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of the room."""
    return [
        Servicer(
            AssessmentsServicer(runtime),
            stubs.add_AssessmentsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["AssessmentsService"].full_name,
        )
    ]


class AssessmentsServicer(stubs.AssessmentsServiceServicer):
    """What a child and a family need, and how it is understood."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime, self._shell = runtime, runtime.shell

    async def StartAssessment(  # noqa: N802 # the contract's name
        self, request: pb.StartAssessmentRequest, _context: "Context"
    ) -> pb.StartAssessmentResponse:
        """Begin an assessment."""
        assessment_id = self._made(request.context)
        receipt = await self._do(request.context, requests.start(request, assessment_id))
        return pb.StartAssessmentResponse(receipt=receipt, assessment_id=str(assessment_id))

    async def ConsiderHeading(  # noqa: N802 # the contract's name
        self, request: pb.ConsiderHeadingRequest, _context: "Context"
    ) -> pb.ConsiderHeadingResponse:
        """Say something under a heading."""
        entry_id = self._made(request.context)
        receipt = await self._do(request.context, requests.consider(request, entry_id))
        return pb.ConsiderHeadingResponse(receipt=receipt, entry_id=str(entry_id))

    async def CompleteAssessment(  # noqa: N802 # the contract's name
        self, request: pb.CompleteAssessmentRequest, _context: "Context"
    ) -> pb.CompleteAssessmentResponse:
        """Complete an assessment."""
        receipt = await self._do(request.context, requests.complete(request))
        return pb.CompleteAssessmentResponse(receipt=receipt)

    async def AbandonAssessment(  # noqa: N802 # the contract's name
        self, request: pb.AbandonAssessmentRequest, _context: "Context"
    ) -> pb.AbandonAssessmentResponse:
        """End an assessment without a result."""
        receipt = await self._do(request.context, requests.abandon(request))
        return pb.AbandonAssessmentResponse(receipt=receipt)

    async def GetAssessments(  # noqa: N802 # the contract's name
        self, request: pb.GetAssessmentsRequest, _context: "Context"
    ) -> pb.GetAssessmentsResponse:
        """Answer the assessments of a case."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        stream = assessment_stream(case_id)
        async with self._shell.reading(request.context) as rows:
            if await standing.one(rows, tenant, case_id) is None:
                raise NotFound("case")
            seen = await opening.read(self._shell, request.context, tenant, stream, case_id)
        return pb.GetAssessmentsResponse(assessments=replies.assessments(seen))

    async def ListAssessments(  # noqa: N802 # the contract's name
        self, request: pb.ListAssessmentsRequest, _context: "Context"
    ) -> pb.ListAssessmentsResponse:
        """Answer a page of the assessments that are being made."""
        which = a_choice("state", request.state, underway.Listed)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        of_list = f"assessments {which}"
        after = paging.place_after(request.page_token, of_list, UUID, underway.BEGINNING)
        async with reading(self._runtime, request.context) as (rows, reader):
            found = await underway.page(rows, reader, which, Part(after, limit))
        last = underway.place(found[-1]) if len(found) == limit else None
        return pb.ListAssessmentsResponse(
            assessments=[replies.summary(each) for each in found],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    async def DraftFormulation(  # noqa: N802 # the contract's name
        self, request: pb.DraftFormulationRequest, _context: "Context"
    ) -> pb.DraftFormulationResponse:
        """Write the next version of a formulation."""
        command = requests.draft(request, self._made(request.context))
        return pb.DraftFormulationResponse(receipt=await self._do(request.context, command))

    async def ShareFormulation(  # noqa: N802 # the contract's name
        self, request: pb.ShareFormulationRequest, _context: "Context"
    ) -> pb.ShareFormulationResponse:
        """Say to whom a version was shown."""
        command = ShareFormulation(*requests.shown(request))
        return pb.ShareFormulationResponse(receipt=await self._do(request.context, command))

    async def AgreeFormulation(  # noqa: N802 # the contract's name
        self, request: pb.AgreeFormulationRequest, _context: "Context"
    ) -> pb.AgreeFormulationResponse:
        """Say who agrees to a version."""
        command = AgreeFormulation(*requests.shown(request))
        return pb.AgreeFormulationResponse(receipt=await self._do(request.context, command))

    async def GetFormulation(  # noqa: N802 # the contract's name
        self, request: pb.GetFormulationRequest, _context: "Context"
    ) -> pb.GetFormulationResponse:
        """Answer all versions of a formulation."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        stream = formulation_stream(case_id)
        async with self._shell.reading(request.context) as rows:
            if await standing.one(rows, tenant, case_id) is None:
                raise NotFound("case")
            seen = await opening.read(self._shell, request.context, tenant, stream, case_id)
        return pb.GetFormulationResponse(versions=replies.formulations(seen))

    @staticmethod
    def _made(context: CommandContext) -> UUID:
        """Return the id of what a command writes."""
        asked = command_context(context, caller())
        return entry_made_by(asked.tenant, asked.command_id)

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        """Carry out a command; what is not there is not found."""
        try:
            done = await self._shell.command(context, command)
        except _ABSENCE as absent:
            raise NotFound(type(absent).__name__.removeprefix("NoSuch").lower()) from None
        return self._shell.receipt(done)
