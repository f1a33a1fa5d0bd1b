"""Information keeps its source; what contradicts each other is resolved, or stands for a reason."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.assessments.heading import Heading
from casework.information import conflict as conflicts
from casework.information import item as items
from casework.information.conflict import (
    ConflictCommand,
    ConflictFlagged,
    ConflictLeftStanding,
    ConflictResolved,
    FlagConflict,
    LeaveConflict,
    NoSuchConflict,
    NotOneOfThem,
    Resolution,
    ResolveConflict,
    SettledOtherwise,
    StandingReason,
    TooFewItems,
    unsettled,
)
from casework.information.item import (
    CorrectInformation,
    InformationCorrected,
    InformationReceived,
    ItemCorrection,
    ItemKnownOtherwise,
    NoSuchItem,
    NotTheLatestEntry,
    ReceiveInformation,
    SourceKind,
    Told,
)
from ledger.envelope import Basis
from ledger.personal import Plain
from ledger.testing import Given, Transitions

ITEM, OTHER, THIRD, CASE, CHILD, CONFLICT = (UUID(int=n) for n in range(1, 7))
WORDS = Plain("She sleeps through.")
NONE: Plain[str | None] = Plain(None)

told = Told(Heading.CHILD, "sleep", SourceKind.SCHOOL, date(2025, 9, 15), Basis.OPINION)
right = replace(told, source=SourceKind.PARENT)
receive = ReceiveInformation(ITEM, CASE, CHILD, told, WORDS)
received = InformationReceived(ITEM, CASE, CHILD, told, WORDS)
correct = CorrectInformation(1, right, ItemCorrection.WRONG_SOURCE, WORDS)
corrected = InformationCorrected(ITEM, CASE, CHILD, right, ItemCorrection.WRONG_SOURCE, WORDS)

item = Given(items.DECIDER)
there = item.given(received)
set_right = there.given(corrected)

flag = FlagConflict(CONFLICT, CASE, CHILD, frozenset({ITEM, OTHER}), NONE)
flagged = ConflictFlagged(CONFLICT, CASE, CHILD, (ITEM, OTHER), NONE)
resolve = ResolveConflict(CONFLICT, Resolution.ONE_HOLDS, frozenset({ITEM}), WORDS)
resolved = ConflictResolved(CONFLICT, CASE, CHILD, Resolution.ONE_HOLDS, (ITEM,), WORDS)
leave = LeaveConflict(CONFLICT, StandingReason.VIEWS_DIFFER, WORDS)
left = ConflictLeftStanding(CONFLICT, CASE, CHILD, StandingReason.VIEWS_DIFFER, WORDS)

conflict = Given(conflicts.DECIDER)
open_one = conflict.given(flagged)
settled = open_one.given(resolved)
standing = open_one.given(left)

TRANSITIONS = [
    Transitions(
        {"not received": item, "received": there, "set right": set_right},
        {
            "receive": receive,
            "correct": correct,
            "correct the correction": replace(correct, version=2),
        },
    ),
    Transitions(
        {"none": conflict, "flagged": open_one, "resolved": settled, "left standing": standing},
        {
            "flag": flag,
            "flag with another item": replace(flag, items=frozenset({THIRD})),
            "resolve": resolve,
            "leave standing": leave,
        },
    ),
]


def test_an_item_is_received_once() -> None:
    item.when(receive).then(received)
    there.when(receive).then()
    there.when(replace(receive, told=right)).then_refused(ItemKnownOtherwise)


def test_it_is_set_right_by_naming_the_latest_entry() -> None:
    there.when(correct).then(corrected)
    set_right.when(correct).then()
    set_right.when(replace(correct, told=told)).then_refused(NotTheLatestEntry)
    item.when(correct).then_refused(NoSuchItem)
    assert set_right.state.told == right


def test_it_takes_two_to_contradict_each_other() -> None:
    conflict.when(flag).then(flagged)
    open_one.when(flag).then()
    conflict.when(replace(flag, items=frozenset({ITEM}))).then_refused(TooFewItems)
    assert unsettled(open_one.state) == {CONFLICT}


def test_it_is_resolved_by_naming_what_holds() -> None:
    open_one.when(resolve).then(resolved)
    settled.when(resolve).then()
    settled.when(leave).then_refused(SettledOtherwise)
    open_one.when(replace(resolve, holds=frozenset({THIRD}))).then_refused(NotOneOfThem)
    open_one.when(replace(resolve, holds=frozenset())).then_refused(NotOneOfThem)
    both = replace(resolve, how=Resolution.BOTH_HOLD, holds=frozenset())
    open_one.when(both).then(replace(resolved, how=Resolution.BOTH_HOLD, holds=()))
    assert unsettled(settled.state) == frozenset()


def test_it_may_be_left_standing_with_a_reason() -> None:
    open_one.when(leave).then(left)
    standing.when(leave).then()
    assert unsettled(standing.state) == frozenset()


def test_another_source_opens_it_again() -> None:
    wider = replace(flagged, items=(ITEM, OTHER, THIRD))
    for each in (settled, standing):
        each.when(replace(flag, items=frozenset({THIRD}))).then(wider)
        assert unsettled(each.given(wider).state) == {CONFLICT}


def test_what_was_never_flagged_is_answered_as_absent() -> None:
    conflict.when(resolve).then_refused(NoSuchConflict)
    conflict.when(leave).then_refused(NoSuchConflict)


commands: st.SearchStrategy[ConflictCommand] = st.sampled_from(
    [
        flag,
        replace(flag, items=frozenset({THIRD})),
        replace(flag, conflict_id=OTHER),
        resolve,
        leave,
    ]
)


@given(st.lists(commands, max_size=12))
def test_a_repeated_command_decides_nothing(history: list[ConflictCommand]) -> None:
    so_far = conflict
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
