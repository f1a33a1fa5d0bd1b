"""Bookings and pauses over gRPC."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework.cases import case
from casework.cases.case import NoSuchCase
from casework.replies import stamp
from casework.sessions import booking, bookings, intervention, requests
from casework.sessions.booking import NoSuchBooking, Slot
from casework.streams import booking_made_by, case_stream, intervention_stream, worker_stream
from casework.workers import worker
from casework.workers.worker import WorkerUnknown
from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import sessions_pb2 as pb
from throughline.casework.v1 import sessions_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

_ABSENT = {NoSuchCase: "case", NoSuchBooking: "booking", WorkerUnknown: "worker"}


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of sessions to come."""
    return [
        Servicer(
            SessionsServicer(runtime),
            stubs.add_SessionsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["SessionsService"].full_name,
        )
    ]


class SessionsServicer(stubs.SessionsServiceServicer):
    """What is booked, and what holds it back."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def ScheduleSession(  # noqa: N802 # the contract's name
        self, request: pb.ScheduleSessionRequest, _context: "Context"
    ) -> pb.ScheduleSessionResponse:
        """Book a session."""
        by = caller()
        asked = command_context(request.context, by)
        booking_id = booking_made_by(asked.tenant, asked.command_id)
        command = requests.schedule(request, booking_id, by.actor.id)
        receipt = await self._do(request.context, command)
        return pb.ScheduleSessionResponse(receipt=receipt, booking_id=str(booking_id))

    async def CancelSession(  # noqa: N802 # the contract's name
        self, request: pb.CancelSessionRequest, _context: "Context"
    ) -> pb.CancelSessionResponse:
        """Cancel a booked session."""
        receipt = await self._do(request.context, requests.cancel(request))
        return pb.CancelSessionResponse(receipt=receipt)

    async def PauseIntervention(  # noqa: N802 # the contract's name
        self, request: pb.PauseInterventionRequest, _context: "Context"
    ) -> pb.PauseInterventionResponse:
        """Pause the direct work of a case."""
        receipt = await self._do(request.context, requests.pause(request))
        return pb.PauseInterventionResponse(receipt=receipt)

    async def ResumeIntervention(  # noqa: N802 # the contract's name
        self, request: pb.ResumeInterventionRequest, _context: "Context"
    ) -> pb.ResumeInterventionResponse:
        """Let the direct work of a case go on."""
        receipt = await self._do(request.context, requests.resume(request))
        return pb.ResumeInterventionResponse(receipt=receipt)

    async def ListBookings(  # noqa: N802 # the contract's name
        self, request: pb.ListBookingsRequest, _context: "Context"
    ) -> pb.ListBookingsResponse:
        """Answer what is booked in a case, and what holds it back."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        of_case = await self._shell.state(tenant, case.DECIDER, case_stream(case_id))
        if isinstance(of_case, case.NotOpened):
            raise NotFound("case")
        async with self._shell.reading(request.context) as rows:
            found = await bookings.of_case(rows, tenant, case_id)
        work = await self._shell.state(tenant, intervention.DECIDER, intervention_stream(case_id))
        known = {
            who: await self._shell.state(tenant, worker.DECIDER, worker_stream(who))
            for who in {slot.worker for _, slot in found}
        }
        since = work.since if isinstance(work, intervention.Paused) else ()
        return pb.ListBookingsResponse(
            bookings=[_booking(each, slot, known[slot.worker], work) for each, slot in found],
            pauses=[pb.Pause(cause=cause.value, since=on.isoformat()) for cause, on in since],
        )

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except (NoSuchCase, NoSuchBooking, WorkerUnknown) as absent:
            raise NotFound(_ABSENT[type(absent)]) from None
        return self._shell.receipt(done)


def _booking(
    booking_id: UUID, slot: Slot, who: worker.Worker, work: intervention.Intervention
) -> pb.Booking:
    held = booking.held_because(slot, worker.known_worker(who), work)
    return pb.Booking(
        booking_id=str(booking_id),
        worker_id=str(slot.worker),
        kind=slot.kind.value,
        starts_at=stamp(slot.starts_at),
        minutes=slot.minutes,
        held_because=[each.value for each in held],
    )
