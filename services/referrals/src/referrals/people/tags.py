"""The texts whose blind indexes stand for a person in matching: few errors change all of them.

No text is a name alone: each joins two things, so that how often its tag stands in the table does
not betray a frequent name, and one tag leads to few people. Single letters left out (Bocek, Hunt,
Stiller, "Fast Similarity Search in Large Dictionaries", 2007) survive a letter more, fewer, wrong
or in the wrong place; sounds survive spelling by ear; a digit left out of a date a wrong digit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

from referrals.people.names import normalised_name
from referrals.people.sounds import sound_of

INDEX: Final = "person-tag"
"""The kind of blind index that tags are."""

MOST_NAMES, MOST_OTHERS = 8, 4
"""How many of a person's names, and of each other trait, make tags: the newest."""

_SHORTEST_NEAR: Final = 3
_SHORTEST_PART: Final = 3


class Kind(IntEnum):
    """What two people with the same tag agree in. The numbers are stored."""

    GIVEN_BIRTH = 1
    FAMILY_BIRTH = 2
    GIVEN_NEAR_BIRTH = 3
    FAMILY_NEAR_BIRTH = 4
    GIVEN_SOUND_BIRTH = 5
    FAMILY_SOUND_BIRTH = 6
    BOTH_NAMES = 7
    SOUNDS_BIRTH_BUT_A_DIGIT = 8
    SOUNDS_BIRTH_SWAPPED = 9
    GIVEN_POSTCODE = 10
    FAMILY_POSTCODE = 11
    BIRTH_POSTCODE = 12
    NHS_NUMBER = 13
    UPN = 14
    CASE_NUMBER = 15


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """What is known of a person in plain, for as long as it takes to make tags; newest last."""

    names: tuple[tuple[str, str], ...] = ()
    births: tuple[date, ...] = ()
    postcodes: tuple[str, ...] = ()
    nhs_numbers: tuple[str, ...] = ()
    upns: tuple[str, ...] = ()
    case_numbers: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Traits(…)"


def texts(of: Traits) -> frozenset[tuple[Kind, str]]:
    """Return what a person's tags are made of, each with its kind."""
    return frozenset(_texts(of))


def _texts(of: Traits) -> Iterator[tuple[Kind, str]]:
    births = [each.isoformat() for each in of.births[-MOST_OTHERS:]]
    postcodes = [normalised_postcode(each) for each in of.postcodes[-MOST_OTHERS:]]
    postcodes = [each for each in postcodes if each]
    for given_name, family_name in of.names[-MOST_NAMES:]:
        given, family = normalised_name(given_name), normalised_name(family_name)
        if not given or not family:
            # Nobody is taken for somebody else because neither has a name.
            continue
        yield Kind.BOTH_NAMES, _joined("names", *sorted((given, family)))
        for birth in births:
            yield from _names_and_birth(given, family, birth)
        for day in of.births[-MOST_OTHERS:]:
            yield from _sounds_and_birth(given, family, day)
        # Also what a double-barrelled name is made of: the other parent's may be left out.
        for part in (family, *parts_of(family_name)):
            yield from ((Kind.FAMILY_BIRTH, _joined("name", part, each)) for each in births)
            yield from ((Kind.FAMILY_POSTCODE, _joined("family", part, p)) for p in postcodes)
        yield from ((Kind.GIVEN_POSTCODE, _joined("given", given, each)) for each in postcodes)
    for birth in births:
        yield from ((Kind.BIRTH_POSTCODE, _joined("birth", birth, each)) for each in postcodes)
    yield from ((Kind.NHS_NUMBER, _joined("nhs", each)) for each in of.nhs_numbers[-MOST_OTHERS:])
    yield from ((Kind.UPN, _joined("upn", each)) for each in of.upns[-MOST_OTHERS:])
    for number in of.case_numbers[-MOST_OTHERS:]:
        yield Kind.CASE_NUMBER, _joined("case", number)


def normalised_postcode(postcode: str) -> str:
    """Return a postcode without case and spaces."""
    return re.sub(r"[^0-9A-Z]", "", postcode.upper())


def parts_of(name: str) -> tuple[str, ...]:
    """Return the parts of a double-barrelled name, normalised; none of a simple one."""
    parts = [normalised_name(each) for each in re.split(r"[\s\-\u2010-\u2015/]+", name)]
    parts = [each for each in parts if len(each) >= _SHORTEST_PART]
    return tuple(parts) if len(parts) > 1 else ()


def without_a_letter(name: str) -> frozenset[str]:
    """Return a name and all that is left of it where one letter is left out."""
    if len(name) < _SHORTEST_NEAR:
        return frozenset({name})
    return frozenset({name}) | {name[:place] + name[place + 1 :] for place in range(len(name))}


def _names_and_birth(given: str, family: str, birth: str) -> Iterator[tuple[Kind, str]]:
    # Of given and family name alike, so that names in each other's place are seen.
    yield Kind.GIVEN_BIRTH, _joined("name", given, birth)
    for name, near, sound in (
        (given, Kind.GIVEN_NEAR_BIRTH, Kind.GIVEN_SOUND_BIRTH),
        (family, Kind.FAMILY_NEAR_BIRTH, Kind.FAMILY_SOUND_BIRTH),
    ):
        for left in without_a_letter(name):
            yield near, _joined(near.name, left, birth)
        if code := sound_of(name):
            yield sound, _joined(sound.name, code, birth)


def _sounds_and_birth(given: str, family: str, birth: date) -> Iterator[tuple[Kind, str]]:
    """Both names by ear with a date that may be wrong in one digit, or day and month swapped."""
    sounds = (sound_of(given), sound_of(family))
    if not all(sounds):
        return
    digits = f"{birth:%Y%m%d}"
    for place in range(len(digits)):
        wild = digits[:place] + "?" + digits[place + 1 :]
        yield Kind.SOUNDS_BIRTH_BUT_A_DIGIT, _joined("digit", *sounds, wild)
    day, month = sorted((birth.day, birth.month))
    swapped = f"{birth:%Y}:{day}:{month}"
    yield Kind.SOUNDS_BIRTH_SWAPPED, _joined("swapped", *sounds, swapped)


def _joined(*parts: str) -> str:
    return "\x1f".join(parts)
