"""What can be done about consents, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.consents.consent_events import (
    Answer,
    Capacity,
    Competence,
    DecisionOutcome,
    Matter,
)
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Somebody answers on some matters at once; `on` None: today."""

    case_id: UUID
    matters: tuple[Matter, ...]
    answer: Answer
    by: UUID
    capacity: Capacity
    on: date | None
    wording: str | None
    how: Plain[str | None]


@dataclass(frozen=True, slots=True)
class AssessCompetence:
    """A clinician says whether the child can decide a matter."""

    case_id: UUID
    matter: Matter
    found: Competence
    assessor: UUID
    on: date | None
    reasons: Plain[str]


@dataclass(frozen=True, slots=True)
class DecideConsent:
    """A manager and a clinician decide a matter on which the family disagrees."""

    case_id: UUID
    matter: Matter
    outcome: DecisionOutcome
    clinician: UUID
    on: date | None
    reasons: Plain[str]
