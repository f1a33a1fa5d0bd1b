"""How both sides of a change of duty come to agree.

ResponsibilityChanged (referrals) -> NoteDutyChanged (the side that gives: begins, a task)
DutyChangeBegan       (gives)     -> ArriveDuty      (the side that owes: came, a task)
DutyTakenOn           (owes)      -> NoteDutyTakenOn (gives: handed on)
DutyStays             (gives)     -> NoteDutyStays   (owes: nothing waits)
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from casework.duty.commands import ArriveDuty, NoteDutyChanged, NoteDutyStays, NoteDutyTakenOn
from casework.duty.events import DutyArrived, Stays
from casework.streams import duty_arrival_stream, duty_change_stream
from chassis.acting import Do, Heard
from ledger.writes import Write


class _Changed(BaseModel):
    child: UUID
    duty_holder: str | None
    before: str | None = None
    from_day: date | None = None


class _Began(BaseModel):
    change_id: UUID
    child: UUID
    to_authority: UUID
    from_day: date


class _TakenOn(BaseModel):
    change_id: UUID
    of_case: UUID
    sent_by_authority: UUID


class _Stays(BaseModel):
    change_id: UUID
    child: UUID
    to_authority: UUID


def changed(heard: Heard) -> list[Do]:
    """Hear from referrals that another authority owes a child the service."""
    told = _Changed.model_validate(heard.data)
    if told.before is None or told.from_day is None:
        return []
    note = NoteDutyChanged(heard.event_id, told.child, told.before, told.duty_holder, told.from_day)
    return [Do(note, duty_arrival_stream(told.child))]


def hear(heard: Heard) -> Sequence[Do | Write]:
    """Take the step that follows from one of our own events; from most, none does."""
    match heard.type, heard.case_id:
        case "DutyChangeBegan", UUID() as case_id:
            began = _Began.model_validate(heard.data)
            said = DutyArrived(
                began.change_id,
                case_id,
                began.child,
                heard.tenant,
                began.from_day,
                (Stays.FINANCIAL_SUPPORT_BEFORE_ORDER,),
            )
            target = duty_arrival_stream(began.child)
            return [Do(ArriveDuty(said), target, began.to_authority)]
        case "DutyTakenOn", _:
            taken = _TakenOn.model_validate(heard.data)
            note = NoteDutyTakenOn(taken.change_id, taken.of_case)
            return [Do(note, duty_change_stream(taken.of_case), taken.sent_by_authority)]
        case "DutyStays", _:
            told = _Stays.model_validate(heard.data)
            stays = NoteDutyStays(told.change_id, told.child)
            return [Do(stays, duty_arrival_stream(told.child), told.to_authority)]
        case _:
            return ()
