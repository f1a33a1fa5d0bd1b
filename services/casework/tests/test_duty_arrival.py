"""A duty that came is taken on once; until then a case of the child here is not closed either."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.duty.arrival import (
    DECIDER,
    DutyArrivalCommand,
    DutyNotTakenOn,
    NoDutyCame,
    NoteArrived,
    NoteStays,
    TakeOn,
    refuse_while_untaken,
)
from casework.duty.events import DutyArrived, DutyStaysThere, DutyTakenOn
from ledger.testing import Given, Transitions

CHANGE, OTHER, CASE, CHILD, SENDER = (UUID(int=n) for n in range(1, 6))
said = DutyArrived(CHANGE, CASE, CHILD, SENDER, date(2026, 3, 15), ())
taken = DutyTakenOn(CHANGE, CASE, CHILD, SENDER)
stays = DutyStaysThere(CHANGE, CHILD)

duty = Given(DECIDER)
here = duty.given(said)


def test_it_comes_once_and_is_taken_on_once() -> None:
    duty.when(NoteArrived(said)).then(said)
    here.when(NoteArrived(said)).then()
    here.when(TakeOn()).then(taken)
    here.given(taken).when(TakeOn()).then()
    here.given(taken).when(NoteArrived(said)).then()
    duty.when(TakeOn()).then_refused(NoDutyCame)


def test_what_stays_there_no_longer_comes() -> None:
    here.when(NoteStays(CHANGE, CHILD)).then(stays)
    here.given(stays).when(NoteStays(CHANGE, CHILD)).then()
    duty.given(stays).when(NoteArrived(said)).then()
    here.given(stays).when(TakeOn()).then_refused(NoDutyCame)


def test_another_change_comes_after_one_that_is_over() -> None:
    again = replace(said, change=OTHER)
    here.given(taken).when(NoteArrived(again)).then(again)
    here.when(NoteStays(OTHER, CHILD)).then(replace(stays, change=OTHER))
    assert here.given(replace(stays, change=OTHER)).state.said == said


def test_a_case_here_is_not_closed_before_the_duty_is_taken_on() -> None:
    with pytest.raises(DutyNotTakenOn):
        refuse_while_untaken(here.state)
    for each in (duty, here.given(taken), here.given(stays)):
        refuse_while_untaken(each.state)


histories = st.lists(st.sampled_from([said, taken, stays]), max_size=4)
commands: st.SearchStrategy[DutyArrivalCommand] = st.sampled_from(
    [NoteArrived(said), TakeOn(), NoteStays(CHANGE, CHILD)]
)


@given(histories, commands)
def test_any_command_twice_decides_nothing_the_second_time(
    history: list[object], command: DutyArrivalCommand
) -> None:
    before = duty.given(*history)
    if before.when(command).refusal is None:
        before.repeats_nothing(command)


TRANSITIONS = Transitions(
    {
        "nothing came": duty,
        "came": here,
        "taken on": here.given(taken),
        "stays there": here.given(stays),
    },
    {
        "note that it came": NoteArrived(said),
        "take on": TakeOn(),
        "note that it stays there": NoteStays(CHANGE, CHILD),
    },
)
