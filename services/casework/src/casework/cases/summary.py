"""How each case stands: a read model of our own facts, joined with what was heard of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from casework.allocations.allocation_events import (
    AllocationEnded,
    AllocationOverdue,
    CaseAllocated,
    LeadAwaited,
    LeadEnded,
)
from casework.cases.case import (
    AcceptedReferral,
    CaseClosed,
    CaseOpened,
    CaseTakenOver,
    EpisodeOpened,
    ReferralJoined,
)
from casework.cases.reopening import CaseReopened
from casework.places.group_place import (
    GroupAttendanceRecorded,
    GroupPlaceAccepted,
    GroupPlaceDeclined,
    GroupPlaceLapsed,
    GroupPlaceOffered,
    GroupPlaceWaitlisted,
    GroupPlaceWithdrawn,
    PlaceRequested,
)
from casework.sessions.session import SessionCorrected, SessionRecorded
from casework.transfers.events import CustodyPassed
from ledger.clock import start_of_day
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_OPENED = Statement(
    "case opened",
    """
    insert into read.cases
        (tenant, case_id, child, family_id, contact, state, episode, opened_at, opened_precision,
         overdue, sessions, corrections)
    values ($1, $2, $3, $4, $5, 'open', $6, $7, $8, false, 0, 0)
    on conflict (tenant, case_id) do update
       set family_id = excluded.family_id, contact = excluded.contact, state = 'open',
           episode = excluded.episode, opened_at = excluded.opened_at,
           opened_precision = excluded.opened_precision, allocate_by = null, overdue = false,
           closed_at = null, closed_precision = null, close_reason = null
    """,
)
_REOPENED = Statement(
    "case reopened",
    """
    update read.cases
       set state = 'open', episode = $3, opened_at = $4, opened_precision = $5, overdue = false,
           closed_at = null, closed_precision = null, close_reason = null
     where tenant = $1 and case_id = $2
    """,
)
_JOINED = Statement(
    "case joined",
    "update read.cases set family_id = $3, contact = $4 where tenant = $1 and case_id = $2",
)
_REFERRAL = Statement(
    "case referral",
    """
    insert into read.case_referrals
        (tenant, case_id, referral_id, reference, episode, needs, duty_holder, joined_at,
         joined_precision)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (tenant, case_id, referral_id) do nothing
    """,
    key=(0, 1, 2),
)
_CLOSED = Statement(
    "case closed",
    """
    update read.cases
       set state = 'closed', closed_at = $3, closed_precision = $4, close_reason = $5,
           allocate_by = null, overdue = false
     where tenant = $1 and case_id = $2
    """,
)
_PASSED = Statement(
    "case passed on",
    """
    update read.cases
       set state = 'transferred', closed_at = $3, closed_precision = $4, allocate_by = null,
           overdue = false
     where tenant = $1 and case_id = $2
    """,
)
_LED = Statement(
    "case led",
    """
    update read.cases
       set lead = $3, lead_since = $4, lead_since_precision = $5, allocate_by = null,
           overdue = false
     where tenant = $1 and case_id = $2
    """,
)
_AWAITED = Statement(
    "case awaits lead",
    """
    update read.cases
       set lead = null, lead_since = null, lead_since_precision = null, allocate_by = $3,
           overdue = false
     where tenant = $1 and case_id = $2
    """,
)
_OVERDUE = Statement(
    "case overdue",
    "update read.cases set overdue = true where tenant = $1 and case_id = $2 and lead is null",
)
_COUNTED = Statement(
    "case counted",
    """
    update read.cases set sessions = sessions + $3, corrections = corrections + $4
     where tenant = $1 and case_id = $2
    """,
)
_SESSION = Statement(
    "session stands",
    """
    insert into read.sessions (tenant, session_id, case_id, worker, kind, held_on)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant, session_id) do update
       set kind = excluded.kind, held_on = excluded.held_on
    """,
)
_ASKED = Statement(
    "place asked",
    """
    insert into read.case_places (tenant, case_id, cohort_id, request_id, place_id, state)
    values ($1, $2, $3, $4, null, 'requested')
    on conflict (tenant, case_id, cohort_id) do update
       set request_id = excluded.request_id, place_id = null, state = 'requested'
    """,
    key=(0, 1, 2),
)
_TOLD = Statement(
    "place told",
    """
    insert into read.case_places (tenant, case_id, cohort_id, request_id, place_id, state)
    values ($1, $2, $3, null, $4, $5)
    on conflict (tenant, case_id, cohort_id) do update
       set place_id = excluded.place_id, state = excluded.state
    """,
    key=(0, 1, 2),
)
_ATTENDED = Statement(
    "place attended",
    """
    insert into read.place_sessions (tenant, case_id, cohort_id, session_number, attendance)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant, case_id, cohort_id, session_number) do update
       set attendance = excluded.attendance
    """,
    key=(0, 1, 2, 3),
)

_PLACE_STATES: dict[type, str] = {
    GroupPlaceOffered: "offered",
    GroupPlaceWaitlisted: "waitlisted",
    GroupPlaceAccepted: "accepted",
    GroupPlaceDeclined: "declined",
    GroupPlaceLapsed: "lapsed",
    GroupPlaceWithdrawn: "withdrawn",
}


def project(recorded: Recorded[Any]) -> Sequence[Write]:  # noqa: C901, PLR0911 # a row an event
    """Follow how each case stands."""
    at = recorded.envelope
    match recorded.event:
        case CaseOpened(case_id=case_id, referral=referral) as opened:
            return [_open(opened, 1, at), _referral(at, 1, referral)]
        case EpisodeOpened(case_id=case_id, episode=episode, referral=referral) as opened:
            return [_open(opened, episode, at), _referral(at, episode, referral)]
        case ReferralJoined(case_id=case_id, episode=episode, referral=referral):
            joined = _JOINED(at.tenant, case_id, referral.family_id, referral.contact)
            return [joined, _referral(at, episode, referral)]
        case CaseClosed(case_id=case_id, reason=reason):
            when = at.occurred
            return [_CLOSED(at.tenant, case_id, when.at, when.precision, reason.value)]
        case CaseAllocated(case_id=case_id, worker=worker):
            return [_LED(at.tenant, case_id, worker, at.occurred.at, at.occurred.precision)]
        case LeadAwaited(case_id=case_id, due_on=day) | LeadEnded(case_id=case_id, due_on=day):
            return [_AWAITED(at.tenant, case_id, start_of_day(day + timedelta(days=1)))]
        case AllocationEnded(case_id=case_id):
            return [_LED(at.tenant, case_id, None, None, None)]
        case AllocationOverdue(case_id=case_id):
            return [_OVERDUE(at.tenant, case_id)]
        case SessionRecorded() as session:
            return [_COUNTED(at.tenant, session.case_id, 1, 0), _session(at, session)]
        case SessionCorrected() as session:
            return [_COUNTED(at.tenant, session.case_id, 0, 1), _session(at, session)]
        case other:
            return _custody(at, other) or _place(at, other)


def _custody(at: Envelope, event: object) -> list[Write]:
    match event:
        case CaseTakenOver():
            return [_taken_over(event, at)]
        case CaseReopened(case_id=case_id, episode=episode):
            when = at.occurred
            return [_REOPENED(at.tenant, case_id, episode, when.at, when.precision)]
        case CustodyPassed(case_id=case_id):
            return [_PASSED(at.tenant, case_id, at.occurred.at, at.occurred.precision)]
        case _:
            return []


def _open(opened: CaseOpened | EpisodeOpened, episode: int, at: Envelope) -> Write:
    referral = opened.referral
    return _OPENED(
        at.tenant,
        opened.case_id,
        opened.child,
        referral.family_id,
        referral.contact,
        episode,
        at.occurred.at,
        at.occurred.precision,
    )


def _taken_over(taken: CaseTakenOver, at: Envelope) -> Write:
    return _OPENED(
        at.tenant,
        taken.case_id,
        taken.child,
        taken.family_id,
        taken.contact,
        taken.episode,
        at.occurred.at,
        at.occurred.precision,
    )


def _referral(at: Envelope, episode: int, referral: AcceptedReferral) -> Write:
    return _REFERRAL(
        at.tenant,
        at.case_id,
        referral.referral_id,
        referral.reference,
        episode,
        list(referral.needs),
        referral.duty_holder,
        at.occurred.at,
        at.occurred.precision,
    )


def _session(at: Envelope, session: SessionRecorded | SessionCorrected) -> Write:
    return _SESSION(
        at.tenant,
        session.session_id,
        session.case_id,
        session.worker,
        session.account.kind.value,
        session.account.on,
    )


def _place(at: Envelope, event: object) -> list[Write]:
    match event:
        case PlaceRequested(request_id=request_id, cohort_id=cohort_id):
            return [_ASKED(at.tenant, at.case_id, cohort_id, request_id)]
        case GroupAttendanceRecorded(cohort_id=cohort_id, session_number=number) as seen:
            return [_ATTENDED(at.tenant, at.case_id, cohort_id, number, seen.attendance)]
        case _ if type(event) in _PLACE_STATES:
            state = _PLACE_STATES[type(event)]
            place: Any = event
            return [_TOLD(at.tenant, at.case_id, place.cohort_id, place.place_id, state)]
        case _:
            return []


PROJECTION = Projection(
    "summary",
    project,
    (
        "read.cases",
        "read.case_referrals",
        "read.case_places",
        "read.place_sessions",
        "read.sessions",
    ),
    By.CASE,
)
