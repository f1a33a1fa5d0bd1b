"""Casework over gRPC: requests to commands, states and rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import chronology, paging, replies, requests
from casework.allocations import caseload
from casework.allocations.relations import unseen
from casework.cases import family, standing
from casework.cases.case import NoSuchCase
from casework.closures import requests as closing
from casework.closures import servicer as closures
from casework.closures.closure import Signer
from casework.sessions.booking import NoSuchBooking
from casework.sessions.correcting import correction
from casework.sessions.session import NoSuchSession
from casework.streams import (
    allocation_stream,
    case_stream,
    group_place_stream,
    request_made_by,
    session_made_by,
    session_stream,
    worker_stream,
)
from casework.workers import worker
from casework.workers.worker import WorkerUnknown
from chassis.edge.malformed import a_choice, a_count, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.roles import Role
from ledger.clock import london_day
from ledger.envelope import Basis
from throughline.casework.v1 import casework_pb2 as pb
from throughline.casework.v1 import casework_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200
ENTRIES = 200
MAX_ENTRIES = 500

_ABSENCE = (NoSuchCase, NoSuchSession, NoSuchBooking)


class Casework(stubs.CaseworkServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._runtime = runtime

    async def RegisterWorker(  # noqa: N802 # the contract's name
        self, request: pb.RegisterWorkerRequest, _context: "Context"
    ) -> pb.RegisterWorkerResponse:
        """Make a worker known."""
        command = requests.register_worker(request)
        receipt = await self._do(request.context, command, worker_stream(command.worker))
        return pb.RegisterWorkerResponse(receipt=receipt)

    async def ChangeWorkerRegistration(  # noqa: N802 # the contract's name
        self, request: pb.ChangeWorkerRegistrationRequest, _context: "Context"
    ) -> pb.ChangeWorkerRegistrationResponse:
        """Add a period of registration, or set one right."""
        command = requests.change_registration(request)
        try:
            receipt = await self._do(request.context, command, worker_stream(command.worker))
        except WorkerUnknown:
            raise NotFound("worker") from None
        return pb.ChangeWorkerRegistrationResponse(receipt=receipt)

    async def GetWorker(  # noqa: N802 # the contract's name
        self, request: pb.GetWorkerRequest, _context: "Context"
    ) -> pb.GetWorkerResponse:
        """Answer a worker; the name where a purpose is given."""
        tenant = tenant_of(request.context, caller())
        stream = worker_stream(a_uuid("worker_id", request.worker_id))
        state: worker.Worker = await self._shell.state(tenant, worker.DECIDER, stream)
        if not isinstance(state, worker.Registered):
            raise NotFound("worker")
        async with self._shell.reading(request.context) as rows:
            today = london_day(await rows.fetchval("select es.now()"))
        if not request.context.purpose:
            return replies.worker(state, None, today)
        purpose = requests.purpose(request.context)
        (name,) = await self._shell.unseal(purpose, [state.display_name], tenant=tenant)
        return replies.worker(state, name, today)

    async def AllocateCase(  # noqa: N802 # the contract's name
        self, request: pb.AllocateCaseRequest, _context: "Context"
    ) -> pb.AllocateCaseResponse:
        """Name the lead of a case."""
        command = requests.allocate(request)
        stream = allocation_stream(command.case_id)
        receipt = await self._do(request.context, command, stream, command.case_id)
        return pb.AllocateCaseResponse(receipt=receipt)

    async def RecordSession(  # noqa: N802 # the contract's name
        self, request: pb.RecordSessionRequest, _context: "Context"
    ) -> pb.RecordSessionResponse:
        """Record a session that the caller held."""
        by = caller()
        asked = command_context(request.context, by)
        session_id = session_made_by(asked.tenant, asked.command_id)
        command = requests.record_session(request, session_id, a_uuid("token.sub", by.actor.id))
        receipt = await self._do(
            request.context,
            command,
            session_stream(session_id),
            command.case_id,
            basis=requests.basis(request.basis),
        )
        return pb.RecordSessionResponse(receipt=receipt, session_id=str(session_id))

    async def CorrectSession(  # noqa: N802 # the contract's name
        self, request: pb.CorrectSessionRequest, _context: "Context"
    ) -> pb.CorrectSessionResponse:
        """Set a session right."""
        tenant = tenant_of(request.context, caller())
        try:
            command, corrects, context = await correction(self._shell, tenant, request)
        except NoSuchSession:
            raise NotFound("session") from None
        stream, case_id = session_stream(command.session_id), UUID(request.case_id)
        receipt = await self._do(context, command, stream, case_id, corrects=corrects)
        return pb.CorrectSessionResponse(receipt=receipt)

    async def RequestPlace(  # noqa: N802 # the contract's name
        self, request: pb.RequestPlaceRequest, _context: "Context"
    ) -> pb.RequestPlaceResponse:
        """Ask a group for a place."""
        asked = command_context(request.context, caller())
        request_id = request_made_by(asked.tenant, asked.command_id)
        command = requests.request_place(request, request_id)
        stream = group_place_stream(command.case_id, command.cohort_id)
        receipt = await self._do(request.context, command, stream, command.case_id)
        return pb.RequestPlaceResponse(receipt=receipt, request_id=str(request_id))

    async def CloseCase(  # noqa: N802 # the contract's name
        self, request: pb.CloseCaseRequest, _context: "Context"
    ) -> pb.CloseCaseResponse:
        """End the work of a case."""
        signer = Signer.MANAGER if Role.TEAM_MANAGER in caller().roles else Signer.CLINICIAN
        case_id = a_uuid("case_id", request.case_id)
        found = await closures.open_now(self._runtime, request.context.authority, case_id)
        command = closing.close_case(request, signer, found)
        stream = case_stream(command.case_id)
        receipt = await self._do(request.context, command, stream, command.case_id)
        return pb.CloseCaseResponse(receipt=receipt)

    async def GetCase(  # noqa: N802 # the contract's name
        self, request: pb.GetCaseRequest, _context: "Context"
    ) -> pb.GetCaseResponse:
        """Answer how a case stands."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        async with self._shell.reading(request.context) as rows:
            found = await standing.one(rows, tenant, case_id)
            if found is None:
                raise NotFound("case")
            referrals = await standing.referrals(rows, tenant, case_id)
            places = await standing.places(rows, tenant, case_id)
            kin = await family.of_case(rows, tenant, case_id)
        return pb.GetCaseResponse(
            case=replies.summary(found),
            referrals=[replies.referral(each) for each in referrals],
            places=[replies.place(each) for each in places],
            family=[replies.kin(*each) for each in kin],
        )

    async def ListCases(  # noqa: N802 # the contract's name
        self, request: pb.ListCasesRequest, _context: "Context"
    ) -> pb.ListCasesResponse:
        """Answer a page of the cases in a state."""
        tenant = tenant_of(request.context, caller())
        which = a_choice("state", request.state, standing.Listed)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        after = paging.place_after(request.page_token, which, UUID, standing.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            found = await standing.page(rows, tenant, which, after, limit)
        hidden = await self._unseen(tenant, [each.case_id for each in found])
        last = standing.place(found[-1]) if len(found) == limit else None
        return pb.ListCasesResponse(
            cases=[replies.summary(each) for each in found if each.case_id not in hidden],
            next_page_token=paging.token(which, last) if last else "",
        )

    async def ListCaseload(  # noqa: N802 # the contract's name
        self, request: pb.ListCaseloadRequest, _context: "Context"
    ) -> pb.ListCaseloadResponse:
        """Answer a page of the cases that a worker leads."""
        by = caller()
        tenant = tenant_of(request.context, by)
        who = a_uuid("worker_id", request.worker_id or by.actor.id)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        after = paging.place_after(request.page_token, caseload.LIST, UUID, caseload.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            found = await caseload.of_worker(rows, tenant, who, after, limit)
        hidden = await self._unseen(tenant, [each.case_id for each in found])
        last = caseload.place(found[-1]) if len(found) == limit else None
        return pb.ListCaseloadResponse(
            cases=[replies.led(each) for each in found if each.case_id not in hidden],
            next_page_token=paging.token(caseload.LIST, last) if last else "",
        )

    async def ReadChronology(  # noqa: N802 # the contract's name
        self, request: pb.ReadChronologyRequest, _context: "Context"
    ) -> pb.ReadChronologyResponse:
        """Answer a page of what happened in a case; the words on request."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        purpose = requests.purpose(request.context) if request.unseal else None
        limit = a_count("limit", request.limit or ENTRIES, 1, MAX_ENTRIES)
        after = paging.place_after(
            request.page_token, chronology.LIST, paging.a_position, chronology.BEGINNING
        )
        async with self._shell.reading(request.context) as rows:
            if await standing.one(rows, tenant, case_id) is None:
                raise NotFound("case")
            asked = await requests.part_of_chronology(rows, tenant, case_id, request)
            found = await chronology.page(rows, asked, after, limit)
        values = await self._opened(found, purpose, tenant, case_id)
        last = chronology.place(found[-1]) if len(found) == limit else None
        return pb.ReadChronologyResponse(
            entries=[replies.entry(each, said) for each, said in zip(found, values, strict=True)],
            next_page_token=paging.token(chronology.LIST, last) if last else "",
        )

    async def _unseen(self, tenant: UUID, cases: list[UUID]) -> frozenset[UUID]:
        """Return which cases of a list the caller is not to find: he knows the family."""
        return await unseen(self._runtime, tenant, caller().actor.id, cases)

    async def _opened(
        self,
        entries: Sequence[chronology.Entry],
        purpose: str | None,
        tenant: UUID,
        case_id: UUID,
    ) -> list[dict[str, Any]]:
        """Return the sealed fields of each entry, opened as far as purpose and role go."""
        if purpose is None:
            return [dict(each.sealed) for each in entries]
        sealed = [handle for each in entries for handle in each.sealed.values()]
        opened = iter(await self._shell.unseal(purpose, sealed, tenant=tenant, case_id=case_id))
        return [{name: next(opened) for name in each.sealed} for each in entries]

    async def _do(
        self,
        context: CommandContext,
        command: object,
        stream: UUID,
        case_id: UUID | None = None,
        *,
        corrects: UUID | None = None,
        basis: Basis = Basis.FACT,
    ) -> Receipt:
        """Carry out a command that is mainly for one stream; what is not there is not found."""
        try:
            done = await self._shell.command(context, command, corrects=corrects, basis=basis)
        except _ABSENCE:
            raise NotFound("case") from None
        return self._shell.receipt(done, stream, case_id)
