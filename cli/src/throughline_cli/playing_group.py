"""What the demo's people do at the end: a group with too few places, sessions, a correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from throughline.casework.v1 import casework_pb2, casework_pb2_grpc
from throughline.common.v1 import common_pb2
from throughline.groups.v1 import groups_pb2, groups_pb2_grpc
from throughline_cli.calling import again
from throughline_cli.playing import Accepted, command_context
from throughline_cli.reaching import Line as Channels

CAPACITY = 10
FAMILIES_ASKING = 14


@dataclass(frozen=True, slots=True)
class Group:
    """A group with fewer places than families that ask."""

    facilitator: Channels
    host: UUID
    cohort_id: str

    @classmethod
    async def publish(cls, facilitator: Channels, host: UUID, starts: date) -> "Group":
        """Publish a programme and a cohort of it."""
        stub = groups_pb2_grpc.GroupsServiceStub(facilitator["groups"])
        programme = groups_pb2.PublishProgrammeRequest(
            context=command_context("programme", host),
            name="Non-violent resistance for parents",
            usual_sessions=10,
        )
        published = await again(lambda: stub.PublishProgramme(programme))
        cohort = groups_pb2.PublishCohortRequest(
            context=command_context("cohort", host),
            programme_id=published.programme_id,
            capacity_families=CAPACITY,
            session_days=[(starts + timedelta(weeks=week)).isoformat() for week in range(10)],
            offer_days=4,
            referral_deadline=starts.isoformat(),
        )
        answer = await again(lambda: stub.PublishCohort(cohort))
        return cls(facilitator, host, answer.cohort_id)

    async def places(self, authorities: Sequence[UUID]) -> list[tuple[UUID, groups_pb2.Place]]:
        """Return the places of the cohort, each with the authority whose record it is."""
        stub = groups_pb2_grpc.GroupsServiceStub(self.facilitator["groups"])
        found = []
        for authority in authorities:
            request = groups_pb2.ListPlacesRequest(
                context=common_pb2.ReadContext(authority=str(authority)),
                cohort_id=self.cohort_id,
                page_size=100,
            )
            answer = await again(partial(stub.ListPlaces, request))
            found += [(authority, place) for place in answer.places]
        return found

    async def answer(self, authority: UUID, place: groups_pb2.Place, *, accepts: bool) -> None:
        """Accept or decline a place for its family."""
        stub = groups_pb2_grpc.GroupsServiceStub(self.facilitator["groups"])
        if accepts:
            accept = groups_pb2.AcceptPlaceRequest(
                context=command_context(f"accept {place.place_id}", authority),
                place_id=place.place_id,
            )
            await again(lambda: stub.AcceptPlace(accept))
        else:
            decline = groups_pb2.DeclinePlaceRequest(
                context=command_context(f"decline {place.place_id}", authority),
                place_id=place.place_id,
            )
            await again(lambda: stub.DeclinePlace(decline))

    async def attended(self, authority: UUID, place: groups_pb2.Place, on: date) -> None:
        """Record that the family came to the first session."""
        stub = groups_pb2_grpc.GroupsServiceStub(self.facilitator["groups"])
        request = groups_pb2.RecordAttendanceRequest(
            context=command_context(f"attendance 1 {place.place_id}", authority, on),
            place_id=place.place_id,
            session_number=1,
            attendance="attended",
        )
        await again(lambda: stub.RecordAttendance(request))


async def ask_for_place(manager: Channels, asking: Accepted, cohort_id: str) -> None:
    """Ask for a place in a group for the family of a case."""
    stub = casework_pb2_grpc.CaseworkServiceStub(manager["casework"])
    request = casework_pb2.RequestPlaceRequest(
        context=command_context(f"place {asking.case_id}", asking.authority),
        case_id=asking.case_id,
        cohort_id=cohort_id,
    )
    await again(lambda: stub.RequestPlace(request))


@dataclass(frozen=True, slots=True)
class Sessions:
    """One worker's sessions in one case."""

    worker: Channels
    case: Accepted

    async def record(self, number: int, on: date, minutes: int, notes: str) -> str:
        """Record a session held on a day; answer its id."""
        stub = casework_pb2_grpc.CaseworkServiceStub(self.worker["casework"])
        request = casework_pb2.RecordSessionRequest(
            context=command_context(
                f"session {number} {self.case.case_id}", self.case.authority, on
            ),
            case_id=self.case.case_id,
            kind="direct-work",
            minutes=minutes,
            attendance=casework_pb2.Attendance(attended=["child", "adoptive-parent"]),
            notes=notes,
        )
        answer = await again(lambda: stub.RecordSession(request))
        return str(answer.session_id)

    async def correct(self, session_id: str, corrects: str, on: date, notes: str) -> None:
        """Set a session right: it was held on another day and lasted longer."""
        stub = casework_pb2_grpc.CaseworkServiceStub(self.worker["casework"])
        request = casework_pb2.CorrectSessionRequest(
            context=command_context(f"correct {session_id}", self.case.authority, on),
            case_id=self.case.case_id,
            session_id=session_id,
            corrects=corrects,
            reason="wrong-date",
            minutes=75,
            notes=notes,
        )
        await again(lambda: stub.CorrectSession(request))
