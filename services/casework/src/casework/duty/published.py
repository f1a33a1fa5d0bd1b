"""What is told of a change of duty, to others and between the two sides: ids, days."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from casework.duty import events
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class DutyChangeBegan:
    """Another authority owes the service of an open case from that day, and is to take it on."""

    change_id: UUID
    child: UUID
    to_authority: UUID
    from_day: date


@dataclass(frozen=True, slots=True)
class DutyTakenOn:
    """The authority that owes the service takes it on; the other one may let go."""

    change_id: UUID
    of_case: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class DutyStays:
    """The authority that gives the service goes on by choice, or owes it after all."""

    change_id: UUID
    child: UUID
    to_authority: UUID


EVENTS: tuple[type, ...] = (DutyChangeBegan, DutyTakenOn, DutyStays)
Public: TypeAlias = DutyChangeBegan | DutyTakenOn | DutyStays


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a fact of a change of duty, if anything."""
    match recorded.event:
        case events.DutyChangeBegan(
            change=change, child=child, to_authority=UUID() as to, from_day=day
        ):
            return DutyChangeBegan(change, child, to, day)
        case events.DutyTakenOn(change, case_id, _, sender):
            return DutyTakenOn(change, case_id, sender)
        case (
            events.DutyKeptByChoice(change=change, child=child, to_authority=UUID() as to)
            | events.DutyChangeWithdrawn(change=change, child=child, to_authority=UUID() as to)
        ):
            return DutyStays(change, child, to)
        case _:
            return None
