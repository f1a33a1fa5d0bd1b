"""What is recorded of a concern: who raised it, who was told when, who answered, how it ended."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.urgent.alert import Alert
from ledger.personal import Block, Personal, SealedIn


class Source(StrEnum):
    """From where it is known that a child may be in danger."""

    # Said in the referral itself.
    REFERRAL = "referral"
    # Found by the safeguarding screen.
    SCREEN = "screen"
    ENQUIRY = "enquiry"
    # Told to a worker: by telephone, in a session, by another agency.
    CALL = "call"
    SESSION = "session"
    AGENCY = "agency"


class Emergency(StrEnum):
    """Who helps at once, at any hour."""

    POLICE = "police"
    EMERGENCY_DUTY_TEAM = "emergency-duty-team"
    AMBULANCE = "ambulance"


class ConsentGround(StrEnum):
    """Whether the family agreed that an authority is told, or why it was not needed."""

    GIVEN = "given"
    # To ask would have put somebody at risk, or would have taken too long.
    NOT_SOUGHT_RISK = "not-sought-risk"
    NOT_SOUGHT_URGENT = "not-sought-urgent"
    # The family said no, and the child's safety came first.
    OVERRIDDEN = "overridden"


class Outcome(StrEnum):
    """What became of a concern."""

    # Others lead from here: an authority, the police.
    HANDED_OVER = "handed-over"
    ENQUIRY_BY_AUTHORITY = "enquiry-by-authority"
    SUPPORT_IN_CASE = "support-in-case"
    NO_FURTHER_ACTION = "no-further-action"
    MISTAKEN = "mistaken"


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a concern is about, as far as anybody knows."""

    child: UUID | None
    referral: UUID | None
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class ConcernRaised:
    """A child may be in danger; those whom the alert names are told, by the rule of that name.

    `subject`: under whose key the words are, the child's or, if nobody knows it, the concern's own.
    """

    concern_id: UUID
    about: About
    subject: UUID
    source: Source
    alert: Alert
    rule: str
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class ConcernIdentified:
    """Whom or what it is about is known better: a child, a referral, a case."""

    concern_id: UUID
    about: About


@dataclass(frozen=True, slots=True)
class ConcernRepeated:
    """The same concern is known from another source too, while somebody is at work on it."""

    concern_id: UUID
    source: Source


@dataclass(frozen=True, slots=True)
class ConcernReopened:
    """It was closed, and another source says that the child is in danger: all are told anew."""

    concern_id: UUID
    source: Source
    alert: Alert


@dataclass(frozen=True, slots=True)
class ConcernAcknowledged:
    """A person says that he acts on it: nobody needs to be told again."""

    concern_id: UUID
    worker: str


@dataclass(frozen=True, slots=True)
class ConcernEscalated:
    """Nobody had acknowledged it when that instant came; others are told. `step` counts from 1."""

    concern_id: UUID
    step: int
    due: datetime
    alert: Alert


@dataclass(frozen=True, slots=True)
class EmergencyTold:
    """The police or others who help at once were told, at that instant."""

    concern_id: UUID
    subject: UUID
    body: Emergency
    at: datetime
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class ReferredToLA:
    """The authority where the child is was notified; it is to answer by the end of a day."""

    concern_id: UUID
    subject: UUID
    authority: str
    consent: ConsentGround
    answer_by: date
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class LAAcknowledged:
    """The authority that was notified answered that it has the concern."""

    concern_id: UUID
    authority: str


@dataclass(frozen=True, slots=True)
class LAOverdue:
    """The authority that was notified had not answered by the end of that day; others are told."""

    concern_id: UUID
    authority: str
    answer_by: date
    alert: Alert


@dataclass(frozen=True, slots=True)
class ConcernClosed:
    """Nothing more is to be done here, for a reason in words."""

    concern_id: UUID
    subject: UUID
    outcome: Outcome
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="subject")]


ConcernEvent: TypeAlias = (
    ConcernRaised
    | ConcernIdentified
    | ConcernRepeated
    | ConcernReopened
    | ConcernAcknowledged
    | ConcernEscalated
    | EmergencyTold
    | ReferredToLA
    | LAAcknowledged
    | LAOverdue
    | ConcernClosed
)
