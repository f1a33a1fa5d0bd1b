"""What groups' events make of its places, attendance, and of who holds room in a cohort."""

from collections.abc import Sequence

from faults.checking.evidence import Event
from faults.checking.folds.model import Model
from faults.checking.telling import Telling

_STATUS = {
    "PlaceWaitlisted": "waiting",
    "PlaceAccepted": "accepted",
    "PlaceDeclined": "declined",
    "PlaceLapsed": "lapsed",
    "PlaceWithdrawn": "withdrawn",
}


def fold(events: Sequence[Event], _topics: Telling) -> Sequence[Model]:
    """Return places, attendance, and cohorts' places."""
    places = Model("places", ("tenant", "place_id"))
    attendance = Model("attendance", ("tenant", "place_id", "session_number"))
    held = Model("cohort_places", ("tenant", "cohort_id", "place_id"))
    for event in events:
        _place(event, places, attendance)
        _room(event, held)
    return (places, attendance, held)


def _place(event: Event, places: Model, attendance: Model) -> None:
    said = event.said
    match event.type:
        case "PlaceRequested":
            asked = said["asked"]
            places.row(event, asked["place_id"]).update(
                status="requested",
                cohort_id=asked["cohort_id"],
                request_id=asked["request_id"],
                family_id=asked["family_id"],
                position=event.position,
            )
        case "PlaceOffered":
            places.known(event, said["asked"]["place_id"])["status"] = "offered"
        case moved if moved in _STATUS:
            places.known(event, said["place_id"])["status"] = _STATUS[moved]
        case "AttendanceRecorded":
            attendance.row(event, said["place_id"], said["session_number"]).update(
                attendance=said["presence"], held_on=said["on"]
            )
        case _:
            return


def _room(event: Event, held: Model) -> None:
    match event.type:
        case "PlaceGranted" | "PlaceQueued":
            said = event.said
            held.row(event, said["cohort_id"], said["place_id"]).update(
                family_id=said["family_id"], held=event.type == "PlaceGranted"
            )
        case "PlaceFreed":
            said = event.said
            held.drop(event, said["cohort_id"], said["place_id"])
        case _:
            return
