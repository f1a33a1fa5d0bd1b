"""Changes of duty over gRPC: taken on, kept by choice, and how they stand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from casework.duty import arrival, change
from casework.duty.arrival import NoDutyCame
from casework.duty.commands import KeepDutyByChoice, RecordDutyTakenOn, TakeDutyOn
from casework.requests import MAX_WORDS
from casework.streams import duty_arrival_stream, duty_change_stream
from chassis.edge.malformed import a_text, a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.personal import Plain
from throughline.casework.v1 import duty_changes_pb2 as pb
from throughline.casework.v1 import duty_changes_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of changes of duty."""
    return [
        Servicer(
            DutyChangesServicer(runtime),
            stubs.add_DutyChangesServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["DutyChangesService"].full_name,
        )
    ]


class DutyChangesServicer(stubs.DutyChangesServiceServicer):
    """Who takes a duty on, and who goes on by choice."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def TakeDutyOn(  # noqa: N802 # the contract's name
        self, request: pb.TakeDutyOnRequest, _context: "Context"
    ) -> pb.TakeDutyOnResponse:
        """Take the duty to a child on."""
        command = TakeDutyOn(a_uuid("child", request.child))
        return pb.TakeDutyOnResponse(receipt=await self._do(request.context, command))

    async def KeepDutyByChoice(  # noqa: N802 # the contract's name
        self, request: pb.KeepDutyByChoiceRequest, _context: "Context"
    ) -> pb.KeepDutyByChoiceResponse:
        """Go on helping by choice."""
        words = Plain(a_text("words", request.words, MAX_WORDS))
        command = KeepDutyByChoice(a_uuid("case_id", request.case_id), words)
        return pb.KeepDutyByChoiceResponse(receipt=await self._do(request.context, command))

    async def RecordDutyTakenOn(  # noqa: N802 # the contract's name
        self, request: pb.RecordDutyTakenOnRequest, _context: "Context"
    ) -> pb.RecordDutyTakenOnResponse:
        """Record what an authority outside wrote."""
        command = RecordDutyTakenOn(a_uuid("case_id", request.case_id))
        return pb.RecordDutyTakenOnResponse(receipt=await self._do(request.context, command))

    async def GetDutyChange(  # noqa: N802 # the contract's name
        self, request: pb.GetDutyChangeRequest, _context: "Context"
    ) -> pb.GetDutyChangeResponse:
        """Answer how the latest change stands."""
        tenant = tenant_of(request.context, caller())
        stream = duty_change_stream(a_uuid("case_id", request.case_id))
        match await self._shell.state(tenant, change.DECIDER, stream):
            case change.Unchanged():
                raise NotFound("duty change")
            case change.HandingOn(said):
                state = "handing-on"
            case change.HandedOn(said):
                state = "handed-on"
            case change.Kept(said):
                state = "kept"
        return pb.GetDutyChangeResponse(
            state=state,
            to=said.to,
            from_day=said.from_day.isoformat(),
            stays=[each.value for each in said.stays],
        )

    async def GetArrivedDuty(  # noqa: N802 # the contract's name
        self, request: pb.GetArrivedDutyRequest, _context: "Context"
    ) -> pb.GetArrivedDutyResponse:
        """Answer whether a duty to a child came here."""
        tenant = tenant_of(request.context, caller())
        stream = duty_arrival_stream(a_uuid("child", request.child))
        match await self._shell.state(tenant, arrival.DECIDER, stream):
            case arrival.NothingCame():
                raise NotFound("duty")
            case arrival.Came(said):
                state = "came"
            case arrival.TakenOn(said):
                state = "taken-on"
        return pb.GetArrivedDutyResponse(
            state=state,
            sent_by=str(said.sent_by_authority),
            from_day=said.from_day.isoformat(),
            stays=[each.value for each in said.stays],
        )

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except (NoDutyCame, change.NothingToHandOn):
            raise NotFound("duty") from None
        return self._shell.receipt(done)
