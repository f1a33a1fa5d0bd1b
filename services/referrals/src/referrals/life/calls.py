"""What callers ask of a referral by its id; the rest is looked up."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from ledger.personal import Personal
from referrals.codes import AmendReason, AskedBy, Informant
from referrals.life.commands import Answer, Need, Recode, Reword
from referrals.life.entitlement import Capacity


@dataclass(frozen=True, slots=True)
class TakeDuty:
    """Let the check of the duty holder be answered by the child's line of duty."""


@dataclass(frozen=True, slots=True)
class TakeScreen:
    """Let the safeguarding check be answered by a screen that was held before."""

    screen: UUID


@dataclass(frozen=True, slots=True)
class ScreenReferral:
    """Answer any of the checks of the screening."""

    referral: UUID
    answers: tuple[Answer | TakeDuty | TakeScreen, ...]


@dataclass(frozen=True, slots=True)
class AmendReferral:
    """Set a field of a referral right."""

    referral: UUID
    reason: AmendReason
    change: Recode | Reword


@dataclass(frozen=True, slots=True)
class AddToReferral:
    """Keep what somebody told unasked."""

    referral: UUID
    information: UUID
    source: Informant
    immediate_danger: bool
    words: Personal[str]


@dataclass(frozen=True, slots=True)
class RequestAssessment:
    """Note who asks for whose assessment."""

    referral: UUID
    asked_by: AskedBy
    asked_for: Capacity


@dataclass(frozen=True, slots=True)
class RecordNeedsOf:
    """Keep what a person of a referral needs."""

    referral: UUID
    person: UUID
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class AskForInformation:
    """Ask somebody for what is missing."""

    referral: UUID
    inquiry: UUID
    source: Informant
    words: Personal[str]


@dataclass(frozen=True, slots=True)
class RecordInformation:
    """Keep what was asked for."""

    referral: UUID
    inquiry: UUID
    immediate_danger: bool
    words: Personal[str]


Telling: TypeAlias = (
    AmendReferral
    | AddToReferral
    | RequestAssessment
    | RecordNeedsOf
    | AskForInformation
    | RecordInformation
)
