"""Reopening and family links over gRPC."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from casework.cases import requests, standing
from casework.cases.case import NoSuchCase
from casework.streams import reopening_made_by
from chassis.edge.rpc import caller, command_context
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import cases_pb2 as pb
from throughline.casework.v1 import cases_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, ReadContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of cases as a whole."""
    return [
        Servicer(
            CasesServicer(runtime),
            stubs.add_CasesServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["CasesService"].full_name,
        )
    ]


class CasesServicer(stubs.CasesServiceServicer):
    """What a person decides of a case as a whole."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def ReopenCase(  # noqa: N802 # the contract's name
        self, request: pb.ReopenCaseRequest, _context: "Context"
    ) -> pb.ReopenCaseResponse:
        """Begin a new episode of a closed case."""
        asked = command_context(request.context, caller())
        reopening = reopening_made_by(asked.tenant, asked.command_id)
        context = ReadContext(authority=request.context.authority)
        case_id = requests.case_id(request.case_id)
        async with self._shell.reading(context) as rows:
            found = await standing.one(rows, asked.tenant, case_id)
        known = found.duty_holder if found else None
        receipt = await self._do(request.context, requests.reopen(request, reopening, known))
        return pb.ReopenCaseResponse(receipt=receipt)

    async def LinkFamily(  # noqa: N802 # the contract's name
        self, request: pb.LinkFamilyRequest, _context: "Context"
    ) -> pb.LinkFamilyResponse:
        """Note that two cases are of one family."""
        receipt = await self._do(request.context, requests.link(request))
        return pb.LinkFamilyResponse(receipt=receipt)

    async def UnlinkFamily(  # noqa: N802 # the contract's name
        self, request: pb.UnlinkFamilyRequest, _context: "Context"
    ) -> pb.UnlinkFamilyResponse:
        """Note that they are not."""
        receipt = await self._do(request.context, requests.unlink(request))
        return pb.UnlinkFamilyResponse(receipt=receipt)

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchCase:
            raise NotFound("case") from None
        return self._shell.receipt(done)
