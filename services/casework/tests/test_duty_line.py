"""Who owes the service is known anew, with the day from which it was otherwise; once each."""

from datetime import date
from uuid import UUID

from casework.cases.duty_line import DECIDER, DutyLearned, LearnDuty, Owed, holder_on
from ledger.testing import Given, Transitions

CASE, CHILD = UUID(int=1), UUID(int=2)
FIRST = date(2025, 9, 1)
UNKNOWN = (Owed(None, FIRST, None),)
WESTMARCH = (
    Owed("westmarch", FIRST, date(2026, 3, 14)),
    Owed("northmoor", date(2026, 3, 15), None),
)

line = Given(DECIDER)
unknown = line.given(DutyLearned(CASE, CHILD, FIRST, UNKNOWN))
known = unknown.given(DutyLearned(CASE, CHILD, FIRST, WESTMARCH))

TRANSITIONS = Transitions(
    {"nothing learned": line, "nobody could say": unknown, "known": known},
    {
        "learn that nobody can say": LearnDuty(CASE, CHILD, FIRST, UNKNOWN),
        "learn who owes it": LearnDuty(CASE, CHILD, FIRST, WESTMARCH),
    },
)


def test_what_is_learned_takes_the_place_of_what_was_known_and_told_again_adds_nothing() -> None:
    told = LearnDuty(CASE, CHILD, FIRST, WESTMARCH)
    learned = DutyLearned(CASE, CHILD, FIRST, WESTMARCH)
    for before in (line, unknown):
        before.when(told).then(learned)
        before.repeats_nothing(told)
    known.when(told).then()


def test_on_each_day_one_authority_owes_it_or_nobody_can_say() -> None:
    assert holder_on(WESTMARCH, date(2026, 3, 14)) == "westmarch"
    assert holder_on(WESTMARCH, date(2026, 3, 15)) == "northmoor"
    assert holder_on(WESTMARCH, date(2025, 8, 31)) is None
    assert holder_on(UNKNOWN, FIRST) is None
