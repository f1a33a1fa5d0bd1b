"""By which day something must be done, and the version of the rule that says so."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class DueBy:
    """The last day on which it is in time, by the rule set of that version."""

    on: date
    rule: str


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later; the month's last if it has none."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
