"""Plans over gRPC: requests to commands, rows and facts to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.assessments.requests import day_of
from casework.cases.case import NoSuchCase
from casework.opening import Seen, reading
from casework.plans import monitored, plan, replies, requests
from casework.plans.commands import DraftPlan, NominateMonitor, PausePlan, ResumePlan
from casework.plans.differences import differences
from casework.plans.plan_events import PauseReason, PlanDrafted
from casework.plans.plan_states import Planned
from casework.streams import entry_made_by, plan_stream
from casework.tasks.lists import Part
from casework.workers.worker import WorkerUnknown
from chassis.edge.malformed import a_choice, a_count, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import plans_pb2 as pb
from throughline.casework.v1 import plans_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, ReadContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of the room."""
    return [
        Servicer(
            PlansServicer(runtime),
            stubs.add_PlansServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["PlansService"].full_name,
        )
    ]


class PlansServicer(stubs.PlansServiceServicer):
    """Plans drafted, read, compared; monitored, paused and gone on with."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime, self._shell = runtime, runtime.shell

    async def DraftPlan(  # noqa: N802 # the contract's name
        self, request: pb.DraftPlanRequest, _context: "Context"
    ) -> pb.DraftPlanResponse:
        """Write the next version."""
        asked = command_context(request.context, caller())
        draft_id = entry_made_by(asked.tenant, asked.command_id)
        command = DraftPlan(
            a_uuid("case_id", request.case_id),
            draft_id,
            requests.document(request.document),
            requests.words(request.document),
        )
        receipt = await self._do(request.context, command)
        return pb.DraftPlanResponse(receipt=receipt, draft_id=str(draft_id))

    async def NominateMonitor(  # noqa: N802 # the contract's name
        self, request: pb.NominateMonitorRequest, _context: "Context"
    ) -> pb.NominateMonitorResponse:
        """Let another worker monitor the plan."""
        case_id, monitor = a_uuid("case_id", request.case_id), a_uuid("monitor", request.monitor)
        receipt = await self._do(request.context, NominateMonitor(case_id, monitor))
        return pb.NominateMonitorResponse(receipt=receipt)

    async def PausePlan(  # noqa: N802 # the contract's name
        self, request: pb.PausePlanRequest, _context: "Context"
    ) -> pb.PausePlanResponse:
        """Pause the plan."""
        command = PausePlan(
            a_uuid("case_id", request.case_id),
            day_of(request.context),
            a_choice("reason", request.reason, PauseReason),
            requests.optional_words(request.words),
        )
        return pb.PausePlanResponse(receipt=await self._do(request.context, command))

    async def ResumePlan(  # noqa: N802 # the contract's name
        self, request: pb.ResumePlanRequest, _context: "Context"
    ) -> pb.ResumePlanResponse:
        """Go on with the plan."""
        command = ResumePlan(a_uuid("case_id", request.case_id), day_of(request.context))
        return pb.ResumePlanResponse(receipt=await self._do(request.context, command))

    async def GetPlan(  # noqa: N802 # the contract's name
        self, request: pb.GetPlanRequest, _context: "Context"
    ) -> pb.GetPlanResponse:
        """Answer how the plan stands, and one version of it."""
        case_id = a_uuid("case_id", request.case_id)
        wanted = a_count("version", request.version, 0, requests.MAX_VERSION)
        state, drafts = await self._plan(request.context, case_id)
        number = wanted or len(drafts)
        return replies.plan(state, number, _version(drafts, number))

    async def ComparePlans(  # noqa: N802 # the contract's name
        self, request: pb.ComparePlansRequest, _context: "Context"
    ) -> pb.ComparePlansResponse:
        """Answer what is different between two versions."""
        case_id = a_uuid("case_id", request.case_id)
        numbers = [
            a_count(name, getattr(request, name), 1, requests.MAX_VERSION)
            for name in ("before", "after")
        ]
        _, drafts = await self._plan(request.context, case_id)
        before, after = (_version(drafts, each) for each in numbers)
        found = differences(
            before.fact.event.document,
            after.fact.event.document,
            replies.words(before),
            replies.words(after),
        )
        return pb.ComparePlansResponse(
            differences=[
                pb.PlanDifference(
                    section=each.section, key=each.key, how=each.how.value, sentence=each.sentence
                )
                for each in found
            ]
        )

    async def ListPlans(  # noqa: N802 # the contract's name
        self, request: pb.ListPlansRequest, _context: "Context"
    ) -> pb.ListPlansResponse:
        """Answer a page of the plans that a worker monitors."""
        who = a_uuid("worker_id", request.worker_id or caller().actor.id)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        after = paging.place_after(request.page_token, monitored.LIST, UUID, monitored.BEGINNING)
        async with reading(self._runtime, request.context) as (rows, reader):
            found = await monitored.page(rows, reader, who, Part(after, limit))
        last = monitored.place(found[-1]) if len(found) == limit else None
        return pb.ListPlansResponse(
            plans=[replies.summary(each) for each in found],
            next_page_token=paging.token(monitored.LIST, last) if last else "",
        )

    async def _plan(self, context: ReadContext, case_id: UUID) -> tuple[Planned, list[Seen]]:
        """Read a plan: how it stands, and its versions with what was opened of them."""
        tenant = tenant_of(context, caller())
        async with self._shell.reading(context):
            seen = await opening.read(self._shell, context, tenant, plan_stream(case_id), case_id)
        state = plan.DECIDER.fold(each.fact.event for each in seen)
        if not isinstance(state, Planned):
            raise NotFound("plan")
        return state, [each for each in seen if isinstance(each.fact.event, PlanDrafted)]

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        """Carry out a command; what is not there is not found."""
        try:
            done = await self._shell.command(context, command)
        except NoSuchCase:
            raise NotFound("case") from None
        except plan.NoSuchPlan:
            raise NotFound("plan") from None
        except WorkerUnknown:
            raise NotFound("worker") from None
        return self._shell.receipt(done)


def _version(drafts: Sequence[Seen], number: int) -> Seen:
    if not 1 <= number <= len(drafts):
        raise NotFound("version")
    return drafts[number - 1]
