"""An authority learns once of a cohort open to its families, and finds its sessions there."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from groups.cohort import Terms
from groups.invitation import (
    INVITATION,
    InvitationReceived,
    Invited,
    LearnOfCohort,
    NoSuchSession,
)
from ledger.testing import Given, Transitions

COHORT_ID, WESTMARCH = UUID(int=1), UUID(int=2)
days = (date(2026, 1, 14), date(2026, 1, 21))
terms = Terms(UUID(int=3), 10, days, 4, date(2026, 1, 7))
later = replace(terms, session_days=(date(2026, 2, 14), date(2026, 2, 21)))
learn = LearnOfCohort(COHORT_ID, WESTMARCH, terms)
received = InvitationReceived(COHORT_ID, WESTMARCH, terms)
invitation = Given(INVITATION)

TRANSITIONS = Transitions(
    {"not heard of": invitation, "invited": invitation.given(received)},
    {
        "learn of the cohort": learn,
        "learn of it with later days": replace(learn, terms=later),
    },
)


def test_it_is_learned_and_learned_once() -> None:
    invitation.when(learn).then(received)
    invitation.repeats_nothing(learn)


def test_a_session_is_found_by_its_number() -> None:
    assert Invited(WESTMARCH, terms).session_day(2) == days[1]


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_a_session_that_the_cohort_does_not_have_is_refused(number: int) -> None:
    with pytest.raises(NoSuchSession):
        Invited(WESTMARCH, terms).session_day(number)
