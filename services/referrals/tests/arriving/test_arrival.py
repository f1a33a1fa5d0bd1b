"""A family is awaited once and comes once; what is heard again, or too late, changes nothing."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ledger.testing import Given, Transitions
from referrals.arrivals.arrival import (
    ARRIVAL,
    AwaitFamily,
    FamilyArrived,
    FamilyAwaited,
    FamilyUntold,
    NoteArrived,
    NoteUntold,
)

TRANSFER, CASE, CHILD, FAMILY, CONTACT, SENDER = (UUID(int=each) for each in range(1, 7))

awaited = FamilyAwaited(
    TRANSFER, CASE, CHILD, FAMILY, CONTACT, SENDER, ("case", "safeguarding", "plan")
)
came = FamilyArrived(TRANSFER, (CHILD, CONTACT), (CONTACT,))
untold = FamilyUntold(TRANSFER, CHILD)

arrival = Given(ARRIVAL)
commands = [
    AwaitFamily(awaited),
    NoteArrived(TRANSFER, (CHILD, CONTACT), (CONTACT,)),
    NoteUntold(TRANSFER),
]

TRANSITIONS = Transitions(
    {
        "not awaited": arrival,
        "awaited": arrival.given(awaited),
        "here": arrival.given(awaited, came),
        "untold": arrival.given(awaited, untold),
    },
    {"await": commands[0], "arrive": commands[1], "nobody can tell": commands[2]},
)


def test_a_family_is_awaited_and_comes() -> None:
    arrival.when(commands[0]).then(awaited)
    arrival.given(awaited).when(commands[1]).then(came)


def test_whom_nobody_can_tell_of_is_awaited_no_more() -> None:
    arrival.given(awaited).when(commands[2]).then(untold)
    arrival.given(awaited, untold).when(commands[1]).then()


def test_nobody_comes_who_is_not_awaited() -> None:
    arrival.when(commands[1]).then()
    arrival.when(commands[2]).then()


@given(st.lists(st.sampled_from(commands), max_size=6), st.sampled_from(commands))
def test_the_same_again_decides_nothing(before: list[object], command: object) -> None:
    state = ARRIVAL.initial
    for each in [*before, command]:
        state = ARRIVAL.fold(ARRIVAL.decide(each, state), state)  # type: ignore[arg-type] # one of the commands
    assert ARRIVAL.decide(command, state) == []  # type: ignore[arg-type] # one of the commands
