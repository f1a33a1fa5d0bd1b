"""A child has one case: opened once, joined by later referrals, closed, then a new episode."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import (
    DECIDER,
    AcceptedReferral,
    CaseClosed,
    CaseCommand,
    CaseIsClosed,
    CaseOfAnotherChild,
    CaseOpened,
    Closed,
    ClosedForAnotherReason,
    CloseReason,
    EndCase,
    EpisodeOpened,
    NoSuchCase,
    NotOpened,
    Open,
    ReferralJoined,
    TakeOnReferral,
    open_case,
)
from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given

CASE, CHILD, SIBLING, FAMILY, MOTHER, FATHER = (UUID(int=n) for n in range(1, 7))
SEPTEMBER, OCTOBER, NOVEMBER = date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 3)


def referral(number: int, contact: UUID | None = MOTHER, on: date = SEPTEMBER) -> AcceptedReferral:
    return AcceptedReferral(
        UUID(int=100 + number), f"WM-{number}", FAMILY, contact, ("sleep",), "westmarch", on
    )


first, second, third = referral(1), referral(2, FATHER, OCTOBER), referral(3, MOTHER, NOVEMBER)
summary = Plain("All is well.")
opened = CaseOpened(CASE, CHILD, first)
joined = ReferralJoined(CASE, CHILD, 1, second)
closed = CaseClosed(CASE, CHILD, 1, CloseReason.GOALS_MET, OCTOBER, summary)
reopened = EpisodeOpened(CASE, CHILD, 2, third)
close = EndCase(CloseReason.GOALS_MET, OCTOBER, summary)

case = Given(DECIDER)
open_once = case.given(opened)
ended = open_once.given(closed)


def test_the_first_accepted_referral_opens_the_case() -> None:
    case.when(TakeOnReferral(CASE, CHILD, first)).then(opened)


def test_the_same_referral_heard_again_opens_nothing() -> None:
    open_once.when(TakeOnReferral(CASE, CHILD, first)).then()


def test_another_referral_joins_the_open_case() -> None:
    open_once.when(TakeOnReferral(CASE, CHILD, second)).then(joined)


def test_the_latest_referral_says_who_is_written_to_and_the_episode_began_with_the_first() -> None:
    state = DECIDER.fold([opened, joined])
    assert isinstance(state, Open)
    assert (state.contact, state.opened_on, state.episode) == (FATHER, SEPTEMBER, 1)


def test_a_referral_after_the_closing_begins_a_new_episode_of_the_same_case() -> None:
    ended.when(TakeOnReferral(CASE, CHILD, third)).then(reopened)
    state = DECIDER.fold([opened, closed, reopened])
    assert isinstance(state, Open)
    assert (state.episode, state.opened_on) == (2, NOVEMBER)


def test_a_referral_known_from_an_earlier_episode_opens_nothing() -> None:
    ended.when(TakeOnReferral(CASE, CHILD, first)).then()
    ended.given(reopened).when(TakeOnReferral(CASE, CHILD, first)).then()


def test_a_case_id_of_another_child_is_refused() -> None:
    open_once.when(TakeOnReferral(CASE, SIBLING, second)).then_refused(CaseOfAnotherChild)
    ended.when(TakeOnReferral(CASE, SIBLING, second)).then_refused(CaseOfAnotherChild)


def test_an_open_case_is_closed_with_a_reason() -> None:
    open_once.when(close).then(closed)


def test_closing_again_for_another_reason_or_day_is_refused() -> None:
    ended.when(EndCase(CloseReason.MOVED, OCTOBER, summary)).then_refused(ClosedForAnotherReason)
    ended.when(EndCase(CloseReason.GOALS_MET, NOVEMBER, summary)).then_refused(
        ClosedForAnotherReason
    )


def test_what_was_never_opened_cannot_be_closed() -> None:
    case.when(close).then_refused(NoSuchCase)


def test_new_work_needs_an_open_case() -> None:
    assert isinstance(open_case(DECIDER.fold([opened])), Open)
    with pytest.raises(CaseIsClosed):
        open_case(DECIDER.fold([opened, closed]))
    with pytest.raises(NoSuchCase):
        open_case(NotOpened())


commands: st.SearchStrategy[CaseCommand] = st.one_of(
    st.builds(TakeOnReferral, st.just(CASE), st.just(CHILD), st.integers(1, 4).map(referral)),
    st.builds(
        EndCase,
        st.sampled_from(CloseReason),
        st.sampled_from([SEPTEMBER, OCTOBER, NOVEMBER]),
        st.just(summary),
    ),
)


@given(st.lists(commands, max_size=12))
def test_a_repeated_command_decides_nothing_and_episodes_only_grow(
    history: list[CaseCommand],
) -> None:
    so_far, episode = case, 0
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is not None:
            assert isinstance(decided.refusal, Refusal)
            continue
        so_far.repeats_nothing(command)
        so_far = so_far.given(*decided.events)
        state = so_far.decider.fold(so_far.history)
        assert not isinstance(state, NotOpened)
        now = state.last if isinstance(state, Closed) else state
        assert now.episode in (episode, episode + 1)
        episode = now.episode
    assert sum(isinstance(each, CaseOpened) for each in so_far.history) <= 1
