"""While a duty changes hands neither side leaves before the other has it, or stays by choice."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.duty.change import (
    DECIDER,
    Begin,
    DutyChange,
    DutyChangeCommand,
    DutyNotHandedOn,
    KeepByChoice,
    NoteTakenOn,
    NothingToHandOn,
    RecordTakenOn,
    TheyAnswerThemselves,
    Withdraw,
    refuse_while_handing_on,
)
from casework.duty.events import (
    DutyChangeBegan,
    DutyChangeWithdrawn,
    DutyHandedOn,
    DutyKeptByChoice,
    Stays,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

CHANGE, OTHER, CASE, CHILD, THERE = (UUID(int=n) for n in range(1, 6))
FROM = date(2026, 3, 15)
STAYS = (Stays.FINANCIAL_SUPPORT_BEFORE_ORDER,)
WHY = Plain("The therapy ends in April.")

begin = Begin(CHANGE, CASE, CHILD, "northmoor", THERE, FROM)
began = DutyChangeBegan(CHANGE, CASE, CHILD, "northmoor", THERE, FROM, STAYS)
outside = replace(began, to="estover", to_authority=None)
handed_on = DutyHandedOn(CHANGE, CASE, "northmoor")
kept = DutyKeptByChoice(CHANGE, CASE, CHILD, THERE, WHY)
withdrawn = DutyChangeWithdrawn(CHANGE, CASE, CHILD, THERE)

duty = Given(DECIDER)
handing_on = duty.given(began)


def test_it_begins_once_and_what_was_agreed_before_the_order_stays() -> None:
    duty.when(begin).then(began)
    handing_on.when(begin).then()
    handing_on.given(handed_on).when(begin).then()
    assert began.stays == (Stays.FINANCIAL_SUPPORT_BEFORE_ORDER,)


def test_a_later_change_takes_the_place_of_one_that_nobody_answered() -> None:
    later = replace(begin, change=OTHER, to="saltby", to_authority=CASE)
    again = replace(began, change=OTHER, to="saltby", to_authority=CASE)
    handing_on.when(later).then(withdrawn, again)
    handing_on.given(handed_on).when(later).then(again)


def test_the_other_authority_says_itself_that_it_has_the_duty() -> None:
    handing_on.when(NoteTakenOn(CHANGE)).then(handed_on)
    handing_on.when(NoteTakenOn(OTHER)).then()
    handing_on.when(RecordTakenOn()).then_refused(TheyAnswerThemselves)
    handing_on.given(kept).when(NoteTakenOn(CHANGE)).then(handed_on)


def test_of_an_authority_outside_a_worker_records_it() -> None:
    theirs = DutyHandedOn(CHANGE, CASE, "estover")
    duty.given(outside).when(RecordTakenOn()).then(theirs)
    duty.given(outside, theirs).when(RecordTakenOn()).then()
    duty.when(RecordTakenOn()).then_refused(NothingToHandOn)


def test_to_go_on_by_choice_is_recorded_with_its_reasons() -> None:
    handing_on.when(KeepByChoice(WHY)).then(kept)
    handing_on.given(kept).when(KeepByChoice(WHY)).then()
    duty.when(KeepByChoice(WHY)).then_refused(NothingToHandOn)
    handing_on.given(handed_on).when(KeepByChoice(WHY)).then_refused(NothingToHandOn)


def test_what_was_learned_otherwise_ends_it() -> None:
    handing_on.when(Withdraw()).then(withdrawn)
    handing_on.given(kept).when(Withdraw()).then()
    duty.when(Withdraw()).then()


def test_the_case_is_not_closed_while_nobody_has_the_duty() -> None:
    left: DutyChange
    with pytest.raises(DutyNotHandedOn):
        refuse_while_handing_on(handing_on.state)
    for left in (duty.state, *(handing_on.given(each).state for each in (handed_on, kept))):
        refuse_while_handing_on(left)
    refuse_while_handing_on(handing_on.given(withdrawn).state)


histories = st.lists(st.sampled_from([began, outside, handed_on, kept, withdrawn]), max_size=4)
commands: st.SearchStrategy[DutyChangeCommand] = st.sampled_from(
    [begin, NoteTakenOn(CHANGE), RecordTakenOn(), KeepByChoice(WHY), Withdraw()]
)


@given(histories, commands)
def test_any_command_twice_decides_nothing_the_second_time(
    history: list[object], command: DutyChangeCommand
) -> None:
    before = duty.given(*history)
    if before.when(command).refusal is None:
        before.repeats_nothing(command)


TRANSITIONS = Transitions(
    {
        "unchanged": duty,
        "handing on": handing_on,
        "handing on to an authority outside": duty.given(outside),
        "handed on": handing_on.given(handed_on),
        "kept by choice": handing_on.given(kept),
    },
    {
        "begin": begin,
        "note that it is taken on": NoteTakenOn(CHANGE),
        "record that an authority outside takes it on": RecordTakenOn(),
        "go on by choice": KeepByChoice(WHY),
        "note that it did not change": Withdraw(),
    },
)
