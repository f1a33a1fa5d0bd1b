"""What becomes of a case's places in groups, as groups tell it."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from casework.places.commands import NotePlace
from casework.places.group_place import (
    GroupAttendanceRecorded,
    GroupPlaceAccepted,
    GroupPlaceDeclined,
    GroupPlaceLapsed,
    GroupPlaceOffered,
    GroupPlaceWaitlisted,
    GroupPlaceWithdrawn,
    NoteTold,
    Told,
)
from casework.streams import group_place_stream
from chassis.acting import Do, Heard
from ledger.writes import Write


class _Place(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    place_id: UUID
    cohort_id: UUID


class _Offer(_Place):
    expires_at: AwareDatetime


class _Attendance(_Place):
    session_number: int
    attendance: str
    on: date


_PLAIN: dict[str, Callable[[UUID, UUID], Told]] = {
    "PlaceWaitlisted": GroupPlaceWaitlisted,
    "PlaceAccepted": GroupPlaceAccepted,
    "PlaceDeclined": GroupPlaceDeclined,
    "PlaceLapsed": GroupPlaceLapsed,
    "PlaceWithdrawn": GroupPlaceWithdrawn,
}


def hear(heard: Heard) -> Sequence[Do | Write]:
    """Record what becomes of a case's place in a group; places without a case are not ours."""
    fact = _told(heard)
    if fact is None or heard.case_id is None:
        return ()
    return [
        Do(
            NotePlace(heard.case_id, NoteTold(fact)),
            target=group_place_stream(heard.case_id, fact.cohort_id),
        )
    ]


def _told(heard: Heard) -> Told | None:
    match heard.type:
        case "PlaceOffered":
            offer = _Offer.model_validate(heard.data)
            return GroupPlaceOffered(offer.place_id, offer.cohort_id, offer.expires_at)
        case "AttendanceRecorded":
            seen = _Attendance.model_validate(heard.data)
            return GroupAttendanceRecorded(
                seen.place_id, seen.cohort_id, seen.session_number, seen.attendance, seen.on
            )
        case name if name in _PLAIN:
            place = _Place.model_validate(heard.data)
            return _PLAIN[name](place.place_id, place.cohort_id)
        case _:
            return None
