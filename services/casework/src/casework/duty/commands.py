"""What can be done about a change of duty, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.duty.events import DutyArrived
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class NoteDutyChanged:
    """Referrals tells that another authority owes a child the service, by codes of authorities."""

    change: UUID
    child: UUID
    before: str | None
    now: str | None
    from_day: date


@dataclass(frozen=True, slots=True)
class KeepDutyByChoice:
    """Go on helping by choice."""

    case_id: UUID
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class RecordDutyTakenOn:
    """An authority outside wrote that it takes the duty on."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class NoteDutyTakenOn:
    """The other authority takes the duty on."""

    change: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class ArriveDuty:
    """Another authority tells that this one owes the service."""

    said: DutyArrived


@dataclass(frozen=True, slots=True)
class TakeDutyOn:
    """Take the duty to a child on."""

    child: UUID


@dataclass(frozen=True, slots=True)
class NoteDutyStays:
    """The other authority goes on by choice, or the duty did not come."""

    change: UUID
    child: UUID


OfDuty: TypeAlias = (
    NoteDutyChanged
    | KeepDutyByChoice
    | RecordDutyTakenOn
    | NoteDutyTakenOn
    | ArriveDuty
    | TakeDutyOn
    | NoteDutyStays
)
