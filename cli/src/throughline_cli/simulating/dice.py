"""The dice of a simulation: everything that is left to chance comes from one seed."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from math import exp, log
from typing import TypeVar

from ledger.working_days import ENGLAND_AND_WALES

T = TypeVar("T")


class Dice:
    """Dice of their own for whatever `named` names: what one throws moves nobody else's."""

    def __init__(self, *named: object) -> None:
        # They need not be hard to guess: the same name must give the same throws.
        self._random = random.Random(":".join(str(each) for each in named))  # noqa: S311

    def chance(self, probability: float) -> bool:
        """Tell whether something happens."""
        return self._random.random() < probability

    def one_of(self, weights: Mapping[T, float]) -> T:
        """Return one of several things, by their weights."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def between(self, least: int, most: int) -> int:
        """Return a number, both ends among the possible ones."""
        return self._random.randint(least, most)

    def about(self, median: float, spread: float = 0.5) -> int:
        """Return a number as durations are spread: half below the median, with a long tail."""
        return round(exp(self._random.gauss(log(median), spread)))


def working(day: date) -> date:
    """Return a day if somebody works on it, else the next on which somebody does."""
    while not ENGLAND_AND_WALES.is_working(day):
        day += timedelta(days=1)
    return day


def later(day: date, days: int) -> date:
    """Return the first working day that is so many days after a day, or more."""
    return working(day + timedelta(days=max(days, 0)))
