"""Office hours are London's on working days; who is told, and what is waited for, follows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import deadlines
from casework.streams import concern_stream
from casework.urgent import concern_events as told
from casework.urgent.alert import Alert, alert_at
from casework.urgent.commands import NoteAuthoritySilent, NoteCover, NoteUnacknowledged
from casework.urgent.rota_events import OnCallEnded, OnCallStarted
from casework.urgent.rota_states import (
    NeverKept,
    Rota,
    Shift,
    Standing,
    Vacant,
)
from casework.urgent.rule import (
    RULES,
    Post,
    answer_due,
    is_office_time,
    is_wanted,
    next_wanted,
)
from chassis.acting import Do, Due, Met
from ledger.clock import LONDON
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain
from ledger.working_days import ENGLAND_AND_WALES

SOME, CONCERN, AMINA, MEG = (UUID(int=n) for n in range(1, 5))
# The evening before Christmas, a Wednesday.
CALL = datetime(2025, 12, 24, 21, 15, tzinfo=UTC)
NOON = datetime(2025, 12, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
stream = concern_stream(CONCERN)
NOBODY = Alert(out_of_hours=True, tell=(), unstaffed=())


def recorded(event: object, at: datetime = CALL) -> Recorded[Any]:
    return Recorded(
        event,
        Envelope(
            SOME, SOME, "Any", SOME, 1, 1, "Any", 1, Occurred(at), at, Actor("x", "y"), SOME, SOME
        ),
    )


def alert(tell: tuple[UUID, ...], unstaffed: tuple[Post, ...], *, out_of_hours: bool) -> Alert:
    return Alert(out_of_hours, tell, unstaffed)


def stands(post: Post, worker: UUID, at: datetime) -> Rota:
    return Standing(post, Shift(worker, at - HOUR, at + HOUR), ())


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2025-12-24T16:59", True),
        ("2025-12-24T17:00", False),
        ("2025-12-25T10:00", False),
        ("2025-12-27T10:00", False),
        ("2025-12-29T08:59", False),
        ("2025-12-29T09:00", True),
        ("2025-07-01T09:00", True),
    ],
)
def test_the_office_is_open_on_working_days_by_the_clock_of_london(at: str, *, open_: bool) -> None:
    assert is_office_time(datetime.fromisoformat(at).replace(tzinfo=LONDON)) is open_


@given(st.integers(0, 2_000_000), st.sampled_from(Post))
def test_the_next_hour_that_must_have_somebody_is_the_first(minutes: int, post: Post) -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = next_wanted(post, at)
    assert found >= at
    assert is_wanted(post, found)
    step = at
    while step < found:
        assert not is_wanted(post, step)
        step += timedelta(minutes=20)
    assert found == at or not is_wanted(post, found - timedelta(microseconds=1))


def test_the_duty_manager_and_the_worker_on_call_are_told() -> None:
    managers, on_call = stands(Post.DUTY_MANAGER, MEG, CALL), stands(Post.ON_CALL, AMINA, CALL)
    assert alert_at(managers, on_call, CALL) == alert((MEG, AMINA), (), out_of_hours=True)
    assert alert_at(NeverKept(), on_call, CALL) == alert((AMINA,), (), out_of_hours=True)


def test_in_office_hours_the_duty_manager_is_the_one_who_must_be_there() -> None:
    managers = stands(Post.DUTY_MANAGER, MEG, NOON)
    assert alert_at(managers, NeverKept(), NOON) == alert((MEG,), (), out_of_hours=False)
    assert alert_at(NeverKept(), NeverKept(), NOON) == alert(
        (), (Post.DUTY_MANAGER,), out_of_hours=False
    )


def test_nobody_on_call_is_an_alarm_to_the_manager_who_stood_last() -> None:
    went_home = Vacant(Post.DUTY_MANAGER, (Shift(MEG, NOON - HOUR, NOON),))
    assert alert_at(went_home, NeverKept(), CALL) == alert(
        (MEG,), (Post.ON_CALL,), out_of_hours=True
    )


def test_an_authority_answers_by_the_end_of_the_next_working_day() -> None:
    assert answer_due(RULES[-1], date(2025, 12, 24)) == date(2025, 12, 29)
    assert answer_due(RULES[-1], date(2026, 1, 9)) == date(2026, 1, 12)
    assert ENGLAND_AND_WALES.is_working(answer_due(RULES[-1], date(2026, 4, 2)))


def test_a_concern_is_to_be_acknowledged_within_minutes_and_again_after_more() -> None:
    raised = told.ConcernRaised(
        CONCERN,
        told.About(None, None, None),
        CONCERN,
        told.Source.CALL,
        NOBODY,
        "urgent-1",
        Plain(None),
    )
    [due] = deadlines.deadlines(recorded(raised))
    assert due == Due("concern-acknowledgement", stream, CALL + timedelta(minutes=15))
    again = told.ConcernEscalated(CONCERN, 1, CALL, NOBODY)
    [due] = deadlines.deadlines(recorded(again))
    assert due == Due("concern-acknowledgement", stream, CALL + timedelta(minutes=30))
    assert deadlines.deadlines(recorded(told.ConcernEscalated(CONCERN, 8, CALL, NOBODY))) == []
    assert deadlines.deadlines(recorded(told.ConcernAcknowledged(CONCERN, "x"))) == [
        Met("concern-acknowledgement", stream)
    ]


def test_what_falls_due_names_what_was_waited_for() -> None:
    referred = told.ReferredToLA(
        CONCERN,
        CONCERN,
        "harrowdale",
        told.ConsentGround.GIVEN,
        date(2025, 12, 29),
        Plain(None),
    )
    [due] = deadlines.deadlines(recorded(referred))
    assert isinstance(due, Due)
    assert due.due_at == datetime(2025, 12, 30, tzinfo=UTC)
    assert deadlines.fall_due(due.kind, due.stream_id, due.due_at) == Do(
        NoteAuthoritySilent(stream, "harrowdale", date(2025, 12, 29)), target=stream
    )
    assert deadlines.fall_due("concern-acknowledgement", stream, CALL) == Do(
        NoteUnacknowledged(stream, CALL), target=stream
    )


def test_the_end_of_a_shift_is_looked_at_when_it_comes() -> None:
    begins = OnCallStarted(Post.ON_CALL, AMINA, CALL, CALL + HOUR, None)
    assert deadlines.deadlines(recorded(begins)) == [Due("on-call-cover", SOME, CALL + HOUR)]
    assert deadlines.fall_due("on-call-cover", SOME, CALL) == Do(NoteCover(SOME, CALL), target=SOME)


def test_after_an_end_in_office_hours_the_evening_is_looked_at() -> None:
    ended = OnCallEnded(Post.ON_CALL, AMINA, NOON)
    five = datetime(2025, 12, 24, 17, tzinfo=UTC)
    assert deadlines.deadlines(recorded(ended)) == [Due("on-call-cover", SOME, five)]
    in_the_night = OnCallEnded(Post.ON_CALL, AMINA, CALL)
    assert deadlines.deadlines(recorded(in_the_night)) == [Met("on-call-cover", SOME)]
