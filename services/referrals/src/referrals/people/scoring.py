"""How likely two people with some tags in common are one: weights of evidence, in bits.

I. P. Fellegi, A. B. Sunter, "A Theory for Record Linkage", JASA 64 (1969): a field's agreement at a
level weighs log2(m / u), m being how often one person's two records agree so, u how often two
different people's do. The m and u below are estimates from how forms are filled in and from the
spread of names and days of birth in England; they are policy to be watched, not nature.

One rule stands beside the sum: where the given name does not agree and no number does, nothing is
proposed, since twins agree in all the rest and independence, which the sum supposes, fails in a
household.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from math import log2
from typing import Final

from referrals.people.tags import Kind

Shared = tuple[Kind, Kind]
"""The kinds that one tag has for one person and for the other."""


class Reason(StrEnum):
    """In what two people agree, coded: what a proposal tells, and it tells no more."""

    GIVEN_SAME = "given-name-same"
    GIVEN_NEAR = "given-name-near"
    GIVEN_SOUND = "given-name-sounds-alike"
    FAMILY_SAME = "family-name-same"
    FAMILY_NEAR = "family-name-near"
    FAMILY_SOUND = "family-name-sounds-alike"
    NAMES_SWAPPED = "names-swapped"
    BIRTH_SAME = "birth-date-same"
    BIRTH_SWAPPED = "birth-date-day-and-month-swapped"
    BIRTH_DIGIT = "birth-date-one-digit"
    POSTCODE_SAME = "postcode-same"
    NHS_SAME = "nhs-number-same"
    UPN_SAME = "upn-same"
    CASE_NUMBER_SAME = "case-number-same"


@dataclass(frozen=True, slots=True)
class Level:
    """How often records agree so: of one person (m), and of two different ones (u)."""

    m: float
    u: float

    @property
    def bits(self) -> float:
        """The weight of evidence."""
        return log2(self.m / self.u)


# A day of birth is one of some 6,570 of the years in which children are referred.
_DAY: Final = 1 / 6_570
_LEVELS: Final = {
    Reason.GIVEN_SAME: Level(0.85, 0.008),
    Reason.GIVEN_NEAR: Level(0.08, 0.004),
    Reason.GIVEN_SOUND: Level(0.03, 0.004),
    Reason.FAMILY_SAME: Level(0.75, 0.004),
    Reason.FAMILY_NEAR: Level(0.07, 0.002),
    Reason.FAMILY_SOUND: Level(0.03, 0.002),
    Reason.NAMES_SWAPPED: Level(0.01, 0.000_01),
    Reason.BIRTH_SAME: Level(0.93, _DAY),
    Reason.BIRTH_SWAPPED: Level(0.01, _DAY),
    Reason.BIRTH_DIGIT: Level(0.03, 30 * _DAY),
    Reason.POSTCODE_SAME: Level(0.7, 0.002),
    Reason.NHS_SAME: Level(0.98, 0.000_001),
    Reason.UPN_SAME: Level(0.95, 0.000_002),
    Reason.CASE_NUMBER_SAME: Level(0.5, 0.000_1),
}
_OTHER_GIVEN: Final = Level(0.04, 0.98)
_OTHER_FAMILY: Final = Level(0.15, 0.99)
_OTHER_BIRTH: Final = Level(0.03, 0.995)
_OTHER_POSTCODE: Final = Level(0.3, 0.998)

POSSIBLE_BITS: Final = 12.0
"""From here on two people are shown to whoever looks for a match."""

PROPOSED_BITS: Final = 15.0
"""From here on a match is proposed to duty without being asked for.

Below it lies, at 14.9, the same given name and day of birth and nothing else: among 10,000 children
chance alone makes more such pairs than changed surnames do.
"""

_NUMBERS: Final = (Reason.NHS_SAME, Reason.UPN_SAME)


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks for two people being one. `score` is in tenths of a bit."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_possible(self) -> bool:
        """Whether it is worth showing to somebody who looks for a match."""
        return self.score >= round(POSSIBLE_BITS * 10)

    @property
    def is_proposed(self) -> bool:
        """Whether it is worth a look that nobody asked for."""
        return self.score >= round(PROPOSED_BITS * 10)


_ALL: Final = frozenset(Kind)


def finding(shared: AbstractSet[Shared], asked: AbstractSet[Kind] = _ALL) -> Finding:
    """Weigh the tags that two people have in common.

    `asked`: the kinds of whoever is looked for; what was not said of him speaks neither way.
    """
    given, family = _names(shared)
    birth, postcode = _birth(shared), _postcode(shared)
    numbers = _numbers(shared)
    reasons = tuple(
        dict.fromkeys(each for each in (given, family, birth, postcode, *numbers) if each)
    )
    if given is None and not any(each in _NUMBERS for each in numbers):
        return Finding(0, reasons)
    bits = (
        _bits(given, _OTHER_GIVEN)
        # Names in each other's place are one agreement of both.
        + (0.0 if family is Reason.NAMES_SWAPPED else _bits(family, _OTHER_FAMILY))
        + (_bits(birth, _OTHER_BIRTH) if asked & _WITH_BIRTH else 0.0)
        + (_bits(postcode, _OTHER_POSTCODE) if asked & _WITH_POSTCODE else 0.0)
        + sum(_LEVELS[each].bits for each in numbers)
    )
    # A number that is one person's is not outweighed by names that somebody changed or left out.
    bits = max([bits, *(_LEVELS[each].bits for each in numbers if each in _NUMBERS)])
    return Finding(max(0, round(bits * 10)), reasons)


def _bits(reason: Reason | None, otherwise: Level) -> float:
    return (_LEVELS[reason] if reason else otherwise).bits


def _names(shared: AbstractSet[Shared]) -> tuple[Reason | None, Reason | None]:
    kinds = {mine for mine, theirs in shared if mine is theirs}
    crossed = {(Kind.GIVEN_BIRTH, Kind.FAMILY_BIRTH), (Kind.FAMILY_BIRTH, Kind.GIVEN_BIRTH)}
    straight = Kind.GIVEN_BIRTH in kinds or Kind.FAMILY_BIRTH in kinds
    if crossed <= set(shared) and not straight:
        return Reason.NAMES_SWAPPED, Reason.NAMES_SWAPPED
    by_ear = kinds & {Kind.SOUNDS_BIRTH_BUT_A_DIGIT, Kind.SOUNDS_BIRTH_SWAPPED}
    given = _first(
        (Reason.GIVEN_SAME, kinds & {Kind.GIVEN_BIRTH, Kind.GIVEN_POSTCODE, Kind.BOTH_NAMES}),
        (Reason.GIVEN_NEAR, kinds & {Kind.GIVEN_NEAR_BIRTH}),
        (Reason.GIVEN_SOUND, kinds & {Kind.GIVEN_SOUND_BIRTH} or by_ear),
    )
    family = _first(
        (Reason.FAMILY_SAME, kinds & {Kind.FAMILY_BIRTH, Kind.FAMILY_POSTCODE, Kind.BOTH_NAMES}),
        (Reason.FAMILY_NEAR, kinds & {Kind.FAMILY_NEAR_BIRTH}),
        (Reason.FAMILY_SOUND, kinds & {Kind.FAMILY_SOUND_BIRTH} or by_ear),
    )
    return given, family


_WITH_BIRTH: Final = frozenset(
    {
        Kind.GIVEN_BIRTH,
        Kind.FAMILY_BIRTH,
        Kind.GIVEN_NEAR_BIRTH,
        Kind.FAMILY_NEAR_BIRTH,
        Kind.GIVEN_SOUND_BIRTH,
        Kind.FAMILY_SOUND_BIRTH,
        Kind.BIRTH_POSTCODE,
    }
)
_WITH_POSTCODE: Final = frozenset({Kind.GIVEN_POSTCODE, Kind.FAMILY_POSTCODE, Kind.BIRTH_POSTCODE})


def _birth(shared: AbstractSet[Shared]) -> Reason | None:
    kinds = {mine for mine, _ in shared}
    return _first(
        (Reason.BIRTH_SAME, kinds & _WITH_BIRTH),
        (Reason.BIRTH_SWAPPED, kinds & {Kind.SOUNDS_BIRTH_SWAPPED}),
        (Reason.BIRTH_DIGIT, kinds & {Kind.SOUNDS_BIRTH_BUT_A_DIGIT}),
    )


def _postcode(shared: AbstractSet[Shared]) -> Reason | None:
    kinds = {mine for mine, _ in shared}
    return Reason.POSTCODE_SAME if kinds & _WITH_POSTCODE else None


def _numbers(shared: AbstractSet[Shared]) -> tuple[Reason, ...]:
    kinds = {mine for mine, _ in shared}
    of = {
        Kind.NHS_NUMBER: Reason.NHS_SAME,
        Kind.UPN: Reason.UPN_SAME,
        Kind.CASE_NUMBER: Reason.CASE_NUMBER_SAME,
    }
    return tuple(reason for kind, reason in of.items() if kind in kinds)


def _first(*levels: tuple[Reason, AbstractSet[Kind]]) -> Reason | None:
    return next((reason for reason, kinds in levels if kinds), None)
