"""Requests on bookings and pauses read: each field parsed, and named where it is wrong."""

from uuid import UUID

from casework.requests import MAX_MINUTES, MAX_WORDS
from casework.sessions.booking import CancelReason, Slot
from casework.sessions.commands import (
    CancelSession,
    PauseIntervention,
    ResumeIntervention,
    ScheduleSession,
)
from casework.sessions.intervention import BY_HAND, PauseCause
from casework.sessions.session import SessionKind
from chassis.edge.malformed import (
    a_choice,
    a_count,
    a_text,
    a_timestamp,
    a_uuid,
    malformed,
    one_of,
)
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import sessions_pb2 as pb


def schedule(request: pb.ScheduleSessionRequest, booking_id: UUID, caller: str) -> ScheduleSession:
    """Read what is booked; without a worker, with the caller."""
    if not request.HasField("starts_at"):
        raise malformed("starts_at", "required", "the instant at which the session begins")
    return ScheduleSession(
        booking_id,
        a_uuid("case_id", request.case_id),
        Slot(
            a_uuid("worker_id", request.worker_id or caller),
            a_choice("kind", request.kind, SessionKind),
            a_timestamp("starts_at", request.starts_at),
            a_count("minutes", request.minutes, 1, MAX_MINUTES),
        ),
        _words("words", request.words),
    )


def cancel(request: pb.CancelSessionRequest) -> CancelSession:
    """Read which booking is cancelled, and why."""
    return CancelSession(
        a_uuid("case_id", request.case_id),
        a_uuid("booking_id", request.booking_id),
        a_choice("reason", request.reason, CancelReason),
        _words("words", request.words),
    )


def pause(request: pb.PauseInterventionRequest) -> PauseIntervention:
    """Read why the work pauses; the context may say from which day."""
    context = request.context
    on = london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None
    reasons: Plain[str | None] = Plain(a_text("reasons", request.reasons, MAX_WORDS))
    case_id = a_uuid("case_id", request.case_id)
    return PauseIntervention(case_id, _cause(request.cause), on, reasons)


def resume(request: pb.ResumeInterventionRequest) -> ResumeIntervention:
    """Read which cause is over; the context may say from which day."""
    context = request.context
    on = london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None
    reasons: Plain[str | None] = Plain(a_text("reasons", request.reasons, MAX_WORDS))
    case_id = a_uuid("case_id", request.case_id)
    return ResumeIntervention(case_id, _cause(request.cause), on, reasons)


def _cause(text: str) -> PauseCause:
    """Read a cause that a person decides on: a pause for want of consent follows the consent."""
    one_of("cause", text, {each.value for each in BY_HAND})
    return PauseCause(text)


def _words(field: str, text: str) -> Plain[str | None]:
    return Plain(a_text(field, text, MAX_WORDS) if text else None)
