"""Answers written: states and rows as the contract says them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from casework.allocations.caseload import Led
from casework.cases.standing import JoinedReferral, PlaceStanding, Standing
from casework.cases.urgency import Urgency
from casework.chronology import Entry
from casework.words import headline, kind
from casework.workers.worker import Lapsed, Registered
from ledger.clock import london_day
from ledger.envelope import Occurred
from ledger.personal import Handle
from throughline.casework.v1 import casework_pb2 as pb
from throughline.common.v1 import common_pb2
from vault.access import Shredded


def stamp(at: datetime) -> Timestamp:
    """Write an instant."""
    written = Timestamp()
    written.FromDatetime(at)
    return written


def occurred(when: Occurred) -> common_pb2.Occurred:
    """Write when something was true, as exactly as it is known."""
    if when.is_day:
        return common_pb2.Occurred(day=london_day(when.at).isoformat())
    return common_pb2.Occurred(instant=stamp(when.at))


def worker(state: Registered, name: object, today: date) -> pb.GetWorkerResponse:
    """Write a worker; a name that was not opened stays out."""
    return pb.GetWorkerResponse(
        worker_id=str(state.worker),
        kind=state.kind.value,
        display_name=name if isinstance(name, str) else "",
        teams=state.teams_on(today),
        skills=state.skills,
        registrations=[
            pb.Registration(
                body=each.body.value,
                valid_from=each.valid_from.isoformat(),
                valid_to=each.valid_to.isoformat(),
            )
            for each in state.registrations
        ],
        lapsed_from=(
            state.standing.from_day.isoformat() if isinstance(state.standing, Lapsed) else ""
        ),
        memberships=[
            pb.Membership(
                team=each.team,
                from_day=each.from_day.isoformat() if each.from_day else "",
                to_day=each.to_day.isoformat() if each.to_day else "",
            )
            for each in state.teams
        ],
    )


def summary(case: Standing) -> pb.CaseSummary:
    """Write how a case stands."""
    return pb.CaseSummary(
        case_id=str(case.case_id),
        child=str(case.child),
        family_id=str(case.family_id),
        contact=str(case.contact or ""),
        state=case.state,
        episode=case.episode,
        opened=occurred(case.opened),
        lead=str(case.lead or ""),
        lead_since=occurred(case.lead_since) if case.lead_since else None,
        allocate_by=stamp(case.allocate_by) if case.allocate_by else None,
        allocation_overdue=case.overdue,
        closed=occurred(case.closed) if case.closed else None,
        close_reason=case.close_reason or "",
        sessions=case.sessions,
        corrections=case.corrections,
        last_session_on=case.last_session_on.isoformat() if case.last_session_on else "",
        duty_holder=case.duty_holder or "",
        urgent=case.urgency >= Urgency.URGENT,
        immediate_danger=case.urgency >= Urgency.DANGER,
        needs=case.needs,
        stage=case.stage,
        stage_since=stamp(case.stage_since),
    )


def referral(joined: JoinedReferral) -> pb.CaseReferral:
    """Write a referral of a case."""
    return pb.CaseReferral(
        referral_id=str(joined.referral_id),
        reference=joined.reference,
        episode=joined.episode,
        needs=joined.needs,
        joined=occurred(joined.joined),
    )


def kin(other_case: UUID, relation: str) -> pb.FamilyCase:
    """Write that another case is of the same family."""
    return pb.FamilyCase(case_id=str(other_case), relation=relation)


def place(standing: PlaceStanding) -> pb.GroupPlace:
    """Write what became of a place in a group."""
    return pb.GroupPlace(
        cohort_id=str(standing.cohort_id),
        request_id=str(standing.request_id or ""),
        place_id=str(standing.place_id or ""),
        state=standing.state,
        sessions_attended=standing.attended,
    )


def led(case: Led) -> pb.CaseloadEntry:
    """Write a case of a caseload."""
    return pb.CaseloadEntry(
        case_id=str(case.case_id),
        child=str(case.child),
        since=occurred(case.since),
        episode=case.episode,
        sessions=case.sessions,
        last_session_on=case.last_session_on.isoformat() if case.last_session_on else "",
    )


def entry(told: Entry, values: Mapping[str, Any]) -> pb.ChronologyEntry:
    """Write an entry; `values` are its sealed fields as they came out: a handle stayed sealed."""
    return pb.ChronologyEntry(
        event_id=str(told.event_id),
        occurred=occurred(told.occurred),
        recorded_at=stamp(told.recorded_at),
        kind=kind(told.type),
        headline=headline(told.type, told.said),
        actor_id=told.actor,
        actor_role=told.actor_role,
        basis=told.basis,
        corrects=str(told.corrects or ""),
        corrected_by=str(told.corrected_by or ""),
        stream_id=str(told.stream_id),
        session_id=told.said.get("session_id", ""),
        data=ParseDict(dict(told.said), Struct()),
        words=dict(_texts(values)),
        sealed_fields=[name for name, each in values.items() if isinstance(each, Handle)],
        shredded_fields=[name for name, each in values.items() if isinstance(each, Shredded)],
    )


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give each opened text by its field's name; of a plan, also by the key of its part."""
    for name, each in values.items():
        if isinstance(each, str):
            yield name, each
        elif isinstance(each, dict):
            yield from ((f"{name}.{key}", text) for key, text in each.items())
