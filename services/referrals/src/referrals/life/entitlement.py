"""Who is entitled to an assessment of adoption support needs, and by which regulation.

Adoption and Children Act 2002 s3(1), s4(1); Adoption Support Services Regulations 2005 reg 13.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from referrals.codes import AskedBy


class Capacity(StrEnum):
    """What the person whose needs are to be assessed is to the adoption."""

    CHILD_WHO_MAY_BE_ADOPTED = "child-who-may-be-adopted"
    PARENT_OF_CHILD_WHO_MAY_BE_ADOPTED = "parent-of-child-who-may-be-adopted"
    PROSPECTIVE_ADOPTER = "prospective-adopter"
    ADOPTED_PERSON = "adopted-person"
    ADOPTIVE_PARENT = "adoptive-parent"
    BIRTH_PARENT = "birth-parent"
    FORMER_GUARDIAN = "former-guardian"
    CHILD_OF_ADOPTER = "child-of-adopter"
    BIRTH_SIBLING = "birth-sibling"
    RELATED_PERSON = "related-person"
    NONE_OF_THESE = "none-of-these"


NOT_LISTED: Final = "not listed in ACA 2002 s3(1) or ASSR 2005 reg 13"
NOT_AT_REQUEST: Final = "ACA 2002 s4(1): not at the person's own request"

GROUNDS: Final[Mapping[Capacity, str]] = {
    Capacity.CHILD_WHO_MAY_BE_ADOPTED: "ACA 2002 s3(1)(a)",
    Capacity.PARENT_OF_CHILD_WHO_MAY_BE_ADOPTED: "ACA 2002 s3(1)(a)",
    Capacity.PROSPECTIVE_ADOPTER: "ACA 2002 s3(1)(b)",
    Capacity.ADOPTED_PERSON: "ACA 2002 s3(1)(c)",
    Capacity.ADOPTIVE_PARENT: "ACA 2002 s3(1)(c)",
    Capacity.BIRTH_PARENT: "ACA 2002 s3(1)(c)",
    Capacity.FORMER_GUARDIAN: "ACA 2002 s3(1)(c)",
    Capacity.CHILD_OF_ADOPTER: "ASSR 2005 reg 13",
    Capacity.BIRTH_SIBLING: "ASSR 2005 reg 13",
    Capacity.RELATED_PERSON: "ASSR 2005 reg 13",
}
"""The persons entitled, each with the provision that names them."""


@dataclass(frozen=True, slots=True)
class Entitled:
    """The authority must assess."""

    ground: str


@dataclass(frozen=True, slots=True)
class NotEntitled:
    """The authority may assess, and need not."""

    ground: str


def entitlement(asked_by: AskedBy, asked_for: Capacity) -> Entitled | NotEntitled:
    """Return whether an assessment must be made: of a person listed, at the person's request.

    A parent asks for a child; somebody else with the person's agreement.
    """
    ground = GROUNDS.get(asked_for)
    if ground is None:
        return NotEntitled(NOT_LISTED)
    if asked_by is AskedBy.WITHOUT_AGREEMENT:
        return NotEntitled(NOT_AT_REQUEST)
    return Entitled(ground)
