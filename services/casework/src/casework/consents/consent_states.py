"""How a consent stands, and what each of those who may decide said last."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.consents.consent_events import (
    Answer,
    Capacity,
    Competence,
    DecisionOutcome,
    Matter,
    Said,
)


@dataclass(frozen=True, slots=True)
class Word:
    """What one person said last."""

    answer: Answer
    said: Said


@dataclass(frozen=True, slots=True)
class Finding:
    """What the latest assessment of the child's competence found, by whom, and when."""

    found: Competence
    assessor: UUID
    on: date


@dataclass(frozen=True, slots=True)
class Known:
    """What was said and found, whatever it comes to. `words`: one a person, the latest.

    `disputes`: how often those who may decide came to disagree.
    """

    case_id: UUID
    child: UUID
    matter: Matter
    words: tuple[Word, ...] = ()
    findings: tuple[Finding, ...] = ()
    disputes: int = 0

    @property
    def competent(self) -> bool:
        """Whether the child was found able to decide this matter."""
        return bool(self.findings) and self.findings[-1].found is Competence.COMPETENT

    @property
    def counted(self) -> tuple[Word, ...]:
        """The words of those who may decide: a child's counts while it is found competent."""
        return tuple(
            each
            for each in self.words
            if each.said.capacity is not Capacity.COMPETENT_CHILD or self.competent
        )

    def word_of(self, person: UUID) -> Word | None:
        """Return what somebody said last."""
        return next((each for each in self.words if each.said.by == person), None)


@dataclass(frozen=True, slots=True)
class NeverAsked:
    """Nobody was asked, and nothing was found."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody who may decide has said anything."""

    known: Known


@dataclass(frozen=True, slots=True)
class Agreed:
    """All who said something agree."""

    known: Known


@dataclass(frozen=True, slots=True)
class Declined:
    """All who said something refused, or took it back."""

    known: Known


@dataclass(frozen=True, slots=True)
class Disputed:
    """Some agree and some do not: a person has to decide."""

    known: Known


@dataclass(frozen=True, slots=True)
class Decided:
    """Some agree and some do not, and a person decided what holds."""

    known: Known
    outcome: DecisionOutcome
    clinician: UUID


Asked: TypeAlias = Unanswered | Agreed | Declined | Disputed | Decided
Consent: TypeAlias = NeverAsked | Asked


def holds(consent: Consent) -> bool:
    """Whether work or sharing may rest on it now."""
    match consent:
        case Agreed() | Decided(outcome=DecisionOutcome.GO_ON):
            return True
        case _:
            return False


def is_denied(consent: Consent) -> bool:
    """Whether it was asked for and nothing may rest on it."""
    match consent:
        case Declined() | Disputed() | Decided(outcome=DecisionOutcome.STOP):
            return True
        case _:
            return False


def asked_since(consent: Consent, day: date) -> bool:
    """Whether somebody who may decide it said something on that day or after it."""
    match consent:
        case NeverAsked():
            return False
        case _:
            return any(each.said.on >= day for each in consent.known.counted)


def dispute(known: Known) -> str:
    """Name the latest disagreement over a matter in its case, as a task about it does."""
    matter = "/".join(filter(None, (known.matter.purpose.value, known.matter.party)))
    return f"{matter}/{known.disputes}"
