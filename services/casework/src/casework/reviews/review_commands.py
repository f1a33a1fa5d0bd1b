"""What can be done about the reviews of a plan, with all that was looked up for it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.assessments.heading import Considered
from casework.reviews.review_events import Change, ReviewOutcome, Trigger
from casework.rules.due import DueBy
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class ScheduleReview:
    """The plan in force is to be reviewed by a day, counted from a day."""

    case_id: UUID
    child: UUID
    trigger: Trigger
    since: date
    due: DueBy


@dataclass(frozen=True, slots=True)
class PlanStage:
    """A day is thought right for the review, earlier than the one by which it is due."""

    due: DueBy


@dataclass(frozen=True, slots=True)
class NoteChange:
    """Something changed on a day; a review is due by then."""

    change_id: UUID
    kind: Change
    on: date
    due: DueBy
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class NoteReviewOverdue:
    """That day is over, by the end of which a review was due."""

    due_on: date


@dataclass(frozen=True, slots=True)
class StartReview:
    """The review is held from a day on."""

    on: date


@dataclass(frozen=True, slots=True)
class ConsiderAtReview:
    """Say something under a heading, in place of what was said."""

    entry: Considered
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class CompleteReview:
    """The review is over.

    `in_force`: the version of the plan that is; `drafted`: the latest one. `next_due`: by when the
    plan is to be reviewed again.
    """

    on: date
    outcome: ReviewOutcome
    in_force: int
    drafted: int
    next_due: DueBy
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class CeaseReviews:
    """The plan has ended."""


ReviewCommand: TypeAlias = (
    ScheduleReview
    | PlanStage
    | NoteChange
    | NoteReviewOverdue
    | StartReview
    | ConsiderAtReview
    | CompleteReview
    | CeaseReviews
)
