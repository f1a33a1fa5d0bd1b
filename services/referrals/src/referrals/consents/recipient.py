"""Whom a consent is for: an authority, a partnership or a named kind of agency, as one code."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from referrals.codes import SHARING_PARTIES

AGENCIES: Final = SHARING_PARTIES | {"health-visitor", "police", "voluntary-agency"}
"""The kinds of agency that a consent may name."""


class Kind(StrEnum):
    """What a recipient is."""

    AUTHORITY = "authority"
    PARTNERSHIP = "partnership"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient by kind and name: a slug of the directory, or a kind of agency."""

    kind: Kind
    name: str

    @property
    def code(self) -> str:
        """The recipient as events and streams name it."""
        return f"{self.kind.value}:{self.name}"


def authority(slug: str) -> Recipient:
    """Name an authority."""
    return Recipient(Kind.AUTHORITY, slug)


def partnership(slug: str) -> Recipient:
    """Name a partnership."""
    return Recipient(Kind.PARTNERSHIP, slug)


def agency(kind: str) -> Recipient:
    """Name a kind of agency."""
    return Recipient(Kind.AGENCY, kind)
