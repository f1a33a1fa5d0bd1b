"""A case asks a cohort once at a time; what the group tells is recorded once, in any order."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import CaseIsClosed, Closed, CloseReason, NoSuchCase, NotOpened, Open
from casework.places.group_place import (
    DECIDER,
    AskForPlace,
    GroupAttendanceRecorded,
    GroupPlaceAccepted,
    GroupPlaceCommand,
    GroupPlaceDeclined,
    GroupPlaceLapsed,
    GroupPlaceOffered,
    GroupPlaceWaitlisted,
    GroupPlaceWithdrawn,
    NobodyToWriteTo,
    NoteTold,
    PlaceRequested,
    PlaceStands,
    Told,
)
from ledger.testing import Given, Transitions

CASE, CHILD, FAMILY, MOTHER, COHORT, PLACE, REQUEST, AGAIN = (UUID(int=n) for n in range(1, 9))
OPENED, FIRST = date(2025, 9, 1), date(2026, 1, 14)
UNTIL = datetime(2026, 1, 10, tzinfo=UTC)

case = Open(CASE, CHILD, FAMILY, MOTHER, 1, OPENED, frozenset())
second_episode = Open(CASE, CHILD, FAMILY, MOTHER, 2, OPENED, frozenset())
ask = AskForPlace(REQUEST, COHORT, case)
requested = PlaceRequested(REQUEST, COHORT, CHILD, FAMILY, MOTHER, 1)
offered, waiting = GroupPlaceOffered(PLACE, COHORT, UNTIL), GroupPlaceWaitlisted(PLACE, COHORT)
accepted, declined = GroupPlaceAccepted(PLACE, COHORT), GroupPlaceDeclined(PLACE, COHORT)
lapsed, withdrawn = GroupPlaceLapsed(PLACE, COHORT), GroupPlaceWithdrawn(PLACE, COHORT)
came = GroupAttendanceRecorded(PLACE, COHORT, 1, "attended", FIRST)
was_away = GroupAttendanceRecorded(PLACE, COHORT, 1, "absent", FIRST)

place = Given(DECIDER)
asked = place.given(requested)

TRANSITIONS = Transitions(
    {
        "not asked for": place,
        "asked for": asked,
        "on the waiting list": asked.given(waiting),
        "offered": asked.given(offered),
        "accepted": asked.given(offered, accepted),
        "declined": asked.given(offered, declined),
        "lapsed": asked.given(offered, lapsed),
        "withdrawn": asked.given(withdrawn),
    },
    {
        "ask for a place": ask,
        "ask again": AskForPlace(AGAIN, COHORT, case),
        "ask for a closed case": AskForPlace(
            AGAIN, COHORT, Closed(case, CloseReason.MOVED, OPENED)
        ),
        "hear of the waiting list": NoteTold(waiting),
        "hear of an offer": NoteTold(offered),
        "hear that it was accepted": NoteTold(accepted),
        "hear that it lapsed": NoteTold(lapsed),
        "hear of attendance": NoteTold(came),
    },
)


def test_an_open_case_asks_for_a_place() -> None:
    place.when(ask).then(requested)


def test_only_an_open_case_asks() -> None:
    closed = Closed(case, CloseReason.MOVED, OPENED)
    place.when(AskForPlace(REQUEST, COHORT, closed)).then_refused(CaseIsClosed)
    place.when(AskForPlace(REQUEST, COHORT, NotOpened())).then_refused(NoSuchCase)


def test_a_case_with_nobody_to_write_to_cannot_ask() -> None:
    nobody = Open(CASE, CHILD, FAMILY, None, 1, OPENED, frozenset())
    place.when(AskForPlace(REQUEST, COHORT, nobody)).then_refused(NobodyToWriteTo)


@pytest.mark.parametrize("told", [None, offered, waiting, accepted])
def test_a_request_that_stands_is_not_made_twice(told: Told | None) -> None:
    standing = asked.given(told) if told else asked
    standing.when(AskForPlace(AGAIN, COHORT, case)).then_refused(PlaceStands)


@pytest.mark.parametrize("told", [declined, lapsed, withdrawn])
def test_after_a_place_came_to_nothing_the_case_can_ask_again(told: Told) -> None:
    asked.given(told).when(AskForPlace(AGAIN, COHORT, case)).then(
        PlaceRequested(AGAIN, COHORT, CHILD, FAMILY, MOTHER, 1)
    )


def test_a_new_episode_can_ask_anew() -> None:
    asked.given(accepted).when(AskForPlace(AGAIN, COHORT, second_episode)).then(
        PlaceRequested(AGAIN, COHORT, CHILD, FAMILY, MOTHER, 2)
    )


def test_a_place_that_was_not_asked_for_here_is_noted_too() -> None:
    place.when(NoteTold(offered)).then(offered)
    place.given(offered).when(ask).then_refused(PlaceStands)


def test_a_changed_attendance_is_another_fact() -> None:
    coming = asked.given(offered, accepted, came)
    coming.when(NoteTold(came)).then()
    coming.when(NoteTold(was_away)).then(was_away)


told: st.SearchStrategy[Told] = st.sampled_from(
    [offered, waiting, accepted, declined, lapsed, withdrawn, came, was_away]
)
commands: st.SearchStrategy[GroupPlaceCommand] = st.one_of(
    st.builds(AskForPlace, st.sampled_from([REQUEST, AGAIN]), st.just(COHORT), st.just(case)),
    st.builds(NoteTold, told),
)


@given(st.lists(commands, max_size=12))
def test_a_repeated_command_decides_nothing(history: list[GroupPlaceCommand]) -> None:
    so_far = place
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
        else:
            assert isinstance(command, AskForPlace)
