"""What can be done with information, before what it takes is looked up."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from casework.information.conflict import Resolution, StandingReason
from casework.information.item import ItemCorrection, Told
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class ReceiveInformation:
    """A source said something about the child of a case."""

    item_id: UUID
    case_id: UUID
    told: Told
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class CorrectInformation:
    """Set right the entry at `version` of an item's stream."""

    case_id: UUID
    item_id: UUID
    version: int
    told: Told
    reason: ItemCorrection
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class FlagConflict:
    """Items of a case contradict each other."""

    case_id: UUID
    conflict_id: UUID
    items: tuple[UUID, ...]
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ResolveConflict:
    """A contradiction is resolved; `holds`: the items that are right."""

    case_id: UUID
    conflict_id: UUID
    how: Resolution
    holds: tuple[UUID, ...]
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class LeaveConflict:
    """A contradiction is left standing."""

    case_id: UUID
    conflict_id: UUID
    reason: StandingReason
    words: Plain[str]


OfConflict: TypeAlias = FlagConflict | ResolveConflict | LeaveConflict
