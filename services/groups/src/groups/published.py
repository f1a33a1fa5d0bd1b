"""What others are told: opaque ids, codes, dates and numbers.

`CohortOpened`, `PlaceRequested`, `PlaceGranted`, `PlaceQueued` and `PlaceWithdrawn`, and `host`
everywhere, are there for `placing`, by which a place finds its way between two authorities.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from groups import attendance, cohort, place, request
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class CohortPublished:
    """A run of a programme exists, with room for so many families; it starts on a day in London."""

    cohort_id: UUID
    programme_id: UUID
    capacity_families: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class CohortOpened:
    """Families of an authority may ask the host (the event's own authority) for places.

    The days are days in London; the first session day is session 1. A family has `offer_days` to
    answer an offer.
    """

    cohort_id: UUID
    authority: UUID
    programme_id: UUID
    capacity_families: int
    session_days: tuple[date, ...]
    offer_days: int
    referral_deadline: date


@dataclass(frozen=True, slots=True)
class PlaceRequested:
    """A family asks the cohort's host for a place."""

    place_id: UUID
    request_id: UUID
    cohort_id: UUID
    host: UUID
    family_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceGranted:
    """The cohort holds a place for a family of an authority: it is to be offered."""

    place_id: UUID
    cohort_id: UUID
    authority: UUID
    offer_days: int


@dataclass(frozen=True, slots=True)
class PlaceQueued:
    """The cohort is full: a place for a family of an authority waits."""

    place_id: UUID
    cohort_id: UUID
    authority: UUID


@dataclass(frozen=True, slots=True)
class PlaceOffered:
    """A family may take its place before an instant. `contact`: the adult to be written to."""

    place_id: UUID
    request_id: UUID
    cohort_id: UUID
    family_id: UUID
    contact: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceWaitlisted:
    """The cohort is full; the family gets an offer when its turn comes."""

    place_id: UUID
    request_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceAccepted:
    """The family comes."""

    place_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceDeclined:
    """The family does not want the place."""

    place_id: UUID
    cohort_id: UUID
    host: UUID


@dataclass(frozen=True, slots=True)
class PlaceLapsed:
    """The offer ended without an answer."""

    place_id: UUID
    cohort_id: UUID
    host: UUID


@dataclass(frozen=True, slots=True)
class PlaceWithdrawn:
    """The case was closed before there was an offer."""

    place_id: UUID
    cohort_id: UUID
    host: UUID


@dataclass(frozen=True, slots=True)
class AttendanceRecorded:
    """Whether the family was at a session: attended, part, absent-notified, absent or catch-up.

    A later one for the same place and session replaces it.
    """

    place_id: UUID
    cohort_id: UUID
    session_number: int
    attendance: str
    on: date


EVENTS: tuple[type, ...] = (
    CohortPublished,
    CohortOpened,
    PlaceRequested,
    PlaceGranted,
    PlaceQueued,
    PlaceOffered,
    PlaceWaitlisted,
    PlaceAccepted,
    PlaceDeclined,
    PlaceLapsed,
    PlaceWithdrawn,
    AttendanceRecorded,
)


def publish(recorded: Recorded[Any]) -> object | None:  # noqa: C901, PLR0911, PLR0912 # a row an event
    """Say a stored fact in public words; None where it has none."""
    match recorded.event:
        case cohort.CohortPublished(cohort_id=each, terms=terms):
            start = terms.session_days[0]
            return CohortPublished(each, terms.programme_id, terms.capacity_families, start)
        case cohort.CohortOpened(cohort_id=each, authority=authority, terms=terms):
            return CohortOpened(
                each,
                authority,
                terms.programme_id,
                terms.capacity_families,
                terms.session_days,
                terms.offer_days,
                terms.referral_deadline,
            )
        case cohort.PlaceGranted() as granted:
            to = granted.authority
            return PlaceGranted(granted.place_id, granted.cohort_id, to, granted.offer_days)
        case cohort.PlaceQueued(place_id=place_id, cohort_id=each, authority=authority):
            return PlaceQueued(place_id, each, authority)
        case request.PlaceRequested(asked=by):
            return PlaceRequested(by.place_id, by.request_id, by.cohort_id, by.host, by.family_id)
        case place.PlaceOffered(asked=by, expires_at=until):
            return PlaceOffered(
                by.place_id, by.request_id, by.cohort_id, by.family_id, by.contact, until
            )
        case place.PlaceWaitlisted(place_id=place_id, request_id=request_id, cohort_id=each):
            return PlaceWaitlisted(place_id, request_id, each)
        case place.PlaceAccepted(place_id=place_id, cohort_id=each):
            return PlaceAccepted(place_id, each)
        case place.PlaceDeclined(place_id=place_id, cohort_id=each, host=host):
            return PlaceDeclined(place_id, each, host)
        case place.PlaceLapsed(place_id=place_id, cohort_id=each, host=host):
            return PlaceLapsed(place_id, each, host)
        case request.PlaceWithdrawn(place_id=place_id, cohort_id=each, host=host):
            return PlaceWithdrawn(place_id, each, host)
        case attendance.AttendanceRecorded() as seen:
            return AttendanceRecorded(
                seen.place_id, seen.cohort_id, seen.session_number, seen.presence.value, seen.on
            )
        case _:
            return None
