"""What can be asked of a proposal, with what was looked up for it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.decisions.notice_events import (
    Addressee,
    Basis,
    Document,
    Manner,
    Outcome,
    Proposal,
)
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked up for a decision.

    `assessment`: the completed one of the case; `urgent`: the urgent provision that stands;
    `monitor`: whom the plan version nominates.
    """

    assessment: UUID | None
    urgent: UUID | None
    monitor: UUID | None


@dataclass(frozen=True, slots=True)
class Propose:
    """A worker writes what is to be proposed to the family."""

    notice_id: UUID
    case_id: UUID
    child: UUID
    proposal: Proposal
    services: tuple[str, ...]
    addressee: Addressee
    basis: Basis
    proposed_by: str
    text: Plain[str]


@dataclass(frozen=True, slots=True)
class Reword:
    """The text is written anew."""

    by: str
    text_version: int
    text: Plain[str]


@dataclass(frozen=True, slots=True)
class Issue:
    """The notice goes out for service; the days for representations are the policy's."""

    on: date
    representation_days: int
    rule: str


@dataclass(frozen=True, slots=True)
class NoteServed:
    """Notifications says that a notice counts as served on a day."""

    document: Document
    attempt: int
    method: str
    deemed_on: date


@dataclass(frozen=True, slots=True)
class NoteServiceFailed:
    """Notifications says that a notice did not reach its addressee."""

    document: Document
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class Represent:
    """Somebody makes representations."""

    representation_id: UUID
    by: UUID
    manner: Manner
    on: date
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class BeSatisfied:
    """Somebody says that the proposal is as it should be."""

    by: UUID
    on: date


@dataclass(frozen=True, slots=True)
class NotePeriodOver:
    """The last day for representations is over."""

    last_day: date


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The authority does not go on with the proposal."""

    on: date
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class Decide:
    """A manager decides; what it rests on is looked up.

    `plan_version`: the one that comes into force, where it is not the proposed one.
    """

    outcome: Outcome
    on: date
    decided_by: str
    plan_version: int | None
    from_day: date | None
    found: Found
    reasons: Plain[str]
    text: Plain[str]


NoticeCommand: TypeAlias = (
    Propose
    | Reword
    | Issue
    | NoteServed
    | NoteServiceFailed
    | Represent
    | BeSatisfied
    | NotePeriodOver
    | Withdraw
    | Decide
)
