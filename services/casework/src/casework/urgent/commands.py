"""What the urgent path can be asked to do, before the streams are looked up that it takes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from casework.urgent.concern_events import ConsentGround, Emergency, Outcome, Source
from casework.urgent.rule import Post
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class StartOnCall:
    """A worker stands for a post from now until an instant, or until then instead."""

    post: Post
    worker: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class EndOnCall:
    """A worker stands for a post no longer."""

    post: Post
    worker: UUID


@dataclass(frozen=True, slots=True)
class PlanOnCall:
    """A worker is to stand for a post from an instant to come until another."""

    post: Post
    worker: UUID
    starts_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DropPlannedOnCall:
    """A worker is no longer to stand from an instant on."""

    post: Post
    worker: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class NotePlanned:
    """A planned shift begins; by the rota's stream."""

    rota_stream: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class NoteCover:
    """A shift's time is over, or an hour begins that must have somebody; by the rota's stream."""

    rota_stream: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    """Somebody says that a child is in danger; child, referral and case as far as known.

    `earlier`: a concern that is the same if it is there, raised before there was a referral.
    """

    concern_id: UUID
    child: UUID | None
    referral: UUID | None
    case_id: UUID | None
    source: Source
    words: Plain[str | None]
    earlier: UUID | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgeConcern:
    """A person takes a concern on."""

    concern_id: UUID
    worker: str


@dataclass(frozen=True, slots=True)
class NoteUnacknowledged:
    """Until that instant somebody was to acknowledge the concern; by its stream."""

    concern_stream: UUID
    due: datetime


@dataclass(frozen=True, slots=True)
class RecordEmergencyTold:
    """The police or others were told at an instant; None: now, by the service's clock."""

    concern_id: UUID
    body: Emergency
    at: datetime | None
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ReferConcern:
    """The authority where the child is was notified on a day; None: today."""

    concern_id: UUID
    authority: str
    consent: ConsentGround
    on: date | None
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class RecordAuthorityAnswer:
    """The authority that was notified answered."""

    concern_id: UUID
    authority: str


@dataclass(frozen=True, slots=True)
class NoteAuthoritySilent:
    """The last day for an authority's answer is over; by the concern's stream."""

    concern_stream: UUID
    authority: str
    answer_by: date


@dataclass(frozen=True, slots=True)
class CloseConcern:
    """Nothing more is to be done here."""

    concern_id: UUID
    outcome: Outcome
    words: Plain[str]


OfRota: TypeAlias = (
    StartOnCall | EndOnCall | NoteCover | PlanOnCall | DropPlannedOnCall | NotePlanned
)
OfConcern: TypeAlias = (
    RaiseConcern
    | AcknowledgeConcern
    | NoteUnacknowledged
    | RecordEmergencyTold
    | ReferConcern
    | RecordAuthorityAnswer
    | NoteAuthoritySilent
    | CloseConcern
)
