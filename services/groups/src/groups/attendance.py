"""Attendance at the sessions of one place: a part of the place's stream, the last word counts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from ledger.decider import Refusal


class Presence(StrEnum):
    """Whether the family was there."""

    ATTENDED = "attended"
    PART = "part"
    ABSENT_NOTIFIED = "absent-notified"
    ABSENT = "absent"
    CATCH_UP = "catch-up"


@dataclass(frozen=True, slots=True)
class RecordAttendance:
    """Say whether the family was there. `session_day` is looked up, `today` is the store's."""

    session_number: int
    presence: Presence
    session_day: date
    today: date


@dataclass(frozen=True, slots=True)
class AttendanceRecorded:
    """Whether the family was there. A later one for the same session replaces it.

    `on` is the session's day in London, or the day on which a catch-up was recorded.
    """

    place_id: UUID
    cohort_id: UUID
    session_number: int
    presence: Presence
    on: date


class SessionNotHeld(Refusal):
    """The session's day has not come."""


Kept: TypeAlias = tuple[tuple[int, Presence], ...]
"""The last word on each session, by number."""


def keep(
    command: RecordAttendance, place_id: UUID, cohort_id: UUID, kept: Kept
) -> list[AttendanceRecorded]:
    """Record what is new; what is known already decides nothing."""
    if command.today < command.session_day:
        raise SessionNotHeld
    if (command.session_number, command.presence) in kept:
        return []
    caught_up = command.presence is Presence.CATCH_UP
    on = command.today if caught_up else command.session_day
    return [AttendanceRecorded(place_id, cohort_id, command.session_number, command.presence, on)]


def kept_with(kept: Kept, event: AttendanceRecorded) -> Kept:
    """Fold one record into what is kept."""
    return tuple(sorted({**dict(kept), event.session_number: event.presence}.items()))
