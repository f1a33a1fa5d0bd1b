"""Who waits longer: medians of waits by group, in which no child can be found. Pure.

Only whole quarters that are over are shown, since two figures of nearly the same days would tell of
a child by their difference; and of each group only how many were referred and two medians, which,
unlike sums and means, cannot be subtracted from one another.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from referrals.worklists.suppression import FEWEST, Hidden, Shown, suppressed
from referrals.worklists.waits import Waited

GroupOf: TypeAlias = Callable[[Waited], str]

_MONTHS_OF_QUARTER: Final = 3


class Breakdown(StrEnum):
    """By what the children of a quarter are told apart."""

    ETHNICITY = "ethnicity"
    DISTANCE = "distance"


class Ethnicity(StrEnum):
    """The main groups of the children's services returns: finer ones would nearly all be hidden."""

    ASIAN = "asian"
    BLACK = "black"
    MIXED = "mixed"
    WHITE = "white"
    OTHER = "other"
    NOT_KNOWN = "not-known"


class Distance(StrEnum):
    """How far from the authority the family lives."""

    HERE = "here"
    SAME_PARTNERSHIP = "same-partnership"
    ELSEWHERE = "elsewhere"


_BY_LETTER: Final = {
    "A": Ethnicity.ASIAN,
    "B": Ethnicity.BLACK,
    "M": Ethnicity.MIXED,
    "W": Ethnicity.WHITE,
}
_OTHERS: Final = frozenset({"CHNE", "OOTH"})


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of the calendar, from 1 to 4."""

    year: int
    number: int

    @property
    def first_day(self) -> date:
        """The first day of it."""
        return date(self.year, _MONTHS_OF_QUARTER * (self.number - 1) + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of it."""
        year, number = divmod(self.year * 4 + self.number, 4)
        return Quarter(year, number + 1).first_day - timedelta(days=1)

    def is_over(self, today: date) -> bool:
        """Whether all its days are past."""
        return today > self.last_day


@dataclass(frozen=True, slots=True)
class Figures:
    """One group: how many children were referred, and how many days half of them waited at most.

    A median is None where fewer than 5 have waited to the end, or where their number is hidden.
    """

    group: str
    referred: Shown
    days_to_screening: int | None
    days_to_decision: int | None


@dataclass(frozen=True, slots=True)
class Equity:
    """All children of a quarter, and the same by group."""

    all: Figures
    groups: tuple[Figures, ...]


def ethnicity_of(waited: Waited) -> str:
    """Return the main group of a child's ethnicity code."""
    code = waited.ethnicity
    if code in _OTHERS:
        return Ethnicity.OTHER
    return _BY_LETTER.get(code[:1], Ethnicity.NOT_KNOWN)


def distance_from(authority: str, partners: Collection[str]) -> GroupOf:
    """Return what tells how far from an authority somebody lives; `partners` of its partnership."""

    def distance(waited: Waited) -> str:
        if waited.lives_in == authority:
            return Distance.HERE
        return Distance.SAME_PARTNERSHIP if waited.lives_in in partners else Distance.ELSEWHERE

    return distance


def equity(found: Iterable[Waited], groups: Iterable[str], group_of: GroupOf) -> Equity:
    """Return the figures of a quarter by group; every group is there, also one of nobody."""
    members: Mapping[str, list[Waited]] = {name: [] for name in groups}
    for each in found:
        members[group_of(each)].append(each)
    shown = suppressed({name: _children(each) for name, each in members.items()})
    everybody = [each for of in members.values() for each in of]
    return Equity(
        _figures("all", shown.total, everybody),
        tuple(_figures(name, shown.groups[name], members[name]) for name in members),
    )


def _figures(group: str, referred: Shown, members: Sequence[Waited]) -> Figures:
    if isinstance(referred, Hidden):
        return Figures(group, referred, None, None)
    return Figures(
        group,
        referred,
        _median([(each.to_screening, each.children) for each in members]),
        _median([(each.to_decision, each.children) for each in members]),
    )


def _median(waits: Sequence[tuple[int | None, int]]) -> int | None:
    """Return the lower median of days, each waited by so many; None for fewer than 5."""
    over = sorted((days, children) for days, children in waits if days is not None)
    total = sum(children for _, children in over)
    if total < FEWEST:
        return None
    passed = 0
    for days, children in over:
        passed += children
        if 2 * passed >= total:
            return days
    return None


def _children(members: Sequence[Waited]) -> int:
    return sum(each.children for each in members)
