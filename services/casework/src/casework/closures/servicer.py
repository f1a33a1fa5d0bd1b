"""The end of an episode over gRPC."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework.cases import case
from casework.cases.case import NoSuchCase
from casework.closures import closure, looking, requests
from casework.closures.checklist import BY_FACTS, Item, Open, handed_over, missing, settled
from casework.closures.commands import Ids
from casework.streams import SERVICE, case_stream, closure_stream, concern_stream
from casework.urgent import concern
from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound
from chassis.queries.positions import PositionToken
from chassis.service import Servicer
from throughline.casework.v1 import closures_pb2 as pb
from throughline.casework.v1 import closures_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, ReadContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of closings."""
    return [
        Servicer(
            ClosuresServicer(runtime),
            stubs.add_ClosuresServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["ClosuresService"].full_name,
        )
    ]


async def open_now(runtime: "Runtime", authority: str, case_id: UUID) -> Ids:
    """Return what is open in a case as of the newest record."""
    newest = PositionToken(SERVICE, await runtime.feed.last_position()).encode()
    context = ReadContext(authority=authority, position_token=newest)
    tenant = tenant_of(context, caller())
    async with runtime.shell.reading(context) as rows:
        return await looking.open_in(rows, tenant, case_id)


class ClosuresServicer(stubs.ClosuresServiceServicer):
    """What is to be answered before a case is closed."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._runtime = runtime

    async def ProposeClosure(  # noqa: N802 # the contract's name
        self, request: pb.ProposeClosureRequest, _context: "Context"
    ) -> pb.ProposeClosureResponse:
        """Propose to close a case."""
        receipt = await self._do(request.context, requests.propose(request))
        return pb.ProposeClosureResponse(receipt=receipt)

    async def ReturnClosure(  # noqa: N802 # the contract's name
        self, request: pb.ReturnClosureRequest, _context: "Context"
    ) -> pb.ReturnClosureResponse:
        """Send a proposal back."""
        receipt = await self._do(request.context, requests.send_back(request))
        return pb.ReturnClosureResponse(receipt=receipt)

    async def GetChecklist(  # noqa: N802 # the contract's name
        self, request: pb.GetChecklistRequest, _context: "Context"
    ) -> pb.GetChecklistResponse:
        """Answer what is missing before a case can be closed."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        of_case = await self._shell.state(tenant, case.DECIDER, case_stream(case_id))
        if isinstance(of_case, case.NotOpened):
            raise NotFound("case")
        ids = await open_now(self._runtime, request.context.authority, case_id)
        state = await self._shell.state(tenant, closure.DECIDER, closure_stream(case_id))
        concerns = [
            await self._shell.state(tenant, concern.DECIDER, concern_stream(each))
            for each in ids.concerns
        ]
        found = Open(ids.places, ids.bookings, tuple(concerns))
        proposed = state if isinstance(state, closure.Proposed) else None
        return pb.GetChecklistResponse(
            items=[_item(each, proposed, found) for each in Item],
            state="proposed" if proposed else "",
            reason=proposed.terms.reason.value if proposed else "",
            wish=proposed.terms.wish.value if proposed else "",
        )

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchCase:
            raise NotFound("case") from None
        return self._shell.receipt(done)


def _item(item: Item, proposed: closure.Proposed | None, found: Open) -> pb.ChecklistItem:
    answers = proposed.terms.answers if proposed else ()
    lacks = missing(answers, proposed.explained if proposed else (), found)
    by = "missing" if item in lacks else "facts" if item in settled(found) else "worker"
    done = next((each.done.value for each in answers if each.item is item), "")
    is_open = {
        Item.GROUPS: len(found.places),
        Item.SESSIONS: len(found.bookings),
        Item.SAFEGUARDING: sum(not handed_over(each) for each in found.concerns),
    }
    return pb.ChecklistItem(
        item=item.value,
        answered_by=by,
        done="" if item in BY_FACTS else done,
        open=is_open.get(item, 0),
    )
