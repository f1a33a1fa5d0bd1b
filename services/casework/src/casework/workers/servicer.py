"""Workers' skills, hours and teams over gRPC: requests to commands, rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from casework.requests import MAX_TAGS, a_tag
from casework.streams import worker_stream
from casework.workers import roster
from casework.workers.profile import Area, Experience, Profile
from casework.workers.worker import WorkerUnknown
from casework.workers.worker_commands import AssignToTeam, ChangeWorkerProfile, LeaveTeam
from chassis.edge.malformed import a_choice, a_count, a_day, a_uuid, all_of, malformed
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.clock import london_day
from throughline.casework.v1 import casework_pb2, workers_pb2_grpc
from throughline.casework.v1 import workers_pb2 as pb
from throughline.common.v1.common_pb2 import Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

MOST_AREAS = 50
MOST_MINUTES = 600
MOST_WEEKLY = 3_600


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of workers."""
    return [
        Servicer(
            Workers(runtime),
            workers_pb2_grpc.add_WorkersServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["WorkersService"].full_name,
        )
    ]


class Workers(workers_pb2_grpc.WorkersServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def ChangeWorkerProfile(  # noqa: N802 # the contract's name
        self, request: pb.ChangeWorkerProfileRequest, _context: "Context"
    ) -> pb.ChangeWorkerProfileResponse:
        """Say anew what a worker can, where and how long he works."""
        command = ChangeWorkerProfile(
            a_uuid("worker_id", request.worker_id),
            all_of("skills", request.skills, MAX_TAGS, a_tag),
            Profile(
                all_of("languages", request.languages, MAX_TAGS, a_tag),
                _areas(request.areas),
                a_count("weekly_minutes", request.weekly_minutes, 0, MOST_WEEKLY),
                a_choice("experience", request.experience, Experience),
            ),
        )
        return pb.ChangeWorkerProfileResponse(receipt=await self._do(request, command))

    async def AssignToTeam(  # noqa: N802 # the contract's name
        self, request: pb.AssignToTeamRequest, _context: "Context"
    ) -> pb.AssignToTeamResponse:
        """Let a worker be of a team from a day."""
        who, team = a_uuid("worker_id", request.worker_id), a_tag("team", request.team)
        command = AssignToTeam(who, team, a_day("from_day", request.from_day))
        return pb.AssignToTeamResponse(receipt=await self._do(request, command))

    async def LeaveTeam(  # noqa: N802 # the contract's name
        self, request: pb.LeaveTeamRequest, _context: "Context"
    ) -> pb.LeaveTeamResponse:
        """Say which day is a worker's last in a team."""
        who, team = a_uuid("worker_id", request.worker_id), a_tag("team", request.team)
        command = LeaveTeam(who, team, a_day("last_day", request.last_day))
        return pb.LeaveTeamResponse(receipt=await self._do(request, command))

    async def ListWorkers(  # noqa: N802 # the contract's name
        self, request: pb.ListWorkersRequest, _context: "Context"
    ) -> pb.ListWorkersResponse:
        """Answer who works for the authority, or was of a team, on a day."""
        tenant = tenant_of(request.context, caller())
        team = a_tag("team", request.team) if request.team else ""
        asked = a_day("on", request.on) if request.on else None
        async with self._shell.reading(request.context) as rows:
            today = london_day(await rows.fetchval("select es.now()"))
            found = await roster.on(rows, tenant, asked or today, team)
        return pb.ListWorkersResponse(workers=[_summary(each) for each in found])

    async def _do(self, request: Any, command: object) -> Receipt:
        try:
            done = await self._shell.command(request.context, command)
        except WorkerUnknown:
            raise NotFound("worker") from None
        of_worker = worker_stream(a_uuid("worker_id", request.worker_id))
        return self._shell.receipt(done, of_worker)


def _areas(said: Sequence[pb.Area]) -> tuple[Area, ...]:
    if len(said) > MOST_AREAS:
        raise malformed("areas", "too-many", f"at most {MOST_AREAS}")
    areas = tuple(
        Area(
            a_tag(f"areas[{index}].code", each.code),
            a_count(f"areas[{index}].minutes", each.minutes, 0, MOST_MINUTES),
        )
        for index, each in enumerate(said)
    )
    if len({each.code for each in areas}) < len(areas):
        raise malformed("areas", "repeated", "each area once")
    return areas


def _summary(of: roster.Known) -> pb.WorkerSummary:
    return pb.WorkerSummary(
        worker_id=str(of.worker),
        kind=of.kind.value,
        teams=of.teams,
        skills=of.skills,
        languages=of.languages,
        areas=[pb.Area(code=code, minutes=minutes) for code, minutes in of.areas.items()],
        weekly_minutes=of.weekly_minutes,
        experience=of.experience,
        registrations=[
            casework_pb2.Registration(
                body=each.body.value,
                valid_from=each.valid_from.isoformat(),
                valid_to=each.valid_to.isoformat(),
            )
            for each in of.registrations
        ],
        lapsed_from=of.lapsed_from.isoformat() if of.lapsed_from else "",
    )
