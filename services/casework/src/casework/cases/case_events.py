"""What is recorded of a child's case: its opening, its episodes, its closing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn


class CloseReason(StrEnum):
    """Why the work ended (DOMAIN §2.5)."""

    GOALS_MET = "goals-met"
    PLANNED_END = "planned-end"
    FAMILY_WITHDREW = "family-withdrew"
    NO_ENGAGEMENT = "no-engagement"
    OUT_OF_RESPONSIBILITY = "out-of-responsibility"
    MOVED = "moved"
    STEPPED_UP = "stepped-up-to-safeguarding"
    AGED_OUT = "aged-out"
    DECEASED = "deceased"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class AcceptedReferral:
    """An accepted referral as the case knows it.

    `contact`: the person to be written to, None where the referral names none.
    `duty_holder`: the authority that owes the service, None while that is not known.
    """

    referral_id: UUID
    reference: str
    family_id: UUID
    contact: UUID | None
    needs: tuple[str, ...]
    duty_holder: str | None
    accepted_on: date


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A referral was accepted for a child who had no case: the case and its first episode."""

    case_id: UUID
    child: UUID
    referral: AcceptedReferral


@dataclass(frozen=True, slots=True)
class ReferralJoined:
    """Another referral was accepted while the case was open: it belongs to the same episode."""

    case_id: UUID
    child: UUID
    episode: int
    referral: AcceptedReferral


@dataclass(frozen=True, slots=True)
class EpisodeOpened:
    """A referral was accepted after the case was closed: the same case, a new episode."""

    case_id: UUID
    child: UUID
    episode: int
    referral: AcceptedReferral


@dataclass(frozen=True, slots=True)
class CaseTakenOver:
    """Custody of the case passed from another authority to this one: its work goes on here.

    `episode` counts on from those there.
    """

    case_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    transfer: UUID
    on: date


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The episode's work ended on that day in London; the record stays and can be added to."""

    case_id: UUID
    child: UUID
    episode: int
    reason: CloseReason
    on: date
    summary: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]
