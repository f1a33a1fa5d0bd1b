"""Working days in England and Wales.

A working day is not Saturday, Sunday, Christmas Day, Good Friday or a bank holiday (Banking and
Financial Dealings Act 1971), as SI 2006/1738 reg 2 counts them. The days come from the library
`holidays`; a day that is added or moved later is given beside it, under a version of its own.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version as version_of

import holidays

_SATURDAY = 5
_MOST = 2_000
"""Working days that anybody may ask to count: eight years."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar of working days. `added` and `removed` set the library's bank holidays right."""

    version: str = f"holidays-{version_of('holidays')}"
    added: frozenset[date] = field(default_factory=frozenset)
    removed: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        if day.weekday() >= _SATURDAY or day in self.added:
            return False
        return day in self.removed or day not in bank_holidays(day.year)

    def after(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after a day; with 0, the day itself.

        The day itself does not count, whether it is a working day or not.
        """
        if not 0 <= count <= _MOST:
            raise ValueError(f"count is 0 to {_MOST} working days")
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day


ENGLAND_AND_WALES = Calendar()


@lru_cache
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank and public holidays of a year."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
