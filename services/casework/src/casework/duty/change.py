"""A change of duty on the side that gives the service: begun, then handed on or kept by choice.

It begins by the line of duty itself, not by a user. Until the other authority takes the duty on, or
this one records that it goes on by choice, the case cannot be closed: a child is never without one.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.duty.events import (
    DutyChangeBegan,
    DutyChangeEvent,
    DutyChangeWithdrawn,
    DutyHandedOn,
    DutyKeptByChoice,
    Stays,
)
from ledger.decider import Decider, Refusal
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Begin:
    """Another authority owes the service from that day."""

    change: UUID
    case_id: UUID
    child: UUID
    to: str
    to_authority: UUID | None
    from_day: date


@dataclass(frozen=True, slots=True)
class Withdraw:
    """This authority owes the service after all."""


@dataclass(frozen=True, slots=True)
class NoteTakenOn:
    """The other authority takes the duty on, as it said itself."""

    change: UUID


@dataclass(frozen=True, slots=True)
class RecordTakenOn:
    """An authority that keeps no record here wrote that it takes the duty on."""


@dataclass(frozen=True, slots=True)
class KeepByChoice:
    """Go on helping by choice."""

    words: Plain[str]


DutyChangeCommand: TypeAlias = Begin | Withdraw | NoteTakenOn | RecordTakenOn | KeepByChoice


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing is to be handed on. `known`: changes that are over."""

    known: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class HandingOn:
    """The other authority has not said that it takes the duty on."""

    said: DutyChangeBegan
    known: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The other authority has the duty and said so."""

    said: DutyChangeBegan
    known: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Kept:
    """The other authority owes it, and this one goes on by choice."""

    said: DutyChangeBegan
    known: frozenset[UUID]


DutyChange: TypeAlias = Unchanged | HandingOn | HandedOn | Kept


class NothingToHandOn(Refusal):
    """No other authority is to take a duty on from this one."""


class TheyAnswerThemselves(Refusal):
    """The other authority keeps its record here and says itself that it takes the duty on."""


class DutyNotHandedOn(Refusal):
    """Another authority owes the service and has not taken it on: the case cannot be closed yet."""


def decide(command: DutyChangeCommand, change: DutyChange) -> list[DutyChangeEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case Begin():
            return _begin(command, change)
        case Withdraw():
            return [_withdrawn(change.said)] if isinstance(change, HandingOn) else []
        case NoteTakenOn(asked):
            match change:
                case HandingOn(said) | Kept(said) if said.change == asked:
                    return [DutyHandedOn(asked, said.case_id, said.to)]
                case _:
                    return []
        case RecordTakenOn():
            return _recorded(change)
        case KeepByChoice():
            return _kept(command, change)
        case _:
            assert_never(command)


def _begin(command: Begin, change: DutyChange) -> list[DutyChangeEvent]:
    if command.change in change.known:
        return []
    began = DutyChangeBegan(
        command.change,
        command.case_id,
        command.child,
        command.to,
        command.to_authority,
        command.from_day,
        (Stays.FINANCIAL_SUPPORT_BEFORE_ORDER,),
    )
    return [_withdrawn(change.said), began] if isinstance(change, HandingOn) else [began]


def _withdrawn(said: DutyChangeBegan) -> DutyChangeWithdrawn:
    return DutyChangeWithdrawn(said.change, said.case_id, said.child, said.to_authority)


def _recorded(change: DutyChange) -> list[DutyChangeEvent]:
    match change:
        case HandingOn(said) | Kept(said) if said.to_authority is None:
            return [DutyHandedOn(said.change, said.case_id, said.to)]
        case HandingOn() | Kept():
            raise TheyAnswerThemselves
        case HandedOn():
            return []
        case Unchanged():
            raise NothingToHandOn


def _kept(command: KeepByChoice, change: DutyChange) -> list[DutyChangeEvent]:
    match change:
        case HandingOn(said):
            to = said.to_authority
            return [DutyKeptByChoice(said.change, said.case_id, said.child, to, command.words)]
        case Kept():
            return []
        case HandedOn() | Unchanged():
            raise NothingToHandOn


def evolve(change: DutyChange, event: DutyChangeEvent) -> DutyChange:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, change:
        case DutyChangeBegan(change=began), _:
            return HandingOn(event, change.known | {began})
        case DutyHandedOn(), HandingOn(said, known) | Kept(said, known):
            return HandedOn(said, known)
        case DutyKeptByChoice(), HandingOn(said, known):
            return Kept(said, known)
        case DutyChangeWithdrawn(), _:
            return Unchanged(change.known)
        case _:
            return change


def refuse_while_handing_on(change: DutyChange) -> None:
    """Refuse to close a case whose duty nobody has taken on. Raises DutyNotHandedOn."""
    if isinstance(change, HandingOn):
        raise DutyNotHandedOn


DECIDER: Decider[DutyChangeCommand, DutyChange, DutyChangeEvent] = Decider(
    "DutyChange", Unchanged(), decide, evolve
)
