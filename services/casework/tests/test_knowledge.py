"""A late or corrected fact finds the decisions that were taken when it was true but not known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import CaseClosed, CloseReason
from casework.cases.duty_line import DutyLearned, Owed
from casework.events import REGISTRY
from casework.information.conflict import ConflictResolved
from casework.sessions.session import (
    Account,
    CorrectionReason,
    SessionCorrected,
    SessionKind,
    SessionRecorded,
)
from casework.tasks.knowledge import FACTS, RESTS_ON, is_late, taken_before
from ledger.clock import start_of_day
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain

CASE, CHILD, SESSION, TESS, SOME = (UUID(int=n) for n in range(1, 6))
MONDAY = date(2026, 1, 12)


def on(day: date) -> Occurred:
    return Occurred(start_of_day(day), "day")


def at(day: date, hour: int) -> Occurred:
    return Occurred(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def days(count: int) -> date:
    return MONDAY + timedelta(days=count)


def recorded(
    event: object, position: int, occurred: Occurred, told_on: date, corrects: int | None = None
) -> Recorded[Any]:
    return Recorded(
        event,
        Envelope(
            event_id=UUID(int=100 + position),
            tenant=SOME,
            category="Any",
            stream_id=SOME,
            version=1,
            position=position,
            type=type(event).__name__,
            schema_version=1,
            occurred=occurred,
            recorded_at=datetime(told_on.year, told_on.month, told_on.day, 17, tzinfo=UTC),
            actor=Actor("x", "y"),
            command_id=UUID(int=500 + position),
            correlation_id=SOME,
            corrects=UUID(int=100 + corrects) if corrects else None,
            case_id=CASE,
        ),
    )


account = Account(SessionKind.MEETING, on(MONDAY), 30, ())
held = SessionRecorded(SESSION, CASE, CHILD, TESS, account, Plain("Words."))
set_right = SessionCorrected(
    SESSION, CASE, CHILD, TESS, account, ("held",), CorrectionReason.WRONG_WORDING, Plain("Words.")
)
closed = CaseClosed(CASE, CHILD, 1, CloseReason.GOALS_MET, MONDAY, Plain("Words."))
closing = recorded(closed, 5, on(days(1)), days(1))


def test_a_session_that_is_told_after_a_decision_it_came_before_is_found() -> None:
    late = recorded(held, 9, on(MONDAY), days(3))
    assert taken_before(late, [closing]) == [closing]


def test_what_was_told_in_time_or_happened_later_changes_no_decision() -> None:
    in_time = recorded(held, 4, on(MONDAY), MONDAY)
    earlier = recorded(held, 4, on(MONDAY), days(1))
    afterwards = recorded(held, 9, on(days(2)), days(3))
    for fact in (in_time, earlier, afterwards):
        assert taken_before(fact, [closing]) == []


def test_on_one_day_the_hours_decide_where_both_are_known() -> None:
    at_noon = recorded(closed, 5, at(MONDAY, 12), MONDAY)
    before, after = (recorded(held, 9, at(MONDAY, hour), days(1)) for hour in (9, 15))
    assert taken_before(before, [at_noon]) == [at_noon]
    assert taken_before(after, [at_noon]) == []
    assert taken_before(recorded(held, 9, on(MONDAY), days(1)), [at_noon]) == [at_noon]


def test_a_correction_finds_what_rested_on_the_entry_that_it_sets_right() -> None:
    entry = recorded(held, 3, on(MONDAY), MONDAY)
    moved = recorded(set_right, 9, on(days(2)), days(2), corrects=3)
    assert is_late(moved)
    assert taken_before(moved, [entry, closing]) == [closing]


def test_who_owes_the_service_learned_late_finds_what_was_decided_since_it_was_so() -> None:
    learned = DutyLearned(CASE, CHILD, MONDAY, (Owed("westmarch", MONDAY, None),))
    heard = recorded(learned, 9, on(days(8)), days(8))
    assert taken_before(heard, [closing]) == [closing]
    in_time = recorded(replace(learned, effect_from=days(8)), 9, on(days(8)), days(8))
    assert taken_before(in_time, [closing]) == []


def test_a_decision_that_rests_on_other_facts_is_left_alone() -> None:
    assert FACTS[SessionRecorded] not in RESTS_ON[ConflictResolved]
    other = replace(closing, event=held)
    assert taken_before(recorded(held, 9, on(MONDAY), days(3)), [other]) == []


def test_what_one_act_records_together_was_known_together() -> None:
    late = recorded(held, 9, on(MONDAY), days(3))
    together = replace(closing.envelope, command_id=late.envelope.command_id)
    assert taken_before(late, [Recorded(closed, together)]) == []


@pytest.mark.parametrize("kind", [*FACTS, *RESTS_ON], ids=lambda kind: kind.__name__)
def test_every_kind_is_an_event_of_a_case(kind: type) -> None:
    assert kind in {cls for _, cls, _ in REGISTRY.types()}


numbers = st.integers(min_value=0, max_value=9)


@given(numbers, numbers, numbers, numbers)
def test_only_what_was_true_and_unknown_is_found(
    true_on: int, told_on: int, taken_on: int, position: int
) -> None:
    fact = recorded(held, 5, on(days(true_on)), days(max(true_on, told_on)))
    decision = recorded(closed, position, on(days(taken_on)), days(taken_on))
    found = taken_before(fact, [decision])
    assert bool(found) == (told_on > true_on and true_on <= taken_on and position < 5)
