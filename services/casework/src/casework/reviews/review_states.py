"""How the reviews of a plan stand."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.assessments.heading import Considered
from casework.reviews.review_events import ReviewOutcome


@dataclass(frozen=True, slots=True)
class NotDue:
    """No plan was ever in force."""


@dataclass(frozen=True, slots=True)
class NoneYet:
    """No review was completed."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The review that was completed last."""

    number: int
    on: date
    outcome: ReviewOutcome


Last: TypeAlias = NoneYet | Completed


@dataclass(frozen=True, slots=True)
class Known:
    """What holds whatever becomes of the review in hand, of that number.

    `due`: by when it is to be over. `overdue`: days that passed without it. `changes`: those noted.
    """

    case_id: UUID
    child: UUID
    number: int
    due: date
    rule: str
    overdue: frozenset[date]
    changes: frozenset[UUID]
    last: Last


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next review is due by a day."""

    known: Known


@dataclass(frozen=True, slots=True)
class UnderReview:
    """The review is held since a day; its entries by heading."""

    known: Known
    on: date
    entries: tuple[Considered, ...]


@dataclass(frozen=True, slots=True)
class Ceased:
    """There is no plan in force any more."""

    known: Known


Review: TypeAlias = NotDue | Waiting | UnderReview | Ceased
