"""What is recorded of reviews of a plan: why and by when, held with what outcome."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.assessments.heading import Heading, Relevance
from ledger.personal import Block, Personal, SealedIn


class Trigger(StrEnum):
    """Why a review is due (ASSR 2005 reg 19 and its twin SGR reg 17)."""

    CHANGE = "change-of-circumstances"
    # A stage of the plan at which it was thought right.
    STAGE = "stage-thought-right"
    YEARLY = "yearly"


class Change(StrEnum):
    """What changed in the child's or the family's life."""

    HEALTH = "health"
    EDUCATION = "education"
    FAMILY = "family"
    HOME = "home"
    CONTACT = "contact"
    SAFETY = "safety"
    SERVICE = "service"
    VIEWS = "views"


class ReviewOutcome(StrEnum):
    """What a review comes to. Change and end take effect by a decision after notice."""

    CONTINUE = "continue"
    CHANGE = "change"
    END = "end"


@dataclass(frozen=True, slots=True)
class ReviewScheduled:
    """The plan is to be reviewed by a day, for this trigger. Of several the earliest counts.

    `next_due`: by when, this trigger counted in; `previous_due`: what it was before, if it was.
    """

    case_id: UUID
    child: UUID
    number: int
    trigger: Trigger
    since: date
    due_on: date
    rule: str
    next_due: date
    previous_due: date | None


@dataclass(frozen=True, slots=True)
class ChangeNoted:
    """Something changed, on a day, that may make the plan unfit."""

    case_id: UUID
    child: UUID
    change_id: UUID
    kind: Change
    on: date
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class ReviewOverdue:
    """By the end of that day the plan was to be reviewed, and it was not."""

    case_id: UUID
    child: UUID
    number: int
    due_on: date


@dataclass(frozen=True, slots=True)
class ReviewStarted:
    """The review is held from that day on."""

    case_id: UUID
    child: UUID
    number: int
    on: date


@dataclass(frozen=True, slots=True)
class ReviewHeadingConsidered:
    """Something is said at the review under one of the seven headings, in place of what was.

    `rests_on`: items of information.
    """

    case_id: UUID
    child: UUID
    number: int
    entry_id: UUID
    heading: Heading
    relevance: Relevance
    rests_on: tuple[UUID, ...]
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class ReviewCompleted:
    """The review is over. The plan stays as it is until a decision changes or ends it.

    `plan_version`: the draft that is to be proposed; the version in force where nothing changes.
    """

    case_id: UUID
    child: UUID
    number: int
    on: date
    outcome: ReviewOutcome
    plan_version: int
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class ReviewsCeased:
    """There is no plan in force any more, so none is to be reviewed."""

    case_id: UUID
    child: UUID
    number: int


ReviewEvent: TypeAlias = (
    ReviewScheduled
    | ChangeNoted
    | ReviewOverdue
    | ReviewStarted
    | ReviewHeadingConsidered
    | ReviewCompleted
    | ReviewsCeased
)
