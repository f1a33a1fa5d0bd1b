"""A change of duty on the side that owes the service now: it came, then it is taken on.

One stream a child. Until the duty is taken on, or the other authority says that it goes on by
choice, a case of the child here cannot be closed either.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.duty.events import DutyArrivalEvent, DutyArrived, DutyStaysThere, DutyTakenOn
from ledger.decider import Decider, Refusal


@dataclass(frozen=True, slots=True)
class NoteArrived:
    """Another authority tells that this one owes the service."""

    said: DutyArrived


@dataclass(frozen=True, slots=True)
class TakeOn:
    """Take the duty on."""


@dataclass(frozen=True, slots=True)
class NoteStays:
    """The other authority goes on by choice, or the duty did not come."""

    change: UUID
    child: UUID


DutyArrivalCommand: TypeAlias = NoteArrived | TakeOn | NoteStays


@dataclass(frozen=True, slots=True)
class NothingCame:
    """No duty waits here. `over`: changes that are over, or stayed before they came."""

    over: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Came:
    """The duty is here, and nobody has said that it is taken on."""

    said: DutyArrived
    over: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class TakenOn:
    """This authority said that it takes the duty on."""

    said: DutyArrived
    over: frozenset[UUID]


DutyArrival: TypeAlias = NothingCame | Came | TakenOn


class NoDutyCame(Refusal):
    """No duty to this child came from another authority."""


class DutyNotTakenOn(Refusal):
    """This authority owes the child the service and has not taken it on: the case stays open."""


def decide(command: DutyArrivalCommand, arrival: DutyArrival) -> list[DutyArrivalEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, arrival:
        case NoteArrived(said), Came(known) | TakenOn(known) if said.change == known.change:
            return []
        case NoteArrived(said), _:
            return [] if said.change in arrival.over else [said]
        case TakeOn(), Came(said):
            return [DutyTakenOn(said.change, said.case_id, said.child, said.sent_by_authority)]
        # The same again is the same answer, so that callers may retry.
        case TakeOn(), TakenOn():
            return []
        case TakeOn(), NothingCame():
            raise NoDutyCame
        # Also where it has not come: then it no longer may.
        case NoteStays(change, child), _:
            return [] if change in arrival.over else [DutyStaysThere(change, child)]
        case _:
            raise Refusal(type(command), type(arrival))


def evolve(arrival: DutyArrival, event: DutyArrivalEvent) -> DutyArrival:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case DutyArrived():
            return Came(event, arrival.over)
        case DutyTakenOn():
            return TakenOn(arrival.said, arrival.over) if isinstance(arrival, Came) else arrival
        case DutyStaysThere(change=change):
            over = arrival.over | {change}
            match arrival:
                case Came(said) if said.change == change:
                    return NothingCame(over)
                case Came(said):
                    return Came(said, over)
                case TakenOn(said):
                    return TakenOn(said, over)
                case NothingCame():
                    return NothingCame(over)
        case _:
            assert_never(event)


def refuse_while_untaken(arrival: DutyArrival) -> None:
    """Refuse to close a case whose duty came and was not taken on. Raises DutyNotTakenOn."""
    if isinstance(arrival, Came):
        raise DutyNotTakenOn


DECIDER: Decider[DutyArrivalCommand, DutyArrival, DutyArrivalEvent] = Decider(
    "DutyArrival", NothingCame(), decide, evolve
)
