"""What can be known towards who owes a child the service: facts, each of which can be set right.

A fact names itself and the facts that it sets right; which stand is a matter of the whole set
(`standing.py`), never of the order in which they came.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


class OrderKind(StrEnum):
    """The orders from which a period of years runs."""

    ADOPTION = "adoption"
    SPECIAL_GUARDIANSHIP = "special-guardianship"


class WithoutAgency(StrEnum):
    """Why no authority placed the child."""

    STEP_PARENT = "step-parent"
    INTERCOUNTRY = "intercountry"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fact:
    """What every fact has: the child, its own id, and the facts that it sets right.

    `submission` is the one that says it, None where a worker recorded it (the envelope says who).
    `said_on`: the day on which it was said; of two that cannot both be so, the later one stands.
    """

    child: UUID
    fact: UUID
    submission: UUID | None
    said_on: date
    corrects: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ChildReferred(Fact):
    """Somebody referred the child on a day: from the earliest on it is asked who owes the service.

    `partnership`: whose rule sets apply.
    """

    on: date
    partnership: str


@dataclass(frozen=True, slots=True)
class ChildPlaced(Fact):
    """An authority placed the child for adoption; None: not known which, or not since when."""

    authority: str | None
    from_day: date | None


@dataclass(frozen=True, slots=True)
class PlacedWithoutAgency(Fact):
    """No authority placed the child: where the family lives decides. None: not known since when."""

    reason: WithoutAgency
    from_day: date | None


@dataclass(frozen=True, slots=True)
class OrderMade(Fact):
    """A court made an order; None: not known when, or not which authority had placed the child."""

    kind: OrderKind
    ordered_on: date | None
    placing_authority: str | None


@dataclass(frozen=True, slots=True)
class OrderSetAside(Fact):
    """A court set an order aside: from that day on it is as if there were none.

    `order`: the fact that tells of the order; where that is set right, the one that does so.
    """

    order: UUID
    on: date


@dataclass(frozen=True, slots=True)
class ResidenceLearned(Fact):
    """The family lives in an authority's area from a day, or at the latest from it."""

    authority: str
    from_day: date


@dataclass(frozen=True, slots=True)
class LegalStatusUnknown(Fact):
    """Who told of the child could not say how far the adoption is in law."""


@dataclass(frozen=True, slots=True)
class HolderAgreed(Fact):
    """Authorities agreed in writing that one of them owes the service in a period.

    Both days are counted; None is open. `reference`: of the agreement, as the authorities file it.
    """

    authority: str
    from_day: date
    to_day: date | None
    reference: MaybeWords
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class FinancialSupportAgreed(Fact):
    """An authority agreed to pay; agreed before the order, that stays with who placed the child."""

    authority: str
    agreed_on: date
    to_day: date | None


@dataclass(frozen=True, slots=True)
class FactWithdrawn(Fact):
    """What it corrects never was so, and nothing stands in its place."""

    words: MaybeWords


AnyFact: TypeAlias = (
    ChildReferred
    | ChildPlaced
    | PlacedWithoutAgency
    | OrderMade
    | OrderSetAside
    | ResidenceLearned
    | LegalStatusUnknown
    | HolderAgreed
    | FinancialSupportAgreed
    | FactWithdrawn
)
FACTS: tuple[type[AnyFact], ...] = (
    ChildReferred,
    ChildPlaced,
    PlacedWithoutAgency,
    OrderMade,
    OrderSetAside,
    ResidenceLearned,
    LegalStatusUnknown,
    HolderAgreed,
    FinancialSupportAgreed,
    FactWithdrawn,
)
