"""Days in London, and instants as the store keeps them (aware, in UTC, in microseconds)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(instant: datetime) -> date:
    """Return the day in London in which an aware instant lies."""
    return instant.astimezone(LONDON).date()


def start_of_day(day: date) -> datetime:
    """Return the instant at which a day begins in London, in UTC."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)
