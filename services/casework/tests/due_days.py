"""An oracle for due days: random clocks and calendars against a count made one day at a time.

Written without a look at what it judges: bank holidays come from their rules and proclamations, not
from the library, and every day between is walked. `python -m services.casework.tests.due_days`
judges a hundred thousand; the tests a small sample.
"""

import argparse
import sys
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from casework.rules.clocks import Clock, Unit, due_on
from ledger.working_days import Calendar

FIRST, LAST = date(2005, 1, 1), date(2040, 12, 31)
ONE = timedelta(days=1)
MOST = {Unit.DAYS: 400, Unit.WORKING_DAYS: 130, Unit.MONTHS: 24}
SUNDAY, SATURDAY, MONDAY = 6, 5, 0
# Moved from where the rule puts them, and proclaimed once, in these years.
MOVED = {
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
ONCE = {
    date(2011, 4, 29),
    date(2012, 6, 5),
    date(2022, 6, 3),
    date(2022, 9, 19),
    date(2023, 5, 8),
}


def easter(year: int) -> date:
    """Return Easter Sunday, by the Gregorian computus of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the bank and public holidays of England, from the rules alone."""
    mondays = [each for each in days_of(year) if each.weekday() == MONDAY]
    ruled = {
        easter(year) - timedelta(days=2),
        easter(year) + ONE,
        next(each for each in mondays if each.month == 5),
        [each for each in mondays if each.month == 5][-1],
        [each for each in mondays if each.month == 8][-1],
    }
    found = {MOVED.get(each, each) for each in ruled}
    found |= {each for each in ONCE if each.year == year}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        found.add(fixed)
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        if fixed.weekday() in (SATURDAY, SUNDAY):
            found.add(next(each for each in days_after(fixed) if is_free(each, found)))
    return frozenset(found)


def is_free(day: date, found: set[date]) -> bool:
    """Tell whether a holiday that fell on a weekend may be taken on a day instead."""
    return day.weekday() not in (SATURDAY, SUNDAY) and day not in found


def days_of(year: int) -> list[date]:
    """Return all days of a year."""
    return [day for day in days_after(date(year, 1, 1) - ONE, 366) if day.year == year]


def days_after(day: date, most: int = 2_000) -> Iterator[date]:
    """Walk on, one day at a time."""
    for _ in range(most):
        day += ONE
        yield day


@dataclass(frozen=True)
class Sample:
    """A clock and the calendar that it is counted by."""

    clock: Clock
    calendar: Calendar


def naive(sample: Sample) -> date:
    """Count one day at a time; the day itself does not count."""
    clock, left = sample.clock, sample.clock.count
    if left == 0:
        return clock.start
    for day in days_after(clock.start):
        left -= counts(day, sample)
        if left == 0:
            return day
    raise ValueError(f"no end of {sample}")


def counts(day: date, sample: Sample) -> bool:
    """Tell whether a day is one of those that a clock counts."""
    match sample.clock.unit:
        case Unit.DAYS:
            return True
        case Unit.MONTHS:
            wanted, length = sample.clock.start.day, monthrange(day.year, day.month)[1]
            begun = (day.year, day.month) > (sample.clock.start.year, sample.clock.start.month)
            return begun and (day.day == wanted or (day.day == length and length < wanted))
        case Unit.WORKING_DAYS:
            calendar = sample.calendar
            if day.weekday() in (SATURDAY, SUNDAY) or day in calendar.added:
                return False
            return day in calendar.removed or day not in holidays(day.year)


def samples(count: int, seed: int) -> Iterator[Sample]:
    """Draw clocks, half of them with a calendar that was set right near their start."""
    dice = Random(seed)  # noqa: S311 # the dice come from the seed
    for _ in range(count):
        start = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days - 800))
        unit = dice.choice(list(Unit))
        clock = Clock(start, dice.randint(0, MOST[unit]), unit)
        yield Sample(clock, drawn(start, dice))


def drawn(start: date, dice: Random) -> Calendar:
    """Draw a calendar: the library's alone, or with days added and removed within half a year."""
    if dice.random() < 0.5:
        return Calendar("plain")
    near = [start + timedelta(days=dice.randrange(180)) for _ in range(dice.randint(0, 4))]
    known = sorted(holidays(start.year) | holidays(start.year + 1))
    gone = dice.sample(known, dice.randint(0, 3))
    return Calendar("drawn", added=frozenset(near), removed=frozenset(gone))


def disagreements(count: int, seed: int) -> list[tuple[Sample, date, date]]:
    """Return where the platform and the naive count come to different days."""
    found = []
    for sample in samples(count, seed):
        ours, counted = due_on(sample.clock, sample.calendar), naive(sample)
        if ours != counted:
            found.append((sample, ours, counted))
    return found


def main() -> None:
    """Judge many and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = disagreements(asked.count, asked.seed)
    for sample, ours, counted in found[:20]:
        sys.stdout.write(f"{sample}: {ours}, counted {counted}\n")
    sys.stdout.write(f"{asked.count} clocks, seed {asked.seed}: {len(found)} disagree\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
