"""Tasks and lists of work over gRPC: requests to commands, states and rows to replies."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.cases.case import NoSuchCase
from casework.cases.stage import Stage
from casework.requests import a_tag
from casework.streams import action_made_by, task_made_for, task_stream
from casework.tasks import lists, replies, requests, waiting
from casework.tasks.commands import TakeOn
from casework.tasks.kinds import TaskKind
from casework.tasks.standing import NO_DAY
from casework.tasks.task import NoSuchTask
from chassis.edge.malformed import a_choice, a_count, a_day, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import tasks_pb2 as pb
from throughline.casework.v1 import tasks_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200
MAX_AHEAD_DAYS = 60


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of tasks."""
    return [
        Servicer(
            TasksServicer(runtime),
            stubs.add_TasksServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["TasksService"].full_name,
        )
    ]


class TasksServicer(stubs.TasksServiceServicer):
    """Tasks agreed, taken on, handed on, done, and listed."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._shell = runtime.shell

    async def AgreeAction(  # noqa: N802 # the contract's name
        self, request: pb.AgreeActionRequest, _context: "Context"
    ) -> pb.AgreeActionResponse:
        """Record what somebody is to do."""
        asked = command_context(request.context, caller())
        action = action_made_by(asked.tenant, asked.command_id)
        command = requests.agree(request, action)
        receipt = await self._do(request.context, command)
        task_id = task_made_for(asked.tenant, TaskKind.ACTION_AGREED, command.case_id, str(action))
        return pb.AgreeActionResponse(receipt=receipt, task_id=str(task_id))

    async def AcknowledgeTask(  # noqa: N802 # the contract's name
        self, request: pb.AcknowledgeTaskRequest, _context: "Context"
    ) -> pb.AcknowledgeTaskResponse:
        """Let the caller take a task on."""
        command = TakeOn(a_uuid("task_id", request.task_id), _caller())
        return pb.AcknowledgeTaskResponse(receipt=await self._do(request.context, command))

    async def HandTask(  # noqa: N802 # the contract's name
        self, request: pb.HandTaskRequest, _context: "Context"
    ) -> pb.HandTaskResponse:
        """Ask another."""
        receipt = await self._do(request.context, requests.hand_on(request))
        return pb.HandTaskResponse(receipt=receipt)

    async def CompleteTask(  # noqa: N802 # the contract's name
        self, request: pb.CompleteTaskRequest, _context: "Context"
    ) -> pb.CompleteTaskResponse:
        """End a task that the caller did."""
        receipt = await self._do(request.context, requests.complete(request, _caller()))
        return pb.CompleteTaskResponse(receipt=receipt)

    async def GetTask(  # noqa: N802 # the contract's name
        self, request: pb.GetTaskRequest, _context: "Context"
    ) -> pb.GetTaskResponse:
        """Answer a task and what became of it; its words where a purpose is given."""
        tenant = tenant_of(request.context, caller())
        task_id = a_uuid("task_id", request.task_id)
        async with self._shell.reading(request.context) as rows:
            found, today = await lists.one(rows, tenant, task_id), await lists.today(rows)
        if found is None:
            raise NotFound("task")
        stream = task_stream(task_id)
        seen = await opening.read(self._shell, request.context, tenant, stream, found.case_id)
        return pb.GetTaskResponse(
            task=replies.summary(found, today),
            entries=[replies.entry(each.fact, each.text()) for each in seen],
        )

    async def ListMyTasks(  # noqa: N802 # the contract's name
        self, request: pb.ListMyTasksRequest, _context: "Context"
    ) -> pb.ListMyTasksResponse:
        """Answer a page of a worker's open tasks, until today unless more is asked for."""
        part = _part(request, "tasks-of-worker")
        who = a_uuid("worker_id", request.worker_id or caller().actor.id)
        async with opening.reading(self._runtime, request.context) as (rows, reader):
            today = await lists.today(rows)
            found = await lists.of_worker(rows, reader, who, _through(request, today), part)
        tasks, token = _written(found, today, "tasks-of-worker", part)
        return pb.ListMyTasksResponse(tasks=tasks, next_page_token=token)

    async def ListTeamRisks(  # noqa: N802 # the contract's name
        self, request: pb.ListTeamRisksRequest, _context: "Context"
    ) -> pb.ListTeamRisksResponse:
        """Answer a page of what is overdue or due soon in a team."""
        part = _part(request, "risks-of-team")
        team = a_tag("team", request.team)
        ahead = timedelta(days=a_count("ahead_days", request.ahead_days, 0, MAX_AHEAD_DAYS))
        async with opening.reading(self._runtime, request.context) as (rows, reader):
            today = await lists.today(rows)
            found = await lists.risks(rows, reader, team, (today, today + ahead), part)
        tasks, token = _written(found, today, "risks-of-team", part)
        return pb.ListTeamRisksResponse(tasks=tasks, next_page_token=token)

    async def ListOverdueTasks(  # noqa: N802 # the contract's name
        self, request: pb.ListOverdueTasksRequest, _context: "Context"
    ) -> pb.ListOverdueTasksResponse:
        """Answer a page of what is overdue in an authority."""
        part = _part(request, "tasks-overdue")
        async with opening.reading(self._runtime, request.context) as (rows, reader):
            today = await lists.today(rows)
            found = await lists.overdue(rows, reader, today, part)
        tasks, token = _written(found, today, "tasks-overdue", part)
        return pb.ListOverdueTasksResponse(tasks=tasks, next_page_token=token)

    async def ListCaseTasks(  # noqa: N802 # the contract's name
        self, request: pb.ListCaseTasksRequest, _context: "Context"
    ) -> pb.ListCaseTasksResponse:
        """Answer a page of the tasks of a case."""
        tenant = tenant_of(request.context, caller())
        part = _part(request, "tasks-of-case")
        case_id = a_uuid("case_id", request.case_id)
        async with self._shell.reading(request.context) as rows:
            today = await lists.today(rows)
            found = await lists.of_case(rows, tenant, case_id, part)
        tasks, token = _written(found, today, "tasks-of-case", part)
        return pb.ListCaseTasksResponse(tasks=tasks, next_page_token=token)

    async def ListWaiting(  # noqa: N802 # the contract's name
        self, request: pb.ListWaitingRequest, _context: "Context"
    ) -> pb.ListWaitingResponse:
        """Answer a page of the cases at a stage."""
        stage = a_choice("stage", request.stage, Stage)
        of_list = f"waiting-{stage}"
        part = _part(request, of_list)
        async with opening.reading(self._runtime, request.context) as (rows, reader):
            found = await waiting.waiting(rows, reader, stage, part)
        last = waiting.place(found[-1]) if len(found) == part.limit else None
        return pb.ListWaitingResponse(
            cases=[replies.waiting(each) for each in found],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    async def CountWaiting(  # noqa: N802 # the contract's name
        self, request: pb.CountWaitingRequest, _context: "Context"
    ) -> pb.CountWaitingResponse:
        """Answer how many cases stand at each stage."""
        async with opening.reading(self._runtime, request.context) as (rows, reader):
            found = await waiting.counted(rows, reader)
        return pb.CountWaitingResponse(stages=[replies.counted(each) for each in found])

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchTask:
            raise NotFound("task") from None
        except NoSuchCase:
            raise NotFound("case") from None
        return self._shell.receipt(done)


def _caller() -> UUID:
    return a_uuid("token.sub", caller().actor.id)


def _part(request: Any, of_list: str) -> lists.Part:
    limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
    after = paging.place_after(request.page_token, of_list, UUID, lists.BEGINNING)
    return lists.Part(after, limit)


def _through(request: pb.ListMyTasksRequest, today: date) -> date:
    if request.all:
        return NO_DAY
    return a_day("through", request.through) if request.through else today


def _written(
    found: Sequence[lists.Standing], today: date, of_list: str, part: lists.Part
) -> tuple[list[pb.TaskSummary], str]:
    last = lists.place(found[-1]) if len(found) == part.limit else None
    token = paging.token(of_list, last) if last else ""
    return [replies.summary(each, today) for each in found], token
