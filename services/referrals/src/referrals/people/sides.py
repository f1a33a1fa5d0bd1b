"""The wall between a child's two identities: every value has a side, and is shown on that alone."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

from ledger.decider import Refusal


class Side(StrEnum):
    """To which identity of a person something belongs.

    Adoption makes two identities of one child: another name, another NHS number (DOMAIN §0.3).
    AFTER is the identity in use; a person whose identity was never parted has no other.
    """

    BEFORE = "before-adoption"
    AFTER = "after-adoption"


class Sided(Protocol):
    """A value that says on which side it may be shown."""

    @property
    def side(self) -> Side:
        """The identity that it belongs to."""


S = TypeVar("S", bound=Sided)


class OtherSide(Refusal):
    """A value is not labelled for the side of whoever would see it."""


def shown_to(reader: Side, values: Iterable[S]) -> tuple[S, ...]:
    """Return the values for a reader who knows one identity. Raises OtherSide for any other value.

    Whatever goes out passes here last, behind `known_to`: what was chosen wrongly is not sent.
    """
    checked = tuple(values)
    if any(each.side is not reader for each in checked):
        raise OtherSide
    return checked


def known_to(reader: Side, values: Iterable[S]) -> tuple[S, ...]:
    """Return those of the values that belong to the identity that a reader knows."""
    return tuple(each for each in values if each.side is reader)
