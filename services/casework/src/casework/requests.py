"""Requests read: each field parsed, and named where it is wrong."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from casework.allocations.allocation_events import AllocationReason, Part
from casework.allocations.commands import AllocateCase
from casework.chronology import Asked
from casework.places.commands import RequestPlace
from casework.sessions.commands import RecordSession
from casework.sessions.session import Account, Attendee, Change, CorrectionReason, SessionKind
from casework.workers.profile import Registration, RegistrationBody, WorkerKind
from casework.workers.worker_commands import ChangeWorkerRegistration, RegisterWorker
from chassis.edge.malformed import (
    a_choice,
    a_count,
    a_day,
    a_text,
    a_timestamp,
    a_uuid,
    all_of,
    if_given,
    malformed,
)
from chassis.edge.rpc import occurred_of
from ledger.clock import start_of_day
from ledger.connect import Connection
from ledger.envelope import Basis, Occurred
from ledger.personal import Plain
from throughline.casework.v1 import casework_pb2 as pb
from throughline.common.v1.common_pb2 import CommandContext, ReadContext

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
MAX_NOTES = 20_000
MAX_WORDS = 2_000
MAX_NAME = 200
MAX_MINUTES = 720
MAX_TAGS = 20
MAX_REGISTRATIONS = 20

_TAG = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,9}")
_MAX_TAG = 60
_PURPOSE = re.compile(r"[a-z][a-z0-9-]{0,63}")


def register_worker(request: pb.RegisterWorkerRequest) -> RegisterWorker:
    """Read a new worker's particulars."""
    if len(request.registrations) > MAX_REGISTRATIONS:
        raise malformed("registrations", "too-many", f"at most {MAX_REGISTRATIONS}")
    return RegisterWorker(
        worker=a_uuid("worker_id", request.worker_id),
        kind=a_choice("kind", request.kind, WorkerKind),
        teams=all_of("teams", request.teams, MAX_TAGS, a_tag),
        skills=all_of("skills", request.skills, MAX_TAGS, a_tag),
        registrations=tuple(
            registration(f"registrations[{index}]", each)
            for index, each in enumerate(request.registrations)
        ),
        display_name=Plain(a_text("display_name", request.display_name, MAX_NAME)),
    )


def change_registration(request: pb.ChangeWorkerRegistrationRequest) -> ChangeWorkerRegistration:
    """Read a period of registration of a worker."""
    return ChangeWorkerRegistration(
        a_uuid("worker_id", request.worker_id),
        registration("registration", request.registration),
    )


def registration(field: str, said: pb.Registration) -> Registration:
    """Read a period on a professional register: the last day is not before the first."""
    valid_from = a_day(f"{field}.valid_from", said.valid_from)
    return Registration(
        a_choice(f"{field}.body", said.body, RegistrationBody),
        valid_from,
        a_day(f"{field}.valid_to", said.valid_to, earliest=valid_from),
    )


def allocate(request: pb.AllocateCaseRequest) -> AllocateCase:
    """Read who is to lead a case, and why."""
    words = a_text("words", request.words, MAX_WORDS) if request.words else None
    return AllocateCase(
        case_id=a_uuid("case_id", request.case_id),
        worker=a_uuid("worker_id", request.worker_id),
        reason=a_choice("reason", request.reason, AllocationReason),
        words=Plain(words),
        part=a_choice("part", request.part, Part) if request.part else Part.LEAD,
    )


def record_session(
    request: pb.RecordSessionRequest, session_id: UUID, worker: UUID
) -> RecordSession:
    """Read what is told of a session; the context says when it was held."""
    return RecordSession(
        session_id=session_id,
        case_id=a_uuid("case_id", request.case_id),
        worker=worker,
        account=Account(
            a_choice("kind", request.kind, SessionKind),
            held(request.context),
            a_count("minutes", request.minutes, 0, MAX_MINUTES),
            attended(request.attendance),
        ),
        notes=Plain(a_text("notes", request.notes, MAX_NOTES)),
        booking=if_given(a_uuid, "booking_id", request.booking_id),
    )


def held(context: CommandContext) -> Occurred:
    """Read when a session was held: it must be said."""
    if not context.HasField("occurred"):
        raise malformed("context.occurred", "required", "the instant or the day of the session")
    return occurred_of(context.occurred)


def attended(said: pb.Attendance) -> tuple[Attendee, ...]:
    """Read who took part, each once, in the order of the codes."""
    codes = all_of(
        "attendance.attended",
        said.attended,
        len(Attendee),
        lambda field, text: a_choice(field, text, Attendee),
    )
    return tuple(each for each in Attendee if each in codes)


def change(request: pb.CorrectSessionRequest) -> Change:
    """Read what a correction says anew."""
    return Change(
        kind=a_choice("kind", request.kind, SessionKind) if request.HasField("kind") else None,
        held=occurred_of(request.context.occurred)
        if request.context.HasField("occurred")
        else None,
        minutes=(
            a_count("minutes", request.minutes, 0, MAX_MINUTES)
            if request.HasField("minutes")
            else None
        ),
        attended=attended(request.attendance) if request.HasField("attendance") else None,
    )


def corrected_notes(request: pb.CorrectSessionRequest) -> Plain[str | None]:
    """Read the words of a correction, None where they stay."""
    return Plain(a_text("notes", request.notes, MAX_NOTES) if request.HasField("notes") else None)


def correction_reason(request: pb.CorrectSessionRequest) -> CorrectionReason:
    """Read why a session is set right."""
    return a_choice("reason", request.reason, CorrectionReason)


def request_place(request: pb.RequestPlaceRequest, request_id: UUID) -> RequestPlace:
    """Read for which case a place is asked for, and where."""
    return RequestPlace(
        request_id,
        a_uuid("case_id", request.case_id),
        a_uuid("cohort_id", request.cohort_id),
    )


async def part_of_chronology(
    rows: Connection, tenant: UUID, case_id: UUID, request: pb.ReadChronologyRequest
) -> Asked:
    """Read as known at which instant, and as of which day; without them, all that is known."""
    known_at, before = FOREVER, FOREVER
    if request.HasField("known_at"):
        known_at = a_timestamp("known_at", request.known_at)
        if known_at > await rows.fetchval("select es.now()"):
            raise malformed("known_at", "in-the-future", "at most the service's clock")
    as_of = a_day("as_of", request.as_of) if request.as_of else None
    if as_of is not None:
        before = start_of_day(as_of + timedelta(days=1))
    return Asked(tenant, case_id, known_at, before, as_of)


def basis(text: str) -> Basis:
    """Read on what a record rests; where nothing is said, it is told as a fact."""
    return a_choice("basis", text, Basis) if text else Basis.FACT


def purpose(context: ReadContext) -> str:
    """Read why sealed data is opened: a code, since it is recorded in the clear."""
    if not _PURPOSE.fullmatch(context.purpose):
        raise malformed(
            "context.purpose", "bad-purpose", "a code such as direct-care, at most 64 characters"
        )
    return context.purpose


def a_tag(field: str, text: str) -> str:
    """Read a code of small letters and hyphens."""
    if len(text) > _MAX_TAG or not _TAG.fullmatch(text):
        raise malformed(field, "bad-code", f"a code such as north-team, at most {_MAX_TAG} letters")
    return text
