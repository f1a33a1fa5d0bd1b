"""Counting to a due day: so many days, working days or months after a day. Pure.

The day itself does not count. A month ends on the same day of a later month, or on its last day
where it has no such one (29 February 2024 and twelve months: 28 February 2025).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.rules.due import months_after
from ledger.working_days import Calendar


class Unit(StrEnum):
    """What is counted."""

    DAYS = "days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Clock:
    """So many units after a day in London: a due day with what it came from."""

    start: date
    count: int
    unit: Unit


def due_on(clock: Clock, calendar: Calendar) -> date:
    """Return the last day of a clock by a calendar of working days."""
    match clock.unit:
        case Unit.DAYS:
            return clock.start + timedelta(days=clock.count)
        case Unit.WORKING_DAYS:
            return calendar.after(clock.start, clock.count)
        case Unit.MONTHS:
            return months_after(clock.start, clock.count)


def calendar_of(clock: Clock | None, calendar: Calendar) -> str:
    """Return the version of the calendar that a clock depends on, empty where it is on none."""
    counts = clock is not None and clock.unit is Unit.WORKING_DAYS
    return calendar.version if counts else ""
