"""What can be asked of a concern, with what was looked up for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from casework.urgent.alert import Alert
from casework.urgent.concern_events import About, ConsentGround, Emergency, Outcome, Source
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Raise:
    """Somebody says that a child is in danger; who is on duty is looked up."""

    concern_id: UUID
    about: About
    source: Source
    words: Plain[str | None]
    alert: Alert
    rule: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A person takes it on."""

    worker: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """It was to be acknowledged by that instant; who is on duty now is looked up."""

    due: datetime
    alert: Alert


@dataclass(frozen=True, slots=True)
class TellEmergency:
    """The police or others were told."""

    body: Emergency
    at: datetime
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class Refer:
    """An authority was notified; its answer is due by the end of that day."""

    authority: str
    consent: ConsentGround
    answer_by: date
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """The authority answered."""

    authority: str


@dataclass(frozen=True, slots=True)
class NoteSilence:
    """The authority's day is over; who is on duty now is looked up."""

    authority: str
    answer_by: date
    alert: Alert


@dataclass(frozen=True, slots=True)
class Close:
    """Nothing more is to be done here."""

    outcome: Outcome
    words: Plain[str]


ConcernCommand: TypeAlias = (
    Raise | Acknowledge | Escalate | TellEmergency | Refer | NoteAnswer | NoteSilence | Close
)
