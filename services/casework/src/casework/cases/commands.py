"""What can be done with a case, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from casework.cases.duty_line import Owed
from casework.cases.family_link import Relation
from casework.cases.reopening import ReopenReason
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """Begin a new episode. `known_duty`: who owes the service by what referrals told, if it did."""

    case_id: UUID
    reopening: UUID
    reason: ReopenReason
    duty_holder: str
    known_duty: str | None
    on: date | None
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class LinkFamily:
    """Note in two cases that they are of one family."""

    case_id: UUID
    other_case: UUID
    relation: Relation


@dataclass(frozen=True, slots=True)
class UnlinkFamily:
    """Note in two cases that they are not of one family."""

    case_id: UUID
    other_case: UUID


class Identity(StrEnum):
    """What was found of two persons."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class NoteIdentity:
    """Two persons were found to be one, or two after all; by the id of that finding."""

    person: UUID
    same_as: UUID
    finding: UUID
    found: Identity


@dataclass(frozen=True, slots=True)
class NoteDuty:
    """The front door determined anew who owes a child the service, from a day on."""

    child: UUID
    effect_from: date
    periods: tuple[Owed, ...]
