"""What is told of reviews: due, overdue, completed, by days and codes."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from casework.reviews import review_events as told
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """The plan is to be reviewed by a day, for a trigger; told anew where it is due sooner.

    `trigger`: change-of-circumstances, stage-thought-right, yearly. `number` counts a case's.
    """

    number: int
    due_on: date
    trigger: str


@dataclass(frozen=True, slots=True)
class ReviewOverdue:
    """By the end of that day the plan was to be reviewed, and it was not."""

    number: int
    due_on: date


@dataclass(frozen=True, slots=True)
class ReviewCompleted:
    """The review is over, with the outcome continue, change or end; a notice comes first."""

    number: int
    on: date
    outcome: str


EVENTS: tuple[type, ...] = (ReviewDue, ReviewOverdue, ReviewCompleted)
Public: TypeAlias = ReviewDue | ReviewOverdue | ReviewCompleted


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a fact of a review, if anything."""
    match recorded.event:
        case told.ReviewScheduled(number=number, next_due=day, trigger=trigger):
            return ReviewDue(number, day, trigger.value)
        case told.ReviewOverdue(number=number, due_on=day):
            return ReviewOverdue(number, day)
        case told.ReviewCompleted(number=number, on=day, outcome=outcome):
            return ReviewCompleted(number, day, outcome.value)
        case _:
            return None
