"""What can be done about assessments and formulations, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.assessments.assessment_events import AbandonReason, AskedBy, AssessmentKind
from casework.assessments.formulation import Reader
from casework.assessments.heading import Considered
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Alone:
    """The child is assessed by itself."""


@dataclass(frozen=True, slots=True)
class WithFamily:
    """The child is assessed together with those that were referred as one family with it."""


@dataclass(frozen=True, slots=True)
class JoinedTo:
    """The child is assessed together with a sibling, whose assessment has that id in common."""

    joint: UUID


Together: TypeAlias = Alone | WithFamily | JoinedTo


@dataclass(frozen=True, slots=True)
class StartAssessment:
    """Begin an assessment, asked for on a day. `on` None: today, by the service's clock."""

    case_id: UUID
    assessment_id: UUID
    kind: AssessmentKind
    services: tuple[str, ...]
    asked_by: AskedBy
    requested_on: date
    on: date | None
    together: Together


@dataclass(frozen=True, slots=True)
class ConsiderHeading:
    """Say something under a heading of the assessment that is being made."""

    case_id: UUID
    entry: Considered
    words: Plain[str]
    birth_family: Plain[str | None]


@dataclass(frozen=True, slots=True)
class CompleteAssessment:
    """The assessment is over, on that day or today, with the needs that it found."""

    case_id: UUID
    on: date | None
    needs: tuple[str, ...]
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class AbandonAssessment:
    """The assessment comes to no end."""

    case_id: UUID
    on: date | None
    reason: AbandonReason


@dataclass(frozen=True, slots=True)
class NoteAssessmentOverdue:
    """That day is over, by the end of which an assessment was to be; by its stream."""

    assessment_stream: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class DraftFormulation:
    """Write the next version of how the child's difficulties are understood."""

    case_id: UUID
    draft_id: UUID
    rests_on: tuple[UUID, ...]
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class ShareFormulation:
    """A version was shown to somebody."""

    case_id: UUID
    version: int
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class AgreeFormulation:
    """Somebody agrees to a version."""

    case_id: UUID
    version: int
    readers: tuple[Reader, ...]
