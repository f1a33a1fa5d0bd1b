"""What is recorded of the assessments of a child's and a family's needs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.assessments.heading import Heading, Relevance
from ledger.personal import Block, Personal, SealedIn


class AssessmentKind(StrEnum):
    """How far it goes (ASSR 2005 reg 13)."""

    FULL = "full"
    # To the services that were asked for, where that is what is asked or enough.
    LIMITED = "limited"


class AskedBy(StrEnum):
    """Who asked, by how they stand to the child (ACA 2002 s 3(1), ASSR 2005 reg 13)."""

    CHILD = "child"
    ADOPTIVE_PARENT = "adoptive-parent"
    PROSPECTIVE_ADOPTER = "prospective-adopter"
    BIRTH_PARENT = "birth-parent"
    FORMER_GUARDIAN = "former-guardian"
    CHILD_OF_ADOPTER = "child-of-adopter"
    BIRTH_SIBLING = "birth-sibling"
    RELATED_PERSON = "related-person"
    # At the matching the placing authority assesses without being asked.
    AGENCY_AT_MATCHING = "agency-at-matching"
    # A review, or urgent provision that is made good.
    AGENCY = "agency"


class AbandonReason(StrEnum):
    """Why an assessment came to no end."""

    REQUEST_WITHDRAWN = "request-withdrawn"
    NO_CONSENT = "no-consent"
    OUT_OF_RESPONSIBILITY = "out-of-responsibility"
    CASE_CLOSED = "case-closed"
    STARTED_IN_ERROR = "started-in-error"


@dataclass(frozen=True, slots=True)
class AssessmentStarted:
    """An assessment began, for a request of that day; by local policy it is over by a day.

    `services`: those to which a limited one is limited. `joint`: what the assessments of siblings
    that are made together have in common; each record holds its own child's alone.
    """

    case_id: UUID
    child: UUID
    assessment_id: UUID
    kind: AssessmentKind
    services: tuple[str, ...]
    asked_by: AskedBy
    requested_on: date
    on: date
    joint: UUID | None
    due_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class HeadingConsidered:
    """Something is said under one of the seven headings, in place of what was said before.

    `rests_on`: items of information. Words on the family of birth are sealed apart.
    """

    case_id: UUID
    child: UUID
    assessment_id: UUID
    entry_id: UUID
    heading: Heading
    relevance: Relevance
    rests_on: tuple[UUID, ...]
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]
    birth_family: Annotated[Personal[str | None], SealedIn(Block.BIRTH_FAMILY, of="child")]


@dataclass(frozen=True, slots=True)
class AssessmentOverdue:
    """By the end of that day the assessment was to be over, and it was not."""

    case_id: UUID
    child: UUID
    assessment_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class AssessmentRecounted:
    """Its day was counted anew, by the calendar of that version; it was due on another before."""

    case_id: UUID
    child: UUID
    assessment_id: UUID
    due_on: date
    before: date
    calendar: str


@dataclass(frozen=True, slots=True)
class AssessmentCompleted:
    """The assessment is over, with the needs that it found; nothing is decided by it."""

    case_id: UUID
    child: UUID
    assessment_id: UUID
    on: date
    needs: tuple[str, ...]
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class AssessmentAbandoned:
    """The assessment came to no end, for a reason."""

    case_id: UUID
    child: UUID
    assessment_id: UUID
    on: date
    reason: AbandonReason


AssessmentEvent: TypeAlias = (
    AssessmentStarted
    | HeadingConsidered
    | AssessmentOverdue
    | AssessmentRecounted
    | AssessmentCompleted
    | AssessmentAbandoned
)
