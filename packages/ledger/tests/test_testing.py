"""The one-line tests of deciders say what was decided, and fail when something else was."""

from dataclasses import dataclass

import pytest

from ledger.decider import Decider, Refusal
from ledger.testing import Given


@dataclass(frozen=True)
class Add:
    """Add a number."""

    number: int


class TooMuch(Refusal):
    """The sum would pass ten."""


def decide(command: Add, total: int) -> list[int]:
    if total + command.number > 10:
        raise TooMuch(type(command))
    return [] if command.number == 0 else [command.number]


sums = Given(Decider("Sum", 0, decide, lambda total, number: total + number))


def test_what_was_decided_is_compared() -> None:
    sums.given(1, 2).when(Add(3)).then(3)
    with pytest.raises(AssertionError):
        sums.given(1, 2).when(Add(3)).then(4)


def test_a_refusal_is_compared_by_its_name_and_carries_no_values() -> None:
    refused = sums.given(9).when(Add(3))
    refused.then_refused(TooMuch)
    assert refused.refusal is not None
    assert (refused.refusal.code, str(refused.refusal)) == ("TooMuch", "Add")
    with pytest.raises(AssertionError, match="was refused"):
        refused.then(3)
    with pytest.raises(AssertionError, match="was not refused"):
        sums.when(Add(1)).then_refused(TooMuch)


def test_a_repeat_that_decides_again_is_found() -> None:
    sums.repeats_nothing(Add(0))
    with pytest.raises(AssertionError):
        sums.repeats_nothing(Add(1))
