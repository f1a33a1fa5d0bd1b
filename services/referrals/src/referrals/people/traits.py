"""Of what is known of a person, what matching may use: the side of the identity in use alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.personal import Personal
from referrals.people.facts import IdentifierKind
from referrals.people.known import Known
from referrals.people.sides import Side, known_to, shown_to
from referrals.people.tags import MOST_NAMES, MOST_OTHERS, Traits

_FIELDS = {
    IdentifierKind.NHS_NUMBER: "nhs_numbers",
    IdentifierKind.UPN: "upns",
    IdentifierKind.CASE_NUMBER: "case_numbers",
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """Traits as they are sealed, in the order in which `opened` takes them back."""

    names: int
    births: int
    postcodes: int
    identifiers: tuple[IdentifierKind, ...]
    values: tuple[Personal[Any], ...]


def sealed_traits(known: Known) -> Sealed | None:
    """Return what is to be opened to make a person's tags, None where nothing may be.

    Nothing of before the adoption is among it, so that nobody is found by what he was before.
    """
    if known.side is Side.BEFORE:
        return None
    names = shown_to(Side.AFTER, known_to(Side.AFTER, known.names)[-MOST_NAMES:])
    homes = shown_to(Side.AFTER, known_to(Side.AFTER, known.addresses)[-MOST_OTHERS:])
    numbers = shown_to(Side.AFTER, known_to(Side.AFTER, known.identifiers))
    births = known.births[-MOST_OTHERS:]
    if not names:
        return None
    return Sealed(
        names=len(names),
        births=len(births),
        postcodes=len(homes),
        identifiers=tuple(each.kind for each in numbers),
        values=(
            *(value for each in names for value in (each.given_name, each.family_name)),
            *births,
            *(each.postcode for each in homes),
            *(each.value for each in numbers),
        ),
    )


def opened_traits(sealed: Sealed, values: Sequence[object]) -> Traits:
    """Return the traits of opened values; what is no text, since it was shredded, is left out."""
    words = [each if isinstance(each, str) else "" for each in values]
    split = 2 * sealed.names
    names = tuple(zip(words[0:split:2], words[1:split:2], strict=True))
    births = tuple(_day(each) for each in words[split : split + sealed.births])
    rest = words[split + sealed.births :]
    numbers: dict[str, list[str]] = {field: [] for field in _FIELDS.values()}
    for kind, value in zip(sealed.identifiers, rest[sealed.postcodes :], strict=True):
        if value:
            numbers[_FIELDS[kind]].append(value)
    return Traits(
        names=tuple(each for each in names if all(each)),
        births=tuple(each for each in births if each),
        postcodes=tuple(each for each in rest[: sealed.postcodes] if each),
        nhs_numbers=tuple(numbers["nhs_numbers"]),
        upns=tuple(numbers["upns"]),
        case_numbers=tuple(numbers["case_numbers"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
