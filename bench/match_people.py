"""Invented people, and the same ones again with what forms get wrong: typed, swapped, renamed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final
from uuid import UUID

from referrals.people.tags import Traits

_GIVEN_NAMES: Final = (
    "Amelia Oliver Olivia George Isla Noah Ava Arthur Ivy Harry Freya Leo Lily Muhammad Florence "
    "Jack Mia Charlie Willow Oscar Rosie Jacob Sophia Henry Isabella Thomas Grace Freddie Daisy "
    "Alfie Sienna Theo Poppy William Elsie Theodore Emily Archie Ella Joshua Evelyn Alexander "
    "Phoebe James Evie Isaac Charlotte Edward Harper Lucas Millie Tommy Matilda Finley Maya Max "
    "Sophie Logan Alice Ethan Emilia Teddy Isabelle Benjamin Ruby Mohammed Luna Joseph Maisie "
    "Sebastian Aria Harrison Penelope Mason Mila Elijah Bonnie Adam Eva Daniel Hallie Louie Eliza "
    "Ronnie Ada Reuben Violet Arlo Esme Samuel Arabella Zachary Imogen Jaxon Jessica Dylan Orla "
    "Hugo Thea Toby Erin Albert Rose Frederick Chloe Reggie Molly Rory Layla Carter Lottie Roman "
    "Nancy Stanley Zara Ezra Robyn Liam Darcie Gabriel Amber Bobby Iris Jude Beatrice Michael "
    "Nevaeh Elliot Margot Kai Hannah Frankie Aisha Tobias Fatima Ralph Mariam David Zainab Yusuf "
    "Anya Ibrahim Niamh Nathan Saoirse Owen Ffion Callum Cerys Rhys Priya Arjun Ananya Dev Kofi "
    "Abena Kwame Chidi Amara Tomasz Zofia Jakub Maja Andrei Ioana Luca Giulia Mateo Lucia"
)
_BEGINNINGS: Final = (
    "Ash Beck Black Brad Bram Brook Burn Carl Chad Clay Cold Cran Dal Dun East El Fair Farn Gar "
    "Glad Green Had Hart Hather Hol Hume Ing Kel Kirk Lang Lind Long Mans March Mars Mil Nor Oak "
    "Pem Quar Rad Red Rock Row Sal Shef Stan Thorn Walt Whit Wood Wyn"
)
_ENDINGS: Final = (
    "bourne bridge brook burn bury by combe cott croft dale den don field ford gate grave ham "
    "hurst land ley low man mere more ney ridge row sall shaw side stead ster stock stone ton "
    "wald ward well wick win worth"
)
_GIVEN: Final = tuple(_GIVEN_NAMES.split())
_FAMILY: Final = tuple(first + last for first in _BEGINNINGS.split() for last in _ENDINGS.split())
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_BEGIN: Final = date(2005, 1, 1)
_DAYS: Final = 6_570

SIBLING_CHANCE, TWIN_CHANCE = 0.3, 0.03
EITHER = 0.5
MOVED_CHANCE = 0.2
"""How often somebody who comes again lives elsewhere, whatever else is wrong."""


class Fault(StrEnum):
    """What is wrong with a form about somebody who is known."""

    LETTER = "a letter typed wrongly"
    DATE = "a digit of the birth date typed wrongly, or day and month swapped"
    SWAPPED = "names swapped"
    SURNAME = "another surname"
    HEARD = "a name written as it sounds"
    DOUBLED = "a surname with a second one"
    SECOND = "a second given name with the first"
    SHORT = "the short form of a given name"
    YEAR = "a birth year one off"
    BOTH = "a letter and the postcode wrong"


CHOSEN_WITH: Final = (Fault.LETTER, Fault.DATE, Fault.SWAPPED, Fault.SURNAME)
"""What the weights and the threshold of the scoring were chosen with."""
HELD_OUT: Final = tuple(fault for fault in Fault if fault not in CHOSEN_WITH)
"""What they were never tried on before they were fixed."""

_SOUNDS: Final = (("ph", "f"), ("ck", "k"), ("ie", "y"), ("y", "i"), ("ea", "ee"), ("c", "k"),
                  ("sh", "sch"), ("th", "t"), ("oo", "u"), ("er", "ar"), ("o", "oh"), ("a", "ah"),
                  ("e", "eh"), ("i", "ee"), ("u", "oo"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Someone:
    """A child of a referral. `same_as`: who it is in truth, where that one came before."""

    person: UUID
    traits: Traits
    same_as: UUID | None = None
    fault: Fault | None = None


class Crowd:
    """Makes people from one seed: the same seed, the same crowd."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)  # noqa: S311 # to be repeated, not to be hard to guess
        # Names come as often as Zipf's law has it, a few very often.
        self._given = [1 / (rank + 10) for rank in range(len(_GIVEN))]
        self._family = [1 / (rank + 20) for rank in range(len(_FAMILY))]

    def people(self, count: int) -> Iterator[Someone]:
        """Make people; some are siblings of the one before, with the same home and surname."""
        before: Traits | None = None
        taken: set[str] = set()
        for _ in range(count):
            traits = self._anybody()
            if before is not None and self._chance.random() < SIBLING_CHANCE:
                traits = self._sibling(before, traits, taken)
            else:
                taken = set()
            before = traits
            taken.add(traits.names[0][0])
            yield Someone(self._id(), traits)

    def again(self, someone: Someone, fault: Fault) -> Someone:
        """Make the same person again, with a fault."""
        traits = self._faulty(someone.traits, fault)
        if self._chance.random() < MOVED_CHANCE:
            traits = replace(traits, postcodes=(self._postcode(),))
        return Someone(self._id(), traits, someone.person, fault)

    def planted(
        self, count: int, share: float, faults: Sequence[Fault] = CHOSEN_WITH
    ) -> Sequence[Someone]:
        """Make `count` people of whom a share came before, with each fault as often."""
        twice = round(count * share)
        crowd = list(self.people(count - twice))
        for number, place in enumerate(self._chance.sample(range(len(crowd)), twice)):
            crowd.append(self.again(crowd[place], faults[number % len(faults)]))
        return crowd

    def _anybody(self) -> Traits:
        given = self._chance.choices(_GIVEN, self._given)[0]
        family = self._chance.choices(_FAMILY, self._family)[0]
        born = _BEGIN + timedelta(days=self._chance.randrange(_DAYS))
        return Traits(((given, family),), (born,), (self._postcode(),))

    def _sibling(self, of: Traits, anybody: Traits, taken: set[str]) -> Traits:
        """Make a sibling, whose name no other child of the family has."""
        ((_, family),), ((given, _),) = of.names, anybody.names
        while given in taken:
            given = self._chance.choices(_GIVEN, self._given)[0]
        twin = self._chance.random() < TWIN_CHANCE / SIBLING_CHANCE
        return Traits(((given, family),), of.births if twin else anybody.births, of.postcodes)

    def _faulty(self, traits: Traits, fault: Fault) -> Traits:
        ((given, family),), (born,) = traits.names, traits.births
        if fault in HELD_OUT:
            return self._held_out(traits, fault)
        match fault:
            case Fault.LETTER if self._chance.random() < EITHER:
                return replace(traits, names=((self._mistyped(given), family),))
            case Fault.LETTER:
                return replace(traits, names=((given, self._mistyped(family)),))
            case Fault.DATE:
                return replace(traits, births=(self._misdated(born),))
            case Fault.SWAPPED:
                return replace(traits, names=((family, given),))
            case Fault.SURNAME:
                other = self._chance.choices(_FAMILY, self._family)[0]
                return replace(traits, names=((given, other),))
            case _:
                raise ValueError(fault)

    def _held_out(self, traits: Traits, fault: Fault) -> Traits:
        ((given, family),), (born,) = traits.names, traits.births
        match fault:
            case Fault.YEAR:
                year = born.year + self._chance.choice((-1, 1))
                return replace(traits, births=(date(year, born.month, min(born.day, 28)),))
            case Fault.BOTH:
                names = ((self._mistyped(given), family),)
                return replace(traits, names=names, postcodes=(self._postcode(),))
            case _:
                return replace(traits, names=(self._otherwise(given, family, fault),))

    def _otherwise(self, given: str, family: str, fault: Fault) -> tuple[str, str]:
        match fault:
            case Fault.HEARD if self._chance.random() < EITHER:
                return _as_heard(given), family
            case Fault.HEARD:
                return given, _as_heard(family)
            case Fault.DOUBLED:
                return given, f"{family}-{self._chance.choices(_FAMILY, self._family)[0]}"
            case Fault.SECOND:
                return f"{given} {self._chance.choices(_GIVEN, self._given)[0]}", family
            case Fault.SHORT:
                return given[: max(3, len(given) // 2)], family
            case _:
                raise ValueError(fault)

    def _mistyped(self, name: str) -> str:
        place = self._chance.randrange(len(name))
        letter = self._chance.choice(_LETTERS)
        rest = name[place + 1 :]
        wrong = self._chance.choice(
            (
                name[:place] + rest,
                name[:place] + letter + name[place:],
                name[:place] + letter + rest,
                name[:place] + rest[:1] + name[place] + rest[1:],
            )
        )
        return wrong if wrong.lower() != name.lower() else self._mistyped(name)

    def _misdated(self, born: date) -> date:
        if born.day <= 12 and born.day != born.month and self._chance.random() < EITHER:  # noqa: PLR2004 # months
            return date(born.year, born.day, born.month)
        digits = list(f"{born:%Y%m%d}")
        # The century is hardly ever wrong.
        place = self._chance.randrange(2, len(digits))
        digits[place] = self._chance.choice("0123456789")
        try:
            wrong = date.fromisoformat("".join(digits))
        except ValueError:
            return self._misdated(born)
        return wrong if wrong != born else self._misdated(born)

    def _postcode(self) -> str:
        area = "".join(self._chance.choices(_LETTERS, k=2)).upper()
        return f"ZZ{self._chance.randrange(1, 60)} {self._chance.randrange(1, 10)}{area}"

    def _id(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)


def _as_heard(name: str) -> str:
    """Return a name as somebody writes it who only heard it."""
    lower = name.lower()
    for written, heard in _SOUNDS:
        if written in lower:
            return lower.replace(written, heard, 1).capitalize()
    return name + "h"
