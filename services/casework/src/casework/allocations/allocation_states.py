"""How it stands with who works on a case."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from casework.allocations.allocation_events import AllocationReason, Part
from casework.allocations.weight import Factors


class Answer(StrEnum):
    """How an offer stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Offer:
    """A part in the case that a worker was asked to take."""

    offer_id: UUID
    worker: UUID
    part: Part
    reason: AllocationReason
    answer_by: date
    answer: Answer = Answer.OPEN


@dataclass(frozen=True, slots=True)
class Unweighed:
    """Nobody has weighed the case."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """How the case was weighed last."""

    factors: Factors
    weight: int
    formula: str


@dataclass(frozen=True, slots=True)
class Around:
    """Who works on the case beside its lead, the offers (the newest), its weight.

    `gaps` counts the times at which nobody led it, the openings of its episodes among them.
    """

    co_workers: frozenset[UUID] = frozenset()
    consultants: frozenset[UUID] = frozenset()
    offers: tuple[Offer, ...] = ()
    weight: Unweighed | Weighed = field(default_factory=Unweighed)
    gaps: int = 0

    def part_of(self, worker: UUID) -> Part | None:
        """Return the part beside the lead that a worker has."""
        if worker in self.co_workers:
            return Part.CO_WORKER
        return Part.CONSULTANT if worker in self.consultants else None

    def offer(self, offer_id: UUID) -> Offer | None:
        """Return an offer."""
        return next((each for each in self.offers if each.offer_id == offer_id), None)

    @property
    def open(self) -> tuple[Offer, ...]:
        """The offers that wait for an answer."""
        return tuple(each for each in self.offers if each.answer is Answer.OPEN)


@dataclass(frozen=True, slots=True)
class NotAwaited:
    """No episode was opened yet, so no lead is waited for."""

    around: Around = field(default_factory=Around)


@dataclass(frozen=True, slots=True)
class Unallocated:
    """Nobody leads the case; somebody is to, by the end of that day in London."""

    case_id: UUID
    child: UUID
    episode: int
    due_on: date
    rule: str
    around: Around = field(default_factory=Around)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Nobody leads the case, and the day by which somebody should is over; that was said."""

    episode: int
    around: Around = field(default_factory=Around)


@dataclass(frozen=True, slots=True)
class Led:
    """One worker leads the case."""

    worker: UUID
    around: Around = field(default_factory=Around)


@dataclass(frozen=True, slots=True)
class Ended:
    """The case was closed in that episode; `last` led it then. A later one gets a lead anew."""

    episode: int
    last: UUID | None
    around: Around = field(default_factory=Around)


Allocation: TypeAlias = NotAwaited | Unallocated | Overdue | Led | Ended


def part_of(allocation: Allocation, worker: UUID) -> Part | None:
    """Return what a worker is in a case; after its closing, what he was."""
    match allocation:
        case Led(worker=lead) | Ended(last=lead) if lead == worker:
            return Part.LEAD
        case _:
            return allocation.around.part_of(worker)


def lead_of(allocation: Allocation) -> UUID | None:
    """Return who leads a case now."""
    return allocation.worker if isinstance(allocation, Led) else None
