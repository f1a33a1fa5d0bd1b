"""The worklists over gRPC: each look is recorded before its answer leaves."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_choice, a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.queries.reading import scoped
from chassis.service import Servicer
from referrals.readings import Place, page_token
from referrals.worklists import clocks, counts, lists, looks, replies, requests
from referrals.worklists.equity import (
    Breakdown,
    Distance,
    Equity,
    Ethnicity,
    distance_from,
    equity,
    ethnicity_of,
)
from referrals.worklists.look import FiguresRead, ListRead
from referrals.worklists.noting import note
from referrals.worklists.waits import Waited, waited
from throughline.referrals.v1 import worklists_pb2 as pb
from throughline.referrals.v1 import worklists_pb2_grpc as stubs

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

CLOCKS = "clocks"
COUNTS = "counts"


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of the worklists."""
    return Servicer(
        Worklists(runtime),
        stubs.add_WorklistsServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["WorklistsService"].full_name,
    )


class Worklists(stubs.WorklistsServiceServicer):
    """Reads a page, records that it was read, answers it."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._directory = runtime.directory

    async def ReadWorklist(  # noqa: N802 # the contract's name
        self, request: pb.ReadWorklistRequest, _context: "Context"
    ) -> pb.ReadWorklistResponse:
        """Answer a page of one list."""
        tenant = tenant_of(request.context, caller())
        query = requests.worklist(request, _worker())
        async with self._shell.reading(request.context) as rows:
            found = await lists.page(rows, tenant, query)
        await self._looked(tenant, query.list, requests.set_filters(request.filters), len(found))
        answer = pb.ReadWorklistResponse(entries=[replies.entry(each) for each in found])
        if len(found) == query.limit:
            answer.next_page_token = page_token(Place(found[-1].received_at, found[-1].referral_id))
        return answer

    async def ReadClocks(  # noqa: N802 # the contract's name
        self, request: pb.ReadClocksRequest, _context: "Context"
    ) -> pb.ReadClocksResponse:
        """Answer a page of clocks."""
        tenant = tenant_of(request.context, caller())
        query = requests.running(request, _worker())
        async with self._shell.reading(request.context) as rows:
            found = await clocks.page(rows, tenant, query)
        kinds = (query.kind.value,) if query.kind else ()
        await self._looked(tenant, CLOCKS, kinds, len(found))
        answer = pb.ReadClocksResponse(clocks=[replies.clock(each) for each in found])
        if len(found) == query.limit:
            answer.next_page_token = page_token(Place(found[-1].due_at, found[-1].clock_id))
        return answer

    async def CountWorklists(  # noqa: N802 # the contract's name
        self, request: pb.CountWorklistsRequest, _context: "Context"
    ) -> pb.CountWorklistsResponse:
        """Answer how many there are in each list."""
        by = caller()
        tenant = tenant_of(request.context, by)
        async with self._shell.reading(request.context) as rows:
            answer = pb.CountWorklistsResponse(counts=await counts.counts(rows, tenant, _worker()))
        await self._looked(tenant, COUNTS, (), 0)
        if request.each_authority:
            for each in sorted(by.scope.intersection(self._directory.tenants)):
                answer.authorities.append(await self._counted(each))
        return answer

    async def ListLooks(  # noqa: N802 # the contract's name
        self, request: pb.ListLooksRequest, _context: "Context"
    ) -> pb.ListLooksResponse:
        """Answer who looked at what."""
        tenant = tenant_of(request.context, caller())
        query = requests.looked(request)
        async with self._shell.reading(request.context) as rows:
            found = await looks.page(rows, tenant, query)
        answer = pb.ListLooksResponse(looks=[replies.look(each) for each in found])
        if len(found) == query.limit:
            answer.next_page_token = page_token(Place(found[-1].looked_at, found[-1].look_id))
        return answer

    async def GetEquityFigures(  # noqa: N802 # the contract's name
        self, request: pb.GetEquityFiguresRequest, _context: "Context"
    ) -> pb.GetEquityFiguresResponse:
        """Answer how long the children of a quarter waited, by group."""
        tenant = tenant_of(request.context, caller())
        quarter = requests.quarter(request.quarter, await self._shell.rows.now())
        breakdown = a_choice("breakdown", request.breakdown, Breakdown)
        async with self._shell.reading(request.context) as rows:
            found = await waited(rows, tenant, quarter.first_day, quarter.last_day)
        await note(
            self._shell, tenant, FiguresRead(caller().actor.id, breakdown.value, quarter.first_day)
        )
        return replies.equity(self._equity(tenant, breakdown, found))

    def _equity(self, tenant: UUID, breakdown: Breakdown, found: list[Waited]) -> Equity:
        match breakdown:
            case Breakdown.ETHNICITY:
                return equity(found, Ethnicity, ethnicity_of)
            case Breakdown.DISTANCE:
                authority = self._directory.by_id(tenant)
                partnership = self._directory.partnership_of(tenant)
                here = authority.slug if authority else ""
                partners = (
                    {each.slug for each in partnership.authorities} if partnership else {here}
                )
                return equity(found, Distance, distance_from(here, partners))

    async def _counted(self, tenant: UUID) -> pb.AuthorityCounts:
        authority = self._directory.by_id(tenant)
        async with scoped(self._shell.rows.pool, tenant) as rows:
            found = await counts.counts(rows, tenant, _worker())
        await self._looked(tenant, COUNTS, (), 0)
        return pb.AuthorityCounts(authority=authority.slug if authority else "", counts=found)

    async def _looked(self, tenant: UUID, name: str, filters: tuple[str, ...], rows: int) -> None:
        shown = ListRead(caller().actor.id, str(name), filters, rows)
        await note(self._shell, tenant, shown)


def _worker() -> UUID:
    return a_uuid("token.sub", caller().actor.id)
