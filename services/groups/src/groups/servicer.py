"""Requests to commands, rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.edge.malformed import (
    a_choice,
    a_count,
    a_day,
    a_text,
    a_uuid,
    all_of,
    if_given,
    malformed,
)
from chassis.edge.rpc import caller, command_context
from chassis.failures import NotFound
from chassis.queries.known_people import of_known
from chassis.service import Servicer
from groups import cohorts, places, streams
from groups.asks import AskForPlace, GiveUpPlace, NoteAttendance, TakePlace
from groups.attendance import Presence
from groups.cohort import PublishCohort, Terms
from groups.programme import PublishProgramme
from ledger.clock import london_day
from throughline.common.v1 import common_pb2
from throughline.groups.v1 import groups_pb2 as pb
from throughline.groups.v1 import groups_pb2_grpc as pb_grpc

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

MAX_NAME = 200
MAX_SESSIONS = 100
MAX_FAMILIES = 500
MAX_OFFER_DAYS = 90
MAX_PAGE = 200
PAGE = 100


class Groups(pb_grpc.GroupsServiceServicer):
    """Programmes, cohorts, places and attendance."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._directory = runtime.directory

    async def PublishProgramme(  # noqa: N802 # the contract's name
        self, request: pb.PublishProgrammeRequest, _context: "Context"
    ) -> pb.PublishProgrammeResponse:
        """Make a programme known."""
        context = command_context(request.context, caller())
        programme_id = streams.programme_made_by(context.tenant, context.command_id)
        command = PublishProgramme(
            programme_id,
            a_text("name", request.name, MAX_NAME),
            a_count("usual_sessions", request.usual_sessions, 1, MAX_SESSIONS),
        )
        receipt = await self._do(request.context, command)
        return pb.PublishProgrammeResponse(receipt=receipt, programme_id=str(programme_id))

    async def PublishCohort(  # noqa: N802 # the contract's name
        self, request: pb.PublishCohortRequest, _context: "Context"
    ) -> pb.PublishCohortResponse:
        """Open a run of a programme to families."""
        context = command_context(request.context, caller())
        cohort_id = streams.cohort_made_by(context.tenant, context.command_id)
        open_to = self._open_to(context.tenant, request)
        receipt = await self._do(
            request.context, PublishCohort(cohort_id, _terms(request), open_to)
        )
        return pb.PublishCohortResponse(receipt=receipt, cohort_id=str(cohort_id))

    async def RequestPlace(  # noqa: N802 # the contract's name
        self, request: pb.RequestPlaceRequest, _context: "Context"
    ) -> pb.RequestPlaceResponse:
        """Ask for a place for a family without a case."""
        context = command_context(request.context, caller())
        place_id = streams.place_of(context.tenant, context.command_id)
        command = AskForPlace(
            place_id=place_id,
            request_id=context.command_id,
            cohort_id=a_uuid("cohort_id", request.cohort_id),
            family_id=a_uuid("family_id", request.family_id),
            contact=a_uuid("contact", request.contact),
            child=if_given(a_uuid, "child", request.child),
            case_id=None,
            asked_on=london_day(context.occurred.at) if context.occurred else None,
        )
        receipt = await self._do(request.context, command)
        return pb.RequestPlaceResponse(receipt=receipt, place_id=str(place_id))

    async def AcceptPlace(  # noqa: N802 # the contract's name
        self, request: pb.AcceptPlaceRequest, _context: "Context"
    ) -> pb.AcceptPlaceResponse:
        """Take the place that was offered."""
        command = TakePlace(a_uuid("place_id", request.place_id))
        return pb.AcceptPlaceResponse(receipt=await self._do(request.context, command))

    async def DeclinePlace(  # noqa: N802 # the contract's name
        self, request: pb.DeclinePlaceRequest, _context: "Context"
    ) -> pb.DeclinePlaceResponse:
        """Decline the place, offered or waited for."""
        command = GiveUpPlace(a_uuid("place_id", request.place_id))
        return pb.DeclinePlaceResponse(receipt=await self._do(request.context, command))

    async def RecordAttendance(  # noqa: N802 # the contract's name
        self, request: pb.RecordAttendanceRequest, _context: "Context"
    ) -> pb.RecordAttendanceResponse:
        """Say whether the family was there."""
        command = NoteAttendance(
            a_uuid("place_id", request.place_id),
            a_count("session_number", request.session_number, 1, MAX_SESSIONS),
            a_choice("attendance", request.attendance, Presence),
        )
        return pb.RecordAttendanceResponse(receipt=await self._do(request.context, command))

    async def GetCohort(  # noqa: N802 # the contract's name
        self, request: pb.GetCohortRequest, _context: "Context"
    ) -> pb.GetCohortResponse:
        """Answer one cohort that the authority knows."""
        tenant = a_uuid("context.authority", request.context.authority)
        cohort_id = a_uuid("cohort_id", request.cohort_id)
        async with self._shell.reading(request.context) as rows:
            found = await cohorts.one(rows, tenant, cohort_id)
        if found is None:
            raise NotFound("cohort")
        return pb.GetCohortResponse(cohort=_cohort(found, tenant))

    async def ListCohorts(  # noqa: N802 # the contract's name
        self, request: pb.ListCohortsRequest, _context: "Context"
    ) -> pb.ListCohortsResponse:
        """Answer the cohorts that the authority knows."""
        tenant = a_uuid("context.authority", request.context.authority)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        async with self._shell.reading(request.context) as rows:
            found = await cohorts.newest(rows, tenant, limit)
        return pb.ListCohortsResponse(cohorts=[_cohort(each, tenant) for each in found])

    async def GetPlace(  # noqa: N802 # the contract's name
        self, request: pb.GetPlaceRequest, _context: "Context"
    ) -> pb.GetPlaceResponse:
        """Answer one place of the authority's own families."""
        tenant = a_uuid("context.authority", request.context.authority)
        place_id = a_uuid("place_id", request.place_id)
        async with self._shell.reading(request.context) as rows:
            found = await places.one(rows, tenant, place_id)
        if found is None:
            raise NotFound("place")
        return pb.GetPlaceResponse(place=_place(found))

    async def ListPlaces(  # noqa: N802 # the contract's name
        self, request: pb.ListPlacesRequest, _context: "Context"
    ) -> pb.ListPlacesResponse:
        """Answer a page of the authority's own places in a cohort."""
        tenant = a_uuid("context.authority", request.context.authority)
        cohort_id = a_uuid("cohort_id", request.cohort_id)
        size = a_count("page_size", request.page_size or PAGE, 1, MAX_PAGE)
        after = _after(request.page_token)
        async with self._shell.reading(request.context) as rows:
            hidden = await of_known(rows, tenant, caller())
            found = await places.page(rows, tenant, cohort_id, after, size, hidden)
        return pb.ListPlacesResponse(
            places=[_place(each) for each in found],
            next_page_token=str(found[-1].position) if len(found) == size else "",
        )

    async def _do(self, context: common_pb2.CommandContext, command: object) -> common_pb2.Receipt:
        return self._shell.receipt(await self._shell.command(context, command))

    def _open_to(self, host: UUID, request: pb.PublishCohortRequest) -> tuple[UUID, ...]:
        """Return whose families may come: those asked for, or all of the host's partnership."""
        partnership = self._directory.partnership_of(host)
        together = [each.id for each in partnership.authorities] if partnership else [host]
        asked = all_of("open_to", request.open_to, len(together), a_uuid)
        for index, each in enumerate(asked):
            if each not in together:
                allowed = "an authority of the host's partnership"
                raise malformed(f"open_to[{index}]", "unknown-code", allowed)
        return asked or tuple(together)


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Return what is served beside what every service serves."""
    return [
        Servicer(
            Groups(runtime),
            pb_grpc.add_GroupsServiceServicer_to_server,
            "throughline.groups.v1.GroupsService",
        )
    ]


def _terms(request: pb.PublishCohortRequest) -> Terms:
    days = all_of("session_days", request.session_days, MAX_SESSIONS, a_day)
    if not days:
        raise malformed("session_days", "required", f"1 to {MAX_SESSIONS} days, YYYY-MM-DD")
    return Terms(
        programme_id=a_uuid("programme_id", request.programme_id),
        capacity_families=a_count("capacity_families", request.capacity_families, 1, MAX_FAMILIES),
        session_days=days,
        offer_days=a_count("offer_days", request.offer_days, 1, MAX_OFFER_DAYS),
        referral_deadline=a_day("referral_deadline", request.referral_deadline),
    )


def _after(page_token: str) -> int:
    """Read where a list goes on: after a position of the log."""
    if not page_token:
        return 0
    if not (page_token.isascii() and page_token.isdigit() and int(page_token) < 2**63):
        raise malformed("page_token", "bad-page-token", "a token as it was given")
    return int(page_token)


def _cohort(row: cohorts.CohortRow, reader: UUID) -> pb.Cohort:
    at_home = row.host == reader
    return pb.Cohort(
        cohort_id=str(row.cohort_id),
        programme_id=str(row.programme_id),
        host=str(row.host),
        capacity_families=row.capacity_families,
        session_days=[each.isoformat() for each in row.session_days],
        offer_days=row.offer_days,
        referral_deadline=row.referral_deadline.isoformat(),
        families=pb.FamilyCounts(taken=row.taken, waiting=row.waiting) if at_home else None,
    )


def _place(row: places.PlaceRow) -> pb.Place:
    place = pb.Place(
        place_id=str(row.place_id),
        cohort_id=str(row.cohort_id),
        request_id=str(row.request_id),
        family_id=str(row.family_id),
        child=str(row.child or ""),
        contact=str(row.contact),
        case_id=str(row.case_id or ""),
        status=row.status,
        attendance=[
            pb.Attendance(
                session_number=each.session_number,
                attendance=each.attendance,
                on=each.held_on.isoformat(),
            )
            for each in row.attendance
        ],
    )
    if row.offer_expires is not None:
        stamp = Timestamp()
        stamp.FromDatetime(row.offer_expires)
        place.offer_expires.CopyFrom(stamp)
    return place
