"""What is told of assessments: that one began or ended, by codes and days. Never what it found."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from casework.assessments import assessment_events as told
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class AssessmentStarted:
    """An assessment (full, limited) began, asked for on a day; it is to be over by a day."""

    assessment_id: UUID
    kind: str
    requested_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class AssessmentOverdue:
    """By the end of that day the assessment was to be over, and it was not."""

    assessment_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class AssessmentRecounted:
    """The assessment is to be over by another day than was told: the calendar changed."""

    assessment_id: UUID
    due_on: date
    before: date


@dataclass(frozen=True, slots=True)
class AssessmentEnded:
    """The assessment is completed, or abandoned, since that day."""

    assessment_id: UUID
    outcome: str
    on: date


EVENTS: tuple[type, ...] = (
    AssessmentStarted,
    AssessmentOverdue,
    AssessmentRecounted,
    AssessmentEnded,
)
Public: TypeAlias = AssessmentStarted | AssessmentOverdue | AssessmentRecounted | AssessmentEnded


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a fact of an assessment, if anything."""
    match recorded.event:
        case told.AssessmentStarted(assessment_id=which, kind=kind) as began:
            return AssessmentStarted(which, kind.value, began.requested_on, began.due_on)
        case told.AssessmentOverdue(assessment_id=which, due_on=day):
            return AssessmentOverdue(which, day)
        case told.AssessmentRecounted(assessment_id=which, due_on=day, before=before):
            return AssessmentRecounted(which, day, before)
        case told.AssessmentCompleted(assessment_id=which, on=day):
            return AssessmentEnded(which, "completed", day)
        case told.AssessmentAbandoned(assessment_id=which, on=day):
            return AssessmentEnded(which, "abandoned", day)
        case _:
            return None
