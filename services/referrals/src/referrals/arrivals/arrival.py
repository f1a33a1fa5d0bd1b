"""The people of a case that passed to this authority: awaited, then here, or nobody could be told.

One stream for each transfer, with the authority that receives it. The case is its own from the
instant of custody; until its people are here nobody can be written to from here.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider

CATEGORY = "FamilyArrival"


@dataclass(frozen=True, slots=True)
class FamilyAwaited:
    """A case passed to this authority: its people are to be known here, by the ids they have.

    `parts`: those of the record that went along.
    """

    transfer: UUID
    case: UUID
    child: UUID
    family: UUID
    contact: UUID | None
    from_authority: UUID
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyArrived:
    """The people are here. `known`: those of them whom this authority knew before."""

    transfer: UUID
    people: tuple[UUID, ...]
    known: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class FamilyUntold:
    """The other authority could not tell who the child is: whoever has the case asks the family."""

    transfer: UUID
    child: UUID


ArrivalEvent: TypeAlias = FamilyAwaited | FamilyArrived | FamilyUntold
EVENTS = (FamilyAwaited, FamilyArrived, FamilyUntold)


@dataclass(frozen=True, slots=True)
class AwaitFamily:
    """Custody of a case has passed to this authority."""

    said: FamilyAwaited


@dataclass(frozen=True, slots=True)
class NoteArrived:
    """The people are in this authority's records, with the same append."""

    transfer: UUID
    people: tuple[UUID, ...]
    known: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class NoteUntold:
    """The other authority cannot tell who the child is."""

    transfer: UUID


ArrivalCommand: TypeAlias = AwaitFamily | NoteArrived | NoteUntold


@dataclass(frozen=True, slots=True)
class NotAwaited:
    """No such case has passed."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """The people are on their way."""

    said: FamilyAwaited


@dataclass(frozen=True, slots=True)
class Arrived:
    """The people are here."""

    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """Nobody came."""


Arrival: TypeAlias = NotAwaited | Awaited | Arrived | Untold


def decide(command: ArrivalCommand, arrival: Arrival) -> list[ArrivalEvent]:
    """Each row is a step of the way; whatever is heard again, or too late, decides nothing."""
    match command, arrival:
        case AwaitFamily(said=said), NotAwaited():
            return [said]
        case NoteArrived(transfer=transfer, people=people, known=known), Awaited():
            return [FamilyArrived(transfer, people, known)]
        case NoteUntold(transfer=transfer), Awaited(said=said):
            return [FamilyUntold(transfer, said.child)]
        case _:
            return []


def evolve(_arrival: Arrival, event: ArrivalEvent) -> Arrival:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case FamilyAwaited():
            return Awaited(event)
        case FamilyArrived(people=people):
            return Arrived(people)
        case FamilyUntold():
            return Untold()
        case _:
            assert_never(event)


ARRIVAL: Decider[ArrivalCommand, Arrival, ArrivalEvent] = Decider(
    CATEGORY, NotAwaited(), decide, evolve
)
