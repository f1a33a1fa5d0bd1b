"""Proposals over gRPC: requests to commands, facts and rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.cases.case import NoSuchCase
from casework.decisions import notices, replies, requests
from casework.decisions.refusals import NoSuchNotice
from casework.streams import notice_made_by, notice_stream, representation_made_by
from chassis.edge.malformed import a_choice, a_count, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import decisions_pb2 as pb
from throughline.casework.v1 import decisions_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of proposals."""
    return [
        Servicer(
            DecisionsServicer(runtime),
            stubs.add_DecisionsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["DecisionsService"].full_name,
        )
    ]


class DecisionsServicer(stubs.DecisionsServiceServicer):
    """What is proposed to families, and what is decided."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def WriteProposal(  # noqa: N802 # the contract's name
        self, request: pb.WriteProposalRequest, _context: "Context"
    ) -> pb.WriteProposalResponse:
        """Write a proposal."""
        asked = command_context(request.context, caller())
        notice_id = notice_made_by(asked.tenant, asked.command_id)
        command = requests.write(request, notice_id, caller().actor.id)
        receipt = await self._do(request.context, command, request.case_id)
        return pb.WriteProposalResponse(receipt=receipt, notice_id=str(notice_id))

    async def RewordProposal(  # noqa: N802 # the contract's name
        self, request: pb.RewordProposalRequest, _context: "Context"
    ) -> pb.RewordProposalResponse:
        """Write the text anew."""
        command = requests.reword(request, caller().actor.id)
        receipt = await self._do(request.context, command, request.case_id)
        return pb.RewordProposalResponse(receipt=receipt)

    async def IssueNotice(  # noqa: N802 # the contract's name
        self, request: pb.IssueNoticeRequest, _context: "Context"
    ) -> pb.IssueNoticeResponse:
        """Let the notice be served."""
        receipt = await self._do(request.context, requests.issue(request), request.case_id)
        return pb.IssueNoticeResponse(receipt=receipt)

    async def RecordRepresentations(  # noqa: N802 # the contract's name
        self, request: pb.RecordRepresentationsRequest, _context: "Context"
    ) -> pb.RecordRepresentationsResponse:
        """Record what somebody said."""
        asked = command_context(request.context, caller())
        said = representation_made_by(asked.tenant, asked.command_id)
        command = requests.represent(request, said)
        receipt = await self._do(request.context, command, request.case_id)
        return pb.RecordRepresentationsResponse(receipt=receipt)

    async def RecordSatisfied(  # noqa: N802 # the contract's name
        self, request: pb.RecordSatisfiedRequest, _context: "Context"
    ) -> pb.RecordSatisfiedResponse:
        """Record that the family is satisfied."""
        receipt = await self._do(request.context, requests.satisfied(request), request.case_id)
        return pb.RecordSatisfiedResponse(receipt=receipt)

    async def WithdrawProposal(  # noqa: N802 # the contract's name
        self, request: pb.WithdrawProposalRequest, _context: "Context"
    ) -> pb.WithdrawProposalResponse:
        """Do not go on with a proposal."""
        receipt = await self._do(request.context, requests.withdraw(request), request.case_id)
        return pb.WithdrawProposalResponse(receipt=receipt)

    async def DecideProposal(  # noqa: N802 # the contract's name
        self, request: pb.DecideProposalRequest, _context: "Context"
    ) -> pb.DecideProposalResponse:
        """Decide, with reasons."""
        command = requests.decide(request, caller().actor.id)
        receipt = await self._do(request.context, command, request.case_id)
        return pb.DecideProposalResponse(receipt=receipt)

    async def GetNotice(  # noqa: N802 # the contract's name
        self, request: pb.GetNoticeRequest, _context: "Context"
    ) -> pb.GetNoticeResponse:
        """Answer a proposal and what happened to it; its words where a purpose is given."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        notice_id = a_uuid("notice_id", request.notice_id)
        async with self._shell.reading(request.context) as rows:
            found = await notices.one(rows, tenant, case_id, notice_id)
        if found is None:
            raise NotFound("notice")
        stream = notice_stream(notice_id)
        facts = await opening.read(self._shell, request.context, tenant, stream, case_id)
        return pb.GetNoticeResponse(
            notice=replies.summary(found), entries=[replies.entry(each) for each in facts]
        )

    async def ListNotices(  # noqa: N802 # the contract's name
        self, request: pb.ListNoticesRequest, _context: "Context"
    ) -> pb.ListNoticesResponse:
        """Answer the proposals of a case."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        async with self._shell.reading(request.context) as rows:
            found = await notices.of_case(rows, tenant, case_id)
        return pb.ListNoticesResponse(notices=[replies.summary(each) for each in found])

    async def ListProposals(  # noqa: N802 # the contract's name
        self, request: pb.ListProposalsRequest, _context: "Context"
    ) -> pb.ListProposalsResponse:
        """Answer a page of the proposals in a state."""
        tenant = tenant_of(request.context, caller())
        which = a_choice("state", request.state, notices.Listed)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        of_list = f"proposals {which}"
        after = paging.place_after(request.page_token, of_list, UUID, notices.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            found = await notices.page(rows, tenant, which, after, limit)
        last = notices.place(found[-1]) if len(found) == limit else None
        return pb.ListProposalsResponse(
            notices=[replies.summary(each) for each in found],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    async def _do(self, context: CommandContext, command: object, case_id: str) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchCase:
            raise NotFound("case") from None
        except NoSuchNotice:
            raise NotFound("notice") from None
        return self._shell.receipt(done, case_id=UUID(case_id))
