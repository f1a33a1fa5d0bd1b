"""A conflict of interest stands from the instant in which it is said until it is taken back."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.allocations.conflict import (
    DECIDER,
    ClearConflict,
    ConflictCleared,
    ConflictCommand,
    ConflictDeclared,
    DeclareConflict,
    InConflict,
    Knows,
    NoConflict,
    Tie,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

AMINA, CHILD = UUID(int=1), UUID(int=2)
WORDS: Plain[str | None] = Plain("They are neighbours.")

declare = DeclareConflict(AMINA, CHILD, Knows.CHILD, Tie.NEIGHBOUR, WORDS)
clear = ClearConflict(AMINA, CHILD)
declared = ConflictDeclared(AMINA, CHILD, Knows.CHILD, Tie.NEIGHBOUR, WORDS)
conflict = Given(DECIDER)
known = conflict.given(declared)

TRANSITIONS = Transitions(
    {"nothing known": conflict, "in conflict": known},
    {"the worker knows the child": declare, "it was a mistake": clear},
)


def test_it_is_said_and_taken_back_and_said_again() -> None:
    conflict.when(declare).then(declared)
    assert known.state == InConflict(AMINA, CHILD)
    known.when(clear).then(ConflictCleared(AMINA, CHILD))
    cleared = known.given(ConflictCleared(AMINA, CHILD))
    assert cleared.state == NoConflict()
    cleared.when(declare).then(declared)


def test_what_is_no_conflict_needs_no_taking_back() -> None:
    conflict.when(clear).then()


@given(st.lists(st.sampled_from([declare, clear]), max_size=6))
def test_a_repeated_command_decides_nothing(history: list[ConflictCommand]) -> None:
    so_far = conflict
    for command in history:
        so_far.repeats_nothing(command)
        so_far = so_far.given(*so_far.when(command).events)
