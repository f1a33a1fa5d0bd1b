"""Screening goes check by check, in any order, with a clock that moves with the urgency."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from referrals.codes import (
    Check,
    DutyAnswer,
    Safeguarding,
)
from referrals.life.commands import (
    AnswerChecks,
    DutyFound,
)
from referrals.life.events import (
    DutyHolderChecked,
    ScreeningOverdue,
)
from referrals.life.refusals import (
    AlreadyDecided,
    NotScreened,
    RedirectUnderWay,
)
from referrals.life.states import (
    Screened,
    desk_of,
)
from services.referrals.tests.referral_samples import (
    DUE,
    REFERRAL_ID,
    SCREEN,
    TODAY_END,
    accept,
    accepted,
    all_answered,
    answered,
    at_risk,
    danger,
    declined,
    due,
    due_today,
    elsewhere,
    in_danger,
    looked_at,
    note_due,
    received,
    screen,
    screening,
    targets,
)


def test_the_screening_is_recorded_also_when_nothing_was_found() -> None:
    received.when(screen()).then(*all_answered, screening)


def test_the_screening_is_done_with_the_last_check_and_names_what_is_missing_till_then() -> None:
    most = [each for each in Check if each is not Check.CONFLICT]
    nearly = received.given(*received.when(screen(*most)).events)
    refused = nearly.when(accept).refusal
    assert isinstance(refused, NotScreened)
    assert dict(refused.details) == {"missing": "conflict-of-interest"}
    nearly.when(screen(Check.CONFLICT)).then(answered(Check.CONFLICT), screening)


@given(order=st.permutations(list(Check)))
def test_any_order_of_the_checks_comes_to_one_state(order: list[Check]) -> None:
    history = received
    for check in order:
        history = history.given(*history.when(screen(check)).events)
    assert history.state == looked_at.state


def test_danger_found_in_screening_is_reported_once_and_names_the_screen() -> None:
    found = screen(Check.SAFEGUARDING, safeguarding="immediate-danger")
    event = answered(Check.SAFEGUARDING, "immediate-danger")
    received.when(found).then(event, replace(danger, screen=SCREEN), due_today)
    in_danger.when(found).then(event)


def test_a_referral_is_urgent_and_due_today_as_soon_as_it_is_found_so() -> None:
    urgent = screen(Check.URGENCY, urgency="urgent")
    received.when(urgent).then(answered(Check.URGENCY, "urgent"), due_today)
    rises = received.given(*received.when(urgent).events)
    rises.when(screen(Check.URGENCY)).then(answered(Check.URGENCY), due)


def test_what_is_found_urgent_late_is_due_no_later_than_it_was() -> None:
    late = replace(targets, urgent_by=DUE + timedelta(days=3))
    urgent = replace(screen(Check.URGENCY, urgency="urgent"), targets=late)
    received.when(urgent).then(answered(Check.URGENCY, "urgent"), replace(due, urgent=True))


def test_every_due_date_that_there_was_stays_known() -> None:
    rises = received.given(*received.when(at_risk).events)
    desk = desk_of(rises.state)
    assert desk is not None
    assert [each.due_at for each in desk.due] == [DUE, TODAY_END]


def test_a_screening_may_be_answered_anew_before_the_decision() -> None:
    concern = screen(Check.SAFEGUARDING, safeguarding="concern")
    event = answered(Check.SAFEGUARDING, "concern")
    looked_at.when(concern).then(event, replace(screening, safeguarding=Safeguarding.CONCERN))
    accepted.when(concern).then_refused(AlreadyDecided)
    declined.when(concern).then_refused(AlreadyDecided)
    elsewhere.when(concern).then_refused(RedirectUnderWay)


def test_nobody_owes_the_service_as_far_as_is_known_and_that_is_an_answer() -> None:
    unknown = AnswerChecks((DutyFound(None, "2005-12-30"),), targets)
    [event] = received.when(unknown).events
    assert isinstance(event, DutyHolderChecked)
    assert (event.answer, event.holder) == (DutyAnswer.UNDETERMINED, None)


def test_a_screening_that_is_late_is_noted_once_and_not_after_it_moved() -> None:
    overdue = ScreeningOverdue(REFERRAL_ID, DUE)
    received.when(note_due).then(overdue)
    received.given(overdue).when(note_due).then()
    received.given(due_today).when(note_due).then()
    looked_at.when(note_due).then()


def test_a_screened_state_is_screened() -> None:
    assert isinstance(looked_at.state, Screened)
