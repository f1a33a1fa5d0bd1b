"""What can be done about reviews, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.assessments.heading import Considered
from casework.reviews.review_events import Change, ReviewOutcome
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class NoteChange:
    """Something changed in the child's or the family's life, on that day or today."""

    case_id: UUID
    change_id: UUID
    kind: Change
    on: date | None
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class PlanReview:
    """A day is thought right for the review, before the one by which it is due."""

    case_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class StartReview:
    """The review is held from that day, or today."""

    case_id: UUID
    on: date | None


@dataclass(frozen=True, slots=True)
class ConsiderAtReview:
    """Say something at the review under a heading."""

    case_id: UUID
    entry: Considered
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class CompleteReview:
    """The review is over, on that day or today."""

    case_id: UUID
    on: date | None
    outcome: ReviewOutcome
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class NoteReviewOverdue:
    """That day is over, by the end of which a review was due; by its stream."""

    review_stream: UUID
    due_on: date
