"""What can be asked of a complaint, with the days by which things are due."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.complaints.complaint_events import Clock, Finding, Matter
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Complain:
    """Somebody complains."""

    complaint_id: UUID
    by: UUID
    subject: UUID
    matter: Matter
    handler: UUID
    on: date
    clock: Clock
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class Extend:
    """The stage needs as long as it may take."""

    words: Plain[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The stage is answered."""

    finding: Finding
    by: str
    on: date
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class GoOn:
    """The person asks for that stage."""

    stage: int
    handler: UUID
    on: date
    clock: Clock


@dataclass(frozen=True, slots=True)
class HoldPanel:
    """The review panel met."""

    on: date
    clock: Clock


@dataclass(frozen=True, slots=True)
class TakeReport:
    """The panel reported."""

    on: date
    clock: Clock
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class NoteOverdue:
    """That day is over."""

    due_on: date


@dataclass(frozen=True, slots=True)
class WithdrawComplaint:
    """Who complained does so no more."""

    on: date


ComplaintCommand: TypeAlias = (
    Complain | Extend | Answer | GoOn | HoldPanel | TakeReport | NoteOverdue | WithdrawComplaint
)
