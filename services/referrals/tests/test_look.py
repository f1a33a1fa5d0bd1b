"""Whoever is shown a list, or figures, leaves a fact each time."""

from datetime import date

from ledger.testing import Given, Transitions
from referrals.worklists.look import LOOK, FiguresRead, ListRead, NoteLook

list_read = ListRead("duty", "open-referrals", ("urgency",), 3)
figures_read = FiguresRead("manager", "ethnicity", date(2026, 1, 1))
look = Given(LOOK)
looked = look.given(list_read)

TRANSITIONS = Transitions(
    {"nobody looked": look, "somebody looked": looked},
    {"show a list": NoteLook(list_read), "show figures": NoteLook(figures_read)},
)


def test_each_look_is_a_fact_of_its_own() -> None:
    for before in (look, looked):
        before.when(NoteLook(list_read)).then(list_read)
        before.when(NoteLook(figures_read)).then(figures_read)
