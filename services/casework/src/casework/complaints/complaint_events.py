"""What is recorded of a complaint: who complains of what, its stages, their clocks and answers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn


class Finding(StrEnum):
    """What a stage found."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly-upheld"
    NOT_UPHELD = "not-upheld"
    # Settled with the person before anything had to be found.
    RESOLVED = "resolved"


class Awaited(StrEnum):
    """What a stage waits for."""

    ANSWER = "answer"
    # Stage 3: the panel meets, reports, and the authority replies to its report.
    PANEL = "panel"
    REPORT = "report"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Clock:
    """By when something is due, and at the latest; by the rule of that name."""

    due_on: date
    latest_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What is complained of, as far as it has an id: a case, a notice, a worker."""

    case_id: UUID | None
    notice: UUID | None
    worker: UUID | None


@dataclass(frozen=True, slots=True)
class ComplaintMade:
    """Somebody complained: stage 1, local resolution, begins and is to be answered in its time.

    `subject`: under whose key the words are, the child's or, without one, who complains.
    `handler`: who sees to it, never the worker it is about.
    """

    complaint_id: UUID
    by: UUID
    subject: UUID
    matter: Matter
    handler: UUID
    on: date
    clock: Clock
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class StageExtended:
    """The stage needs more time than usual, for a reason that the person is told."""

    complaint_id: UUID
    subject: UUID
    stage: int
    due_on: date
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class StageOverdue:
    """What a stage waits for had not come by the end of that day; asked again after the other."""

    complaint_id: UUID
    stage: int
    awaited: Awaited
    due_on: date
    again_on: date | None


@dataclass(frozen=True, slots=True)
class StageAnswered:
    """A stage was answered, with what was found."""

    complaint_id: UUID
    subject: UUID
    stage: int
    finding: Finding
    by: str
    on: date
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class StageBegun:
    """The person goes on to the next stage: 2, an investigation, or 3, a review panel."""

    complaint_id: UUID
    stage: int
    handler: UUID
    on: date
    clock: Clock


@dataclass(frozen=True, slots=True)
class PanelHeld:
    """The review panel met; its report is due."""

    complaint_id: UUID
    on: date
    clock: Clock


@dataclass(frozen=True, slots=True)
class PanelReported:
    """The panel reported; the authority's reply is due."""

    complaint_id: UUID
    subject: UUID
    on: date
    clock: Clock
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class ComplaintWithdrawn:
    """Who complained does so no more."""

    complaint_id: UUID
    on: date


ComplaintEvent: TypeAlias = (
    ComplaintMade
    | StageExtended
    | StageOverdue
    | StageAnswered
    | StageBegun
    | PanelHeld
    | PanelReported
    | ComplaintWithdrawn
)
