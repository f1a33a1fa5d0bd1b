"""Who works on a case, over gRPC: requests to commands, states and rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import paging
from casework.allocations import allocation, fairness, loads, replies, requests
from casework.allocations.leading import leading
from casework.allocations.offering import NoSuchOffer
from casework.allocations.proposing import ranked
from casework.allocations.relations import unseen
from casework.allocations.weight import Formula, capacity, shipped
from casework.cases import case
from casework.cases.case import NoSuchCase
from casework.streams import allocation_stream, case_stream, known_to, offer_made_by
from casework.workers import roster
from casework.workers.profile import Experience
from chassis.edge.malformed import a_count, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.clock import london_day
from throughline.casework.v1 import allocations_pb2 as pb
from throughline.casework.v1 import allocations_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime
    from ledger.connect import Connection

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200
PROPOSED = 10
MOST_PROPOSED = 50
_KNOWING = "select kind from es.claims where tenant = $1 and kind = any ($2) and value = any ($3)"


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of allocations."""
    return [
        Servicer(
            Allocations(runtime),
            stubs.add_AllocationsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["AllocationsService"].full_name,
        )
    ]


class Allocations(stubs.AllocationsServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._shell = runtime.shell
        self._directory = runtime.directory

    async def OfferAllocation(  # noqa: N802 # the contract's name
        self, request: pb.OfferAllocationRequest, _context: "Context"
    ) -> pb.OfferAllocationResponse:
        """Ask a worker to take a part."""
        asked = command_context(request.context, caller())
        offer_id = offer_made_by(asked.tenant, asked.command_id)
        receipt = await self._do(request, requests.offer(request, offer_id))
        return pb.OfferAllocationResponse(receipt=receipt, offer_id=str(offer_id))

    async def AcceptAllocation(  # noqa: N802 # the contract's name
        self, request: pb.AcceptAllocationRequest, _context: "Context"
    ) -> pb.AcceptAllocationResponse:
        """Let the caller have what he was offered."""
        command = requests.accept(request, caller().actor.id)
        return pb.AcceptAllocationResponse(receipt=await self._do(request, command))

    async def DeclineAllocation(  # noqa: N802 # the contract's name
        self, request: pb.DeclineAllocationRequest, _context: "Context"
    ) -> pb.DeclineAllocationResponse:
        """Note that the caller does not take it."""
        command = requests.decline(request, caller().actor.id)
        return pb.DeclineAllocationResponse(receipt=await self._do(request, command))

    async def WithdrawAllocation(  # noqa: N802 # the contract's name
        self, request: pb.WithdrawAllocationRequest, _context: "Context"
    ) -> pb.WithdrawAllocationResponse:
        """Take an offer back."""
        receipt = await self._do(request, requests.withdraw(request))
        return pb.WithdrawAllocationResponse(receipt=receipt)

    async def EndPartInCase(  # noqa: N802 # the contract's name
        self, request: pb.EndPartInCaseRequest, _context: "Context"
    ) -> pb.EndPartInCaseResponse:
        """End a worker's part."""
        receipt = await self._do(request, requests.end_part(request))
        return pb.EndPartInCaseResponse(receipt=receipt)

    async def WeighCase(  # noqa: N802 # the contract's name
        self, request: pb.WeighCaseRequest, _context: "Context"
    ) -> pb.WeighCaseResponse:
        """Weigh a case."""
        return pb.WeighCaseResponse(receipt=await self._do(request, requests.weigh(request)))

    async def DeclareConflict(  # noqa: N802 # the contract's name
        self, request: pb.DeclareConflictRequest, _context: "Context"
    ) -> pb.DeclareConflictResponse:
        """Record that a worker knows the child or family; his part in the case ends with it."""
        receipt = await self._do(request, requests.declare(request))
        return pb.DeclareConflictResponse(receipt=receipt)

    async def ClearConflict(  # noqa: N802 # the contract's name
        self, request: pb.ClearConflictRequest, _context: "Context"
    ) -> pb.ClearConflictResponse:
        """Record that it was a mistake."""
        return pb.ClearConflictResponse(receipt=await self._do(request, requests.clear(request)))

    async def GetAllocation(  # noqa: N802 # the contract's name
        self, request: pb.GetAllocationRequest, _context: "Context"
    ) -> pb.GetAllocationResponse:
        """Answer who works on a case, and who led it when."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        await self._case(tenant, case_id)
        stored = await self._shell.store.read(tenant, allocation_stream(case_id))
        facts = [self._shell.registry.decode(each) for each in stored]
        held = allocation.DECIDER.fold(each.event for each in facts)
        async with self._shell.reading(request.context) as rows:
            offers = await loads.offers_of_case(rows, tenant, case_id)
        return replies.allocation(held, leading(facts), offers)

    async def ProposeWorkers(  # noqa: N802 # the contract's name
        self, request: pb.ProposeWorkersRequest, _context: "Context"
    ) -> pb.ProposeWorkersResponse:
        """Answer who could take a part, the best first; nobody who knows the family."""
        tenant = tenant_of(request.context, caller())
        limit = a_count("limit", request.limit or PROPOSED, 1, MOST_PROPOSED)
        known = await self._case(tenant, a_uuid("case_id", request.case_id))
        about = [str(known.child), str(known.family_id)]
        async with self._shell.reading(request.context) as rows:
            wanted = requests.wanted(request, london_day(await rows.fetchval("select es.now()")))
            workers = await roster.on(rows, tenant, wanted.on)
            near = await _knowing(rows, tenant, [each.worker for each in workers], about)
            formula = self._formula(tenant, wanted.on)
            carries = await loads.loads(rows, tenant, formula)
        free = [each for each in workers if each.worker not in near]
        found = ranked(wanted, free, carries, formula)[:limit]
        return pb.ProposeWorkersResponse(
            proposals=[replies.proposal(each) for each in found], formula=formula.version
        )

    async def ListOffers(  # noqa: N802 # the contract's name
        self, request: pb.ListOffersRequest, _context: "Context"
    ) -> pb.ListOffersResponse:
        """Answer a page of what a worker was offered."""
        by = caller()
        tenant = tenant_of(request.context, by)
        who = a_uuid("worker_id", request.worker_id or by.actor.id)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        before = paging.place_after(request.page_token, loads.LIST, UUID, loads.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            found = await loads.offers(rows, tenant, who, before, limit)
        hidden = await self._unseen(tenant, [each.case_id for each in found])
        last = loads.place(found[-1]) if len(found) == limit else None
        return pb.ListOffersResponse(
            offers=[replies.offer(each) for each in found if each.case_id not in hidden],
            next_page_token=paging.token(loads.LIST, last) if last else "",
        )

    async def GetWorkload(  # noqa: N802 # the contract's name
        self, request: pb.GetWorkloadRequest, _context: "Context"
    ) -> pb.GetWorkloadResponse:
        """Answer what a worker carries against what he can."""
        by = caller()
        tenant = tenant_of(request.context, by)
        who = a_uuid("worker_id", request.worker_id or by.actor.id)
        async with self._shell.reading(request.context) as rows:
            today = london_day(await rows.fetchval("select es.now()"))
            formula = self._formula(tenant, today)
            known = await roster.one(rows, tenant, who, today)
            cases = await loads.shares(rows, tenant, who, formula)
        if known is None:
            raise NotFound("worker")
        hidden = await self._unseen(tenant, [each.case_id for each in cases])
        return pb.GetWorkloadResponse(
            worker_id=str(who),
            carries=sum(each.carries for each in cases),
            capacity=capacity(known.weekly_minutes, Experience(known.experience), formula),
            formula=formula.version,
            cases=[replies.case_share(each) for each in cases if each.case_id not in hidden],
        )

    async def ViewFairness(  # noqa: N802 # the contract's name
        self, request: pb.ViewFairnessRequest, _context: "Context"
    ) -> pb.ViewFairnessResponse:
        """Answer who got, was offered and declined what, by month."""
        tenant = tenant_of(request.context, caller())
        first, last, team = requests.span(request)
        async with self._shell.reading(request.context) as rows:
            found = await fairness.by_month(rows, tenant, first, last, team)
        return pb.ViewFairnessResponse(rows=[replies.month(each) for each in found])

    async def _unseen(self, tenant: UUID, cases: list[UUID]) -> frozenset[UUID]:
        return await unseen(self._runtime, tenant, caller().actor.id, cases)

    async def _case(self, tenant: UUID, case_id: UUID) -> case.Open:
        match await self._shell.state(tenant, case.DECIDER, case_stream(case_id)):
            case case.Open() as known:
                return known
            case case.Closed(last=known):
                return known
            case _:
                raise NotFound("case")

    async def _do(self, request: Any, command: object) -> Receipt:
        """Carry out a command on a case; what is not there is not found."""
        context: CommandContext = request.context
        case_id = a_uuid("case_id", request.case_id)
        try:
            done = await self._shell.command(context, command)
        except (NoSuchCase, NoSuchOffer):
            raise NotFound("case") from None
        return self._shell.receipt(done, allocation_stream(case_id), case_id)

    def _formula(self, tenant: UUID, on: Any) -> Formula:
        partnership = self._directory.partnership_of(tenant)
        return shipped().on(on, partnership.slug if partnership else "")


async def _knowing(
    rows: "Connection", tenant: UUID, workers: Sequence[UUID], about: Sequence[str]
) -> frozenset[UUID]:
    """Return which of the workers know them, by the claims, which no reading lags behind."""
    kinds = {known_to(each, each).kind: each for each in workers}
    found = await rows.fetch(_KNOWING, tenant, list(kinds), list(about))
    return frozenset(kinds[row["kind"]] for row in found)
