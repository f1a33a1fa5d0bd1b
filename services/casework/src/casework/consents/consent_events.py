"""The facts of a consent, and the codes that they speak in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]
Words: TypeAlias = Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


class Purpose(StrEnum):
    """What is agreed to (DOMAIN §6.2): each purpose is asked for by itself."""

    ASSESS = "assess"
    THERAPY = "therapy"
    SHARE = "share"


class Capacity(StrEnum):
    """By what right somebody decides."""

    PARENTAL_RESPONSIBILITY = "parental-responsibility"
    # Under 16 and found competent to decide this very matter.
    COMPETENT_CHILD = "competent-child"
    # 16 or 17: decides for himself.
    YOUNG_PERSON = "young-person"


class Answer(StrEnum):
    """What somebody said last."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Competence(StrEnum):
    """What an assessment of a child's competence to decide a matter found."""

    COMPETENT = "competent"
    NOT_COMPETENT = "not-competent"


class DecisionOutcome(StrEnum):
    """What a person decided where those who may decide do not agree."""

    GO_ON = "go-on"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Matter:
    """What is consented to. `party`: with whom is shared, such as "agency:school", else None."""

    purpose: Purpose
    party: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """Who said what, by what right, on which day; `wording` is the version of the form shown."""

    by: UUID
    capacity: Capacity
    on: date
    wording: str | None


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """Somebody who may decide it agreed to the matter."""

    case_id: UUID
    child: UUID
    matter: Matter
    said: Said
    how: MaybeWords


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """Somebody who may decide it did not agree."""

    case_id: UUID
    child: UUID
    matter: Matter
    said: Said
    how: MaybeWords


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """Somebody took a consent back: from this moment nothing rests on it, past work stays."""

    case_id: UUID
    child: UUID
    matter: Matter
    said: Said
    how: MaybeWords


@dataclass(frozen=True, slots=True)
class CompetenceAssessed:
    """Whether the child can decide this matter was assessed, by whom, on that day, and why so."""

    case_id: UUID
    child: UUID
    matter: Matter
    found: Competence
    assessor: UUID
    on: date
    reasons: Words


@dataclass(frozen=True, slots=True)
class ConsentDisputed:
    """Those who may decide do not agree: nothing rests on the consent until a person decides.

    `times`: how often it came to that; 1 the first time.
    """

    case_id: UUID
    child: UUID
    matter: Matter
    times: int


@dataclass(frozen=True, slots=True)
class ConsentDecided:
    """A manager, with a clinician, decided with reasons what holds while the family disagrees."""

    case_id: UUID
    child: UUID
    matter: Matter
    outcome: DecisionOutcome
    clinician: UUID
    on: date
    reasons: Words


@dataclass(frozen=True, slots=True)
class ConsentBegan:
    """All who said something agree, or a person decided so: work may rest on it from now on."""

    case_id: UUID
    child: UUID
    matter: Matter


@dataclass(frozen=True, slots=True)
class ConsentCeased:
    """Nothing new may rest on it from now on; what was done under it stays."""

    case_id: UUID
    child: UUID
    matter: Matter


@dataclass(frozen=True, slots=True)
class SharingStarted:
    """The party may be told of the child from now on."""

    case_id: UUID
    child: UUID
    party: str


@dataclass(frozen=True, slots=True)
class SharingStopped:
    """From this moment the party is told nothing that rests on consent."""

    case_id: UUID
    child: UUID
    party: str


ConsentEvent: TypeAlias = (
    ConsentGiven
    | ConsentRefused
    | ConsentWithdrawn
    | CompetenceAssessed
    | ConsentDisputed
    | ConsentDecided
    | ConsentBegan
    | ConsentCeased
    | SharingStarted
    | SharingStopped
)
