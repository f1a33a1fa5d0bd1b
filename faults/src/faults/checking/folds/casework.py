"""What casework's events make of its cases and sessions, and what it heard of urgency."""

from collections.abc import Sequence

from faults.checking.evidence import Event
from faults.checking.folds.model import Model
from faults.checking.telling import Telling

_PLACE = {
    "GroupPlaceOffered": "offered",
    "GroupPlaceWaitlisted": "waitlisted",
    "GroupPlaceAccepted": "accepted",
    "GroupPlaceDeclined": "declined",
    "GroupPlaceLapsed": "lapsed",
    "GroupPlaceWithdrawn": "withdrawn",
}


def fold(events: Sequence[Event], topics: Telling) -> Sequence[Model]:
    """Return cases, caseload, sessions, places in groups, and the urgency of referrals."""
    cases = Model("cases", ("tenant", "case_id"))
    caseload = Model("caseload", ("tenant", "case_id"))
    sessions = Model("sessions", ("tenant", "session_id"))
    places = Model("case_places", ("tenant", "case_id", "cohort_id"))
    for event in events:
        _case(event, cases)
        _lead(event, cases, caseload)
        _session(event, cases, sessions)
        _place(event, places)
    return (cases, caseload, sessions, places, _urgency(topics))


def _case(event: Event, cases: Model) -> None:
    match event.type:
        case "CaseOpened":
            said = event.said
            cases.row(event, said["case_id"]).update(
                state="open", episode=1, child=said["child"], sessions=0, corrections=0
            )
            cases.row(event, said["case_id"]).update(overdue=False, close_reason=None)
            cases.row(event, said["case_id"]).setdefault("lead", None)
        case "EpisodeOpened":
            said = event.said
            cases.known(event, said["case_id"]).update(
                state="open", episode=said["episode"], overdue=False, close_reason=None
            )
        case "CaseClosed":
            said = event.said
            cases.known(event, said["case_id"]).update(
                state="closed", overdue=False, close_reason=said["reason"]
            )
        case _:
            return


def _lead(event: Event, cases: Model, caseload: Model) -> None:
    match event.type:
        case "CaseAllocated":
            said = event.said
            cases.known(event, said["case_id"]).update(lead=said["worker"], overdue=False)
            caseload.row(event, said["case_id"]).update(
                worker=said["worker"], episode=said["episode"]
            )
        case "AllocationEnded" | "LeadEnded":
            case_id = event.said["case_id"]
            cases.known(event, case_id).update(lead=None, overdue=False)
            caseload.drop(event, case_id)
        case "AllocationOverdue":
            found = cases.known(event, event.said["case_id"])
            if found.get("lead") is None:
                found["overdue"] = True
        case _:
            return


def _session(event: Event, cases: Model, sessions: Model) -> None:
    if event.type not in {"SessionRecorded", "SessionCorrected"}:
        return
    said = event.said
    counted = "sessions" if event.type == "SessionRecorded" else "corrections"
    found = cases.known(event, said["case_id"])
    found[counted] = found.get(counted, 0) + 1
    sessions.row(event, said["session_id"]).update(
        kind=said["account"]["kind"], case_id=said["case_id"]
    )
    if event.type == "SessionRecorded":
        sessions.row(event, said["session_id"])["worker"] = said["worker"]


def _place(event: Event, places: Model) -> None:
    if event.type == "PlaceRequested":
        said = event.said
        places.row(event, event.case_id, said["cohort_id"]).update(
            state="requested", request_id=said["request_id"], place_id=None
        )
    elif event.type in _PLACE:
        said = event.said
        found = places.row(event, event.case_id, said["cohort_id"])
        found.update(state=_PLACE[event.type], place_id=said["place_id"])


def _urgency(topics: Telling) -> Model:
    model = Model("urgency", ("tenant", "referral_id"))
    for told in topics.first():
        if (told.service, told.type) == ("referrals", "ReferralReceived"):
            data = told.data
            how = 2 if data["immediate_danger"] else int(data["urgent"])
        elif (told.service, told.type) == ("referrals", "DangerReported"):
            data, how = told.data, 2
        else:
            continue
        row = model.rows.setdefault((str(told.tenant), data["referral_id"]), {"urgency": 0})
        row["urgency"] = max(row["urgency"], how)
    return model
