"""Rotas and concerns over gRPC: requests to commands, states and rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.streams import concern_made_by, concern_stream, on_call_stream
from casework.urgent import concerns, replies, requests, rota
from casework.urgent.commands import AcknowledgeConcern
from casework.urgent.concern import NoSuchConcern
from casework.urgent.rule import Post
from chassis.edge.malformed import a_choice, a_count, a_timestamp, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import concerns_pb2 as pb
from throughline.casework.v1 import concerns_pb2_grpc, rota_pb2, rota_pb2_grpc
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicers of the urgent path."""
    return [
        Servicer(
            RotaServicer(runtime),
            rota_pb2_grpc.add_RotaServiceServicer_to_server,
            rota_pb2.DESCRIPTOR.services_by_name["RotaService"].full_name,
        ),
        Servicer(
            ConcernsServicer(runtime),
            concerns_pb2_grpc.add_ConcernsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["ConcernsService"].full_name,
        ),
    ]


class RotaServicer(rota_pb2_grpc.RotaServiceServicer):
    """Who stands for what."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def StartOnCall(  # noqa: N802 # the contract's name
        self, request: rota_pb2.StartOnCallRequest, _context: "Context"
    ) -> rota_pb2.StartOnCallResponse:
        """Let a worker stand from now on."""
        command = requests.start(request, caller().actor.id)
        done = await self._shell.command(request.context, command)
        return rota_pb2.StartOnCallResponse(receipt=self._shell.receipt(done))

    async def EndOnCall(  # noqa: N802 # the contract's name
        self, request: rota_pb2.EndOnCallRequest, _context: "Context"
    ) -> rota_pb2.EndOnCallResponse:
        """Let a worker stand no longer."""
        command = requests.end(request, caller().actor.id)
        done = await self._shell.command(request.context, command)
        return rota_pb2.EndOnCallResponse(receipt=self._shell.receipt(done))

    async def PlanOnCall(  # noqa: N802 # the contract's name
        self, request: rota_pb2.PlanOnCallRequest, _context: "Context"
    ) -> rota_pb2.PlanOnCallResponse:
        """Let a worker stand in a time to come."""
        command = requests.plan(request, caller().actor.id)
        done = await self._shell.command(request.context, command)
        return rota_pb2.PlanOnCallResponse(receipt=self._shell.receipt(done))

    async def DropPlannedOnCall(  # noqa: N802 # the contract's name
        self, request: rota_pb2.DropPlannedOnCallRequest, _context: "Context"
    ) -> rota_pb2.DropPlannedOnCallResponse:
        """Let a planned shift not come."""
        command = requests.drop(request, caller().actor.id)
        done = await self._shell.command(request.context, command)
        return rota_pb2.DropPlannedOnCallResponse(receipt=self._shell.receipt(done))

    async def GetOnCall(  # noqa: N802 # the contract's name
        self, request: rota_pb2.GetOnCallRequest, _context: "Context"
    ) -> rota_pb2.GetOnCallResponse:
        """Answer who stands for each post at an instant."""
        tenant = tenant_of(request.context, caller())
        async with self._shell.reading(request.context) as rows:
            at = await rows.fetchval("select es.now()")
        if request.HasField("at"):
            at = a_timestamp("at", request.at)
        found = [
            (post, await self._shell.state(tenant, rota.DECIDER, on_call_stream(tenant, post)))
            for post in Post
        ]
        return rota_pb2.GetOnCallResponse(
            posts=[replies.post_now(post, state, at) for post, state in found]
        )


class ConcernsServicer(concerns_pb2_grpc.ConcernsServiceServicer):
    """Concerns raised, acknowledged, handed on, closed, and how they stand."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def RaiseConcern(  # noqa: N802 # the contract's name
        self, request: pb.RaiseConcernRequest, _context: "Context"
    ) -> pb.RaiseConcernResponse:
        """Raise a concern."""
        asked = command_context(request.context, caller())
        concern_id = concern_made_by(asked.tenant, asked.command_id)
        command = requests.raise_concern(request, concern_id)
        receipt = await self._do(request.context, command)
        return pb.RaiseConcernResponse(receipt=receipt, concern_id=str(concern_id))

    async def AcknowledgeConcern(  # noqa: N802 # the contract's name
        self, request: pb.AcknowledgeConcernRequest, _context: "Context"
    ) -> pb.AcknowledgeConcernResponse:
        """Let the caller take a concern on."""
        concern_id = a_uuid("concern_id", request.concern_id)
        command = AcknowledgeConcern(concern_id, caller().actor.id)
        return pb.AcknowledgeConcernResponse(receipt=await self._do(request.context, command))

    async def RecordEmergencyTold(  # noqa: N802 # the contract's name
        self, request: pb.RecordEmergencyToldRequest, _context: "Context"
    ) -> pb.RecordEmergencyToldResponse:
        """Record that the police or others were told."""
        receipt = await self._do(request.context, requests.emergency(request))
        return pb.RecordEmergencyToldResponse(receipt=receipt)

    async def ReferConcern(  # noqa: N802 # the contract's name
        self, request: pb.ReferConcernRequest, _context: "Context"
    ) -> pb.ReferConcernResponse:
        """Record that an authority was notified."""
        receipt = await self._do(request.context, requests.refer(request))
        return pb.ReferConcernResponse(receipt=receipt)

    async def RecordAuthorityAnswer(  # noqa: N802 # the contract's name
        self, request: pb.RecordAuthorityAnswerRequest, _context: "Context"
    ) -> pb.RecordAuthorityAnswerResponse:
        """Record that an authority answered."""
        receipt = await self._do(request.context, requests.answer(request))
        return pb.RecordAuthorityAnswerResponse(receipt=receipt)

    async def CloseConcern(  # noqa: N802 # the contract's name
        self, request: pb.CloseConcernRequest, _context: "Context"
    ) -> pb.CloseConcernResponse:
        """End the work on a concern."""
        receipt = await self._do(request.context, requests.close(request))
        return pb.CloseConcernResponse(receipt=receipt)

    async def GetConcern(  # noqa: N802 # the contract's name
        self, request: pb.GetConcernRequest, _context: "Context"
    ) -> pb.GetConcernResponse:
        """Answer a concern and what was done about it; its words where a purpose is given."""
        tenant = tenant_of(request.context, caller())
        concern_id = a_uuid("concern_id", request.concern_id)
        async with self._shell.reading(request.context) as rows:
            found = await concerns.one(rows, tenant, concern_id)
        if found is None:
            raise NotFound("concern")
        stream = concern_stream(concern_id)
        seen = await opening.read(self._shell, request.context, tenant, stream, found.case_id)
        return pb.GetConcernResponse(
            concern=replies.summary(found),
            entries=[replies.entry(each.fact, each.text()) for each in seen],
        )

    async def ListConcerns(  # noqa: N802 # the contract's name
        self, request: pb.ListConcernsRequest, _context: "Context"
    ) -> pb.ListConcernsResponse:
        """Answer a page of the concerns in a state."""
        tenant = tenant_of(request.context, caller())
        which = a_choice("state", request.state, concerns.Listed)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        of_list = f"concerns {which}"
        after = paging.place_after(request.page_token, of_list, UUID, concerns.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            found = await concerns.page(rows, tenant, which, after, limit)
        last = concerns.place(found[-1]) if len(found) == limit else None
        return pb.ListConcernsResponse(
            concerns=[replies.summary(each) for each in found],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchConcern:
            raise NotFound("concern") from None
        return self._shell.receipt(done)
