"""A cohort gives its room to families in the order in which they come, never more than it has."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.cohort import (
    COHORT,
    CohortCommand,
    CohortKnownOtherwise,
    CohortNotOpen,
    CohortOpened,
    CohortPublished,
    DeadlineAfterStart,
    PlaceFreed,
    PlaceGranted,
    PlaceQueued,
    PublishCohort,
    Published,
    ReleasePlace,
    ReservePlace,
    SessionsOutOfOrder,
    Terms,
)
from ledger.decider import Refusal
from ledger.testing import Given, Transitions

NVR, COHORT_ID, WESTMARCH, HARROWDALE = (UUID(int=n) for n in range(1, 5))
AMIRI, BELL, COLE = (UUID(int=n) for n in range(11, 14))
P1, P2, P3, P4 = (UUID(int=n) for n in range(21, 25))

terms = Terms(NVR, 2, (date(2026, 1, 14), date(2026, 1, 21)), 4, date(2026, 1, 7))
publish = PublishCohort(COHORT_ID, terms, (WESTMARCH, HARROWDALE))
published = (
    CohortPublished(COHORT_ID, terms),
    CohortOpened(COHORT_ID, WESTMARCH, terms),
    CohortOpened(COHORT_ID, HARROWDALE, terms),
)
cohort = Given(COHORT)
opened = cohort.given(*published)


def reserve(place: UUID, family: UUID, authority: UUID = WESTMARCH) -> ReservePlace:
    return ReservePlace(COHORT_ID, place, family, authority)


def granted(place: UUID, family: UUID, authority: UUID = WESTMARCH) -> PlaceGranted:
    return PlaceGranted(COHORT_ID, place, family, authority, 4)


def queued(place: UUID, family: UUID) -> PlaceQueued:
    return PlaceQueued(COHORT_ID, place, family, WESTMARCH)


full = opened.given(granted(P1, AMIRI), granted(P2, BELL))
waited_for = full.given(queued(P3, COLE))

TRANSITIONS = Transitions(
    {
        "not published": cohort,
        "open": opened,
        "full": full,
        "full, and a family waits": waited_for,
    },
    {
        "publish": publish,
        "publish on other terms": PublishCohort(COHORT_ID, terms, (WESTMARCH,)),
        "ask for a first family": reserve(P1, AMIRI),
        "ask for a third family": reserve(P3, COLE),
        "give a first family's place back": ReleasePlace(COHORT_ID, P1),
    },
)


def test_a_cohort_is_published_and_opened_to_each_authority_once() -> None:
    twice = PublishCohort(COHORT_ID, terms, (WESTMARCH, HARROWDALE, WESTMARCH))
    cohort.when(publish).then(*published)
    cohort.when(twice).then(*published)


def test_other_terms_under_the_same_id_are_refused() -> None:
    fewer = PublishCohort(COHORT_ID, terms, (WESTMARCH,))
    opened.when(fewer).then_refused(CohortKnownOtherwise)


@pytest.mark.parametrize(
    "days", [(), (date(2026, 1, 21), date(2026, 1, 14)), (date(2026, 1, 14), date(2026, 1, 14))]
)
def test_sessions_that_are_not_in_order_are_refused(days: tuple[date, ...]) -> None:
    wrong = PublishCohort(COHORT_ID, Terms(NVR, 2, days, 4, date(2026, 1, 7)), (WESTMARCH,))
    cohort.when(wrong).then_refused(SessionsOutOfOrder)


def test_a_referral_deadline_after_the_first_session_is_refused() -> None:
    late = Terms(NVR, 2, terms.session_days, 4, date(2026, 1, 15))
    cohort.when(PublishCohort(COHORT_ID, late, (WESTMARCH,))).then_refused(DeadlineAfterStart)


def test_a_family_gets_room_while_there_is_some() -> None:
    opened.given(granted(P1, AMIRI)).when(reserve(P2, BELL)).then(granted(P2, BELL))


def test_a_family_waits_when_the_cohort_is_full() -> None:
    full.when(reserve(P3, COLE)).then(queued(P3, COLE))


def test_a_second_child_of_a_family_needs_no_second_family_place() -> None:
    full.when(reserve(P3, AMIRI)).then(granted(P3, AMIRI))


def test_the_same_request_again_is_answered_as_before() -> None:
    full.when(reserve(P1, AMIRI)).then()
    waited_for.when(reserve(P3, COLE)).then()


def test_a_family_of_an_authority_that_was_not_invited_is_refused() -> None:
    opened.when(reserve(P1, AMIRI, UUID(int=99))).then_refused(CohortNotOpen)


def test_room_in_a_cohort_that_is_not_published_is_refused() -> None:
    cohort.when(reserve(P1, AMIRI)).then_refused(Refusal)


def test_a_freed_place_goes_to_the_family_that_waited_longest() -> None:
    waited_for.given(queued(P4, UUID(int=14))).when(ReleasePlace(COHORT_ID, P1)).then(
        PlaceFreed(COHORT_ID, P1), granted(P3, COLE)
    )


def test_all_places_of_a_waiting_family_get_their_turn_together() -> None:
    waited_for.given(queued(P4, COLE)).when(ReleasePlace(COHORT_ID, P1)).then(
        PlaceFreed(COHORT_ID, P1), granted(P3, COLE), granted(P4, COLE)
    )


def test_a_family_keeps_its_room_until_its_last_place_is_freed() -> None:
    both = waited_for.given(granted(P4, AMIRI))
    both.when(ReleasePlace(COHORT_ID, P1)).then(PlaceFreed(COHORT_ID, P1))
    both.given(PlaceFreed(COHORT_ID, P1)).when(ReleasePlace(COHORT_ID, P4)).then(
        PlaceFreed(COHORT_ID, P4), granted(P3, COLE)
    )


def test_a_place_that_waited_leaves_the_queue() -> None:
    left = waited_for.given(PlaceFreed(COHORT_ID, P3))
    left.when(ReleasePlace(COHORT_ID, P1)).then(PlaceFreed(COHORT_ID, P1))


def test_a_place_freed_before_it_was_asked_for_gets_no_room() -> None:
    opened.when(ReleasePlace(COHORT_ID, P1)).then(PlaceFreed(COHORT_ID, P1))
    opened.given(PlaceFreed(COHORT_ID, P1)).when(reserve(P1, AMIRI)).then()


commands = st.one_of(
    st.builds(
        reserve,
        st.integers(21, 32).map(lambda n: UUID(int=n)),
        st.sampled_from([AMIRI, BELL, COLE]),
    ),
    st.builds(ReleasePlace, st.just(COHORT_ID), st.integers(21, 32).map(lambda n: UUID(int=n))),
    st.just(publish),
)


@given(st.lists(commands, max_size=40))
def test_it_is_never_overfull_nobody_waits_beside_room_and_a_repeat_decides_nothing(
    given_commands: list[CohortCommand],
) -> None:
    state = COHORT.fold(published)
    for command in given_commands:
        state = COHORT.fold(COHORT.decide(command, state), state)
        assert COHORT.decide(command, state) == []
        assert isinstance(state, Published)
        assert 0 <= state.room <= terms.capacity_families
        assert not (state.room and state.waiting)
        assert not {each.place_id for each in (*state.held, *state.waiting)} & state.freed
