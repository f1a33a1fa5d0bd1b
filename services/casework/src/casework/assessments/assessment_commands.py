"""What an assessment can be told to do, with all that was looked up for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.assessments.assessment_events import AbandonReason, AskedBy, AssessmentKind
from casework.assessments.heading import Considered
from casework.rules.due import DueBy
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Terms:
    """What is assessed, at whose request, from which day on; see AssessmentStarted."""

    kind: AssessmentKind
    services: tuple[str, ...]
    asked_by: AskedBy
    requested_on: date
    on: date
    joint: UUID | None


@dataclass(frozen=True, slots=True)
class StartAssessment:
    """An assessment is to begin."""

    case_id: UUID
    child: UUID
    assessment_id: UUID
    terms: Terms
    due: DueBy


@dataclass(frozen=True, slots=True)
class ConsiderHeading:
    """Say something under a heading, in place of what was said."""

    entry: Considered
    words: Plain[str]
    birth_family: Plain[str | None]


@dataclass(frozen=True, slots=True)
class NoteAssessmentOverdue:
    """That day is over, by the end of which the assessment was to be."""

    due_on: date


@dataclass(frozen=True, slots=True)
class RecountAssessment:
    """By the calendar of that version the assessment is to be over on another day."""

    assessment_id: UUID
    due_on: date
    calendar: str


@dataclass(frozen=True, slots=True)
class CompleteAssessment:
    """The assessment is over. `unsettled`: contradictions of the case that nobody has settled."""

    on: date
    needs: tuple[str, ...]
    unsettled: Collection[UUID]
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class AbandonAssessment:
    """The assessment comes to no end."""

    on: date
    reason: AbandonReason


AssessmentCommand: TypeAlias = (
    StartAssessment
    | ConsiderHeading
    | NoteAssessmentOverdue
    | RecountAssessment
    | CompleteAssessment
    | AbandonAssessment
)
