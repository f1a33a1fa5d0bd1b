"""Urgent provision over gRPC: requests to commands, facts to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening
from casework.cases.case import NoSuchCase
from casework.provision import provisions, replies, requests
from casework.provision.provision import NoSuchProvision
from casework.streams import provision_made_by, provision_stream
from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import provision_pb2 as pb
from throughline.casework.v1 import provision_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, ReadContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of urgent provision."""
    return [
        Servicer(
            ProvisionServicer(runtime),
            stubs.add_ProvisionServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["ProvisionService"].full_name,
        )
    ]


class ProvisionServicer(stubs.ProvisionServiceServicer):
    """Help that could not wait."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def AuthoriseUrgentProvision(  # noqa: N802 # the contract's name
        self, request: pb.AuthoriseUrgentProvisionRequest, _context: "Context"
    ) -> pb.AuthoriseUrgentProvisionResponse:
        """Let help begin."""
        asked = command_context(request.context, caller())
        provision_id = provision_made_by(asked.tenant, asked.command_id)
        command = requests.authorise(request, provision_id, caller().actor.id)
        receipt = await self._do(request.context, command, request.case_id)
        return pb.AuthoriseUrgentProvisionResponse(receipt=receipt, provision_id=str(provision_id))

    async def RecordStepMadeGood(  # noqa: N802 # the contract's name
        self, request: pb.RecordStepMadeGoodRequest, _context: "Context"
    ) -> pb.RecordStepMadeGoodResponse:
        """Record what made a skipped step good."""
        receipt = await self._do(request.context, requests.made_good(request), request.case_id)
        return pb.RecordStepMadeGoodResponse(receipt=receipt)

    async def EndUrgentProvision(  # noqa: N802 # the contract's name
        self, request: pb.EndUrgentProvisionRequest, _context: "Context"
    ) -> pb.EndUrgentProvisionResponse:
        """End the help."""
        receipt = await self._do(request.context, requests.end(request), request.case_id)
        return pb.EndUrgentProvisionResponse(receipt=receipt)

    async def ListUrgentProvisions(  # noqa: N802 # the contract's name
        self, request: pb.ListUrgentProvisionsRequest, _context: "Context"
    ) -> pb.ListUrgentProvisionsResponse:
        """Answer which steps were skipped in a case, and why."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        async with self._shell.reading(request.context) as rows:
            found = await provisions.of_case(rows, tenant, case_id)
        told = [await self._one(tenant, case_id, each, request.context) for each in found]
        return pb.ListUrgentProvisionsResponse(provisions=told)

    async def _one(
        self, tenant: UUID, case_id: UUID, provision_id: UUID, context: ReadContext
    ) -> pb.UrgentProvision:
        stream = provision_stream(provision_id)
        seen = await opening.read(self._shell, context, tenant, stream, case_id)
        return replies.provision([each.fact.event for each in seen], seen[0].words)

    async def _do(self, context: CommandContext, command: object, case_id: str) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchCase:
            raise NotFound("case") from None
        except NoSuchProvision:
            raise NotFound("urgent provision") from None
        return self._shell.receipt(done, case_id=UUID(case_id))
