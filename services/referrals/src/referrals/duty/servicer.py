"""Who owes a child the service, over gRPC: facts recorded, the line answered."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_timestamp, a_uuid, malformed
from chassis.edge.rpc import caller, occurred_of, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.clock import london_day
from ledger.registry import personal_fields
from referrals.duty import replies, requests
from referrals.duty.compose import RecordFact
from referrals.duty.past import Told, told
from referrals.duty.requests import Asked, Read
from referrals.streams import timeline_stream
from throughline.referrals.v1 import duty_pb2 as pb
from throughline.referrals.v1 import duty_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from ledger.envelope import Recorded
    from ledger.personal import Personal

Context = ServicerContext[Any, Any]
Reply = TypeVar("Reply")

MOST_EVENTS = 2_000
"""Of one child's line; it refuses more facts long before."""


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of this room."""
    return Servicer(
        Duty(runtime),
        stubs.add_DutyServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["DutyService"].full_name,
    )


class Duty(stubs.DutyServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._shell = runtime.shell
        self._authorities = frozenset(runtime.directory.authorities)

    async def RecordOrder(  # noqa: N802 # the contract's name
        self, request: pb.RecordOrderRequest, _context: Context
    ) -> pb.RecordOrderResponse:
        """Record an order."""
        return await self._record(request, requests.order, pb.RecordOrderResponse)

    async def RecordOrderSetAside(  # noqa: N802 # the contract's name
        self, request: pb.RecordOrderSetAsideRequest, _context: Context
    ) -> pb.RecordOrderSetAsideResponse:
        """Record that an order was set aside."""
        return await self._record(request, requests.set_aside, pb.RecordOrderSetAsideResponse)

    async def RecordPlacement(  # noqa: N802 # the contract's name
        self, request: pb.RecordPlacementRequest, _context: Context
    ) -> pb.RecordPlacementResponse:
        """Record who placed the child, or that nobody did."""
        return await self._record(request, requests.placement, pb.RecordPlacementResponse)

    async def RecordResidence(  # noqa: N802 # the contract's name
        self, request: pb.RecordResidenceRequest, _context: Context
    ) -> pb.RecordResidenceResponse:
        """Record where the family lives."""
        return await self._record(request, requests.residence, pb.RecordResidenceResponse)

    async def RecordAgreement(  # noqa: N802 # the contract's name
        self, request: pb.RecordAgreementRequest, _context: Context
    ) -> pb.RecordAgreementResponse:
        """Record what authorities agreed in writing."""
        return await self._record(request, requests.agreement, pb.RecordAgreementResponse)

    async def RecordFinancialSupport(  # noqa: N802 # the contract's name
        self, request: pb.RecordFinancialSupportRequest, _context: Context
    ) -> pb.RecordFinancialSupportResponse:
        """Record who agreed to pay."""
        return await self._record(request, requests.support, pb.RecordFinancialSupportResponse)

    async def WithdrawFacts(  # noqa: N802 # the contract's name
        self, request: pb.WithdrawFactsRequest, _context: Context
    ) -> pb.WithdrawFactsResponse:
        """Record that facts never were so."""
        return await self._record(request, requests.withdrawal, pb.WithdrawFactsResponse)

    async def GetDutyTimeline(  # noqa: N802 # the contract's name
        self, request: pb.GetDutyTimelineRequest, _context: Context
    ) -> pb.GetDutyTimelineResponse:
        """Answer who owes the service, with the facts and determinations, from the events."""
        tenant = tenant_of(request.context, caller())
        child = a_uuid("child", request.child)
        async with self._runtime.rows.complete(tenant) as reading:
            stored = await reading.stream(timeline_stream(child), MOST_EVENTS)
            now = reading.now
        if not stored:
            raise NotFound("person")
        at = self._known_at(request, now)
        events: list[Recorded[Any]] = [self._shell.registry.decode(each) for each in stored]
        found = told(events, at)
        opened = await self._opened(request, tenant, found) if request.unseal else {}
        return replies.timeline(child, found, london_day(at or now), opened)

    async def _record(self, request: Any, read: Read, reply: Callable[..., Reply]) -> Reply:
        asked = Asked(self._authorities, london_day(await self._said_at(request)))
        fact = read(request, asked)
        done = await self._shell.command(request.context, RecordFact(fact))
        return reply(receipt=self._shell.receipt(done), fact_id=str(fact.fact))

    async def _said_at(self, request: Any) -> datetime:
        if request.context.HasField("occurred"):
            return occurred_of(request.context.occurred).at
        return await self._runtime.rows.now()

    def _known_at(self, request: pb.GetDutyTimelineRequest, now: datetime) -> datetime | None:
        if not request.HasField("known_at"):
            return None
        at = a_timestamp("known_at", request.known_at)
        if at > now.astimezone(UTC):
            raise malformed("known_at", "in-the-future", "at most the service's clock")
        return at

    async def _opened(
        self, request: pb.GetDutyTimelineRequest, tenant: UUID, found: Told
    ) -> Mapping[UUID, Mapping[str, str]]:
        """Open the personal fields of all facts at once."""
        places: list[tuple[UUID, str]] = []
        values: list[Personal[Any]] = []
        for recorded in found.facts:
            fact = recorded.event
            for name in personal_fields(type(fact)):
                places.append((fact.fact, name))
                values.append(getattr(fact, name))
        said = await self._shell.unseal(
            requests.purpose(request.context),
            values,
            tenant=tenant,
            case_id=found.facts[0].envelope.case_id if found.facts else None,
        )
        opened: dict[UUID, dict[str, str]] = {}
        for (fact_id, name), value in zip(places, said, strict=True):
            if isinstance(value, str):
                opened.setdefault(fact_id, {})[name] = value
        return opened
