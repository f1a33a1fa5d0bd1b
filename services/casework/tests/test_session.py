"""A session is recorded once and set right by name; clinical work needs its registration."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.sessions.session import (
    DECIDER,
    Account,
    Attendee,
    CaseWasClosed,
    Change,
    CorrectionReason,
    CorrectSession,
    Held,
    NoSuchSession,
    NothingChanged,
    NotTheLatestEntry,
    RecordSession,
    SessionCommand,
    SessionCorrected,
    SessionKind,
    SessionKnownOtherwise,
    SessionRecorded,
)
from casework.workers.profile import Registration, RegistrationBody, WorkerKind
from casework.workers.work import CLINICAL, OtherProfession, RegistrationLapsed
from casework.workers.worker import Registered
from ledger.clock import start_of_day
from ledger.envelope import Occurred
from ledger.personal import Plain
from ledger.testing import Given, Transitions

SESSION, CASE, CHILD, TESS, BEN = (UUID(int=n) for n in range(1, 6))
LAST_DAY, LAPSED, RENEWED = date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 4)

NAME = Plain("Somebody")


def registration(valid_from: date, valid_to: date) -> Registration:
    return Registration(RegistrationBody.HCPC, valid_from, valid_to)


tess = Registered(
    TESS,
    WorkerKind.THERAPIST,
    (),
    (),
    NAME,
    (registration(date(2024, 6, 1), LAST_DAY), registration(RENEWED, date(2028, 5, 31))),
)
ben = Registered(BEN, WorkerKind.SUPPORT_WORKER, (), (), NAME)
NOTES = Plain("We built a den.")
BETTER_NOTES: Plain[str | None] = Plain("We built a den of blankets.")
SAME_NOTES: Plain[str | None] = Plain(None)


def on(day: date) -> Occurred:
    return Occurred(start_of_day(day), "day")


def account(
    kind: SessionKind = SessionKind.THERAPY, day: date = LAST_DAY, minutes: int = 50
) -> Account:
    return Account(kind, on(day), minutes, (Attendee.CHILD,))


def record(told: Account, by: Registered = tess, closed_on: date | None = None) -> RecordSession:
    return RecordSession(SESSION, CASE, CHILD, by, told, closed_on, NOTES)


def correct(
    version: int, change: Change, notes: Plain[str | None] = SAME_NOTES, by: Registered = tess
) -> CorrectSession:
    return CorrectSession(version, change, by, CorrectionReason.FACTUAL_ERROR, notes)


def corrected(
    told: Account, *changed: str, notes: Plain[str | None] = SAME_NOTES
) -> SessionCorrected:
    return SessionCorrected(
        SESSION, CASE, CHILD, TESS, told, changed, CorrectionReason.FACTUAL_ERROR, notes
    )


recorded = SessionRecorded(SESSION, CASE, CHILD, TESS, account(), NOTES)
session = Given(DECIDER)
held = session.given(recorded)
longer = Change(minutes=60)
made_longer = corrected(account(minutes=60), "minutes")

TRANSITIONS = Transitions(
    {
        "not recorded": session,
        "recorded": held,
        "recorded and set right": held.given(made_longer),
    },
    {
        "record it": record(account()),
        "record it after the registration lapsed": record(account(day=LAPSED)),
        "record therapy by a support worker": record(account(), ben),
        "record it after the case was closed": record(account(), closed_on=date(2026, 5, 1)),
        "record it with other particulars": record(account(minutes=10)),
        "set its length right": correct(1, longer),
        "set its length right once more": correct(2, Change(minutes=70)),
        "set it right with nothing changed": correct(1, Change(minutes=50)),
    },
)


def test_a_session_is_recorded() -> None:
    session.when(record(account())).then(recorded)


def test_clinical_work_stops_on_the_day_after_the_registration_and_starts_with_the_next() -> None:
    session.when(record(account(day=LAPSED))).then_refused(RegistrationLapsed)
    session.when(record(account(day=RENEWED))).then(
        SessionRecorded(SESSION, CASE, CHILD, TESS, account(day=RENEWED), NOTES)
    )


def test_a_late_entry_of_the_registered_time_is_valid_whenever_it_is_made() -> None:
    session.when(record(account(day=LAST_DAY))).then(recorded)


def test_work_that_is_not_clinical_needs_no_registration() -> None:
    visit = account(SessionKind.HOME_VISIT, LAPSED)
    session.when(record(visit)).then(SessionRecorded(SESSION, CASE, CHILD, TESS, visit, NOTES))
    session.when(record(visit, by=ben)).then(
        SessionRecorded(SESSION, CASE, CHILD, BEN, visit, NOTES)
    )


@pytest.mark.parametrize("kind", [each for each in SessionKind if each.value in CLINICAL])
def test_clinical_work_is_not_a_support_workers(kind: SessionKind) -> None:
    session.when(record(account(kind), by=ben)).then_refused(OtherProfession)


def test_a_closed_case_takes_what_happened_before_but_not_what_came_after() -> None:
    session.when(record(account(), closed_on=LAST_DAY)).then(recorded)
    day_before = LAST_DAY - timedelta(days=1)
    session.when(record(account(), closed_on=day_before)).then_refused(CaseWasClosed)


def test_another_session_under_the_same_id_is_refused() -> None:
    held.when(record(account(minutes=45))).then_refused(SessionKnownOtherwise)


def test_a_correction_states_the_session_anew_and_says_what_changed() -> None:
    held.when(correct(1, longer)).then(made_longer)
    state = DECIDER.fold([recorded, made_longer])
    assert isinstance(state, Held)
    assert state.account.minutes == 60
    assert state.before == (account(),)


def test_corrected_words_are_said_anew_and_others_stay_as_they_were() -> None:
    held.when(correct(1, Change(), BETTER_NOTES)).then(
        corrected(account(), "notes", notes=BETTER_NOTES)
    )


def test_a_correction_can_move_the_session_to_an_instant() -> None:
    at = Occurred(datetime(2026, 5, 30, 14, 30, tzinfo=UTC))
    moved = Account(SessionKind.THERAPY, at, 50, (Attendee.CHILD,))
    held.when(correct(1, Change(held=at))).then(corrected(moved, "held"))


def test_attendance_can_be_corrected_to_nobody() -> None:
    nobody = Account(SessionKind.THERAPY, on(LAST_DAY), 50, ())
    held.when(correct(1, Change(attended=()))).then(corrected(nobody, "attended"))


def test_a_correction_is_corrected_by_naming_the_correction() -> None:
    twice = held.given(made_longer)
    twice.when(correct(2, Change(minutes=55))).then(corrected(account(minutes=55), "minutes"))
    twice.when(correct(1, Change(minutes=55))).then_refused(NotTheLatestEntry)


def test_an_entry_that_is_not_there_cannot_be_corrected() -> None:
    session.when(correct(1, longer)).then_refused(NoSuchSession)
    held.when(correct(2, longer)).then_refused(NotTheLatestEntry)


def test_a_correction_that_changes_nothing_is_refused() -> None:
    held.when(correct(1, Change(minutes=50))).then_refused(NothingChanged)


def test_a_session_cannot_be_moved_into_the_gap_of_a_registration() -> None:
    held.when(correct(1, Change(held=on(LAPSED)))).then_refused(RegistrationLapsed)
    visit = session.given(
        SessionRecorded(SESSION, CASE, CHILD, BEN, account(SessionKind.HOME_VISIT), NOTES)
    )
    visit.when(correct(1, Change(kind=SessionKind.THERAPY), by=ben)).then_refused(OtherProfession)


def test_a_lapse_learned_later_leaves_other_corrections_of_the_past_possible() -> None:
    struck_off = Registered(TESS, WorkerKind.THERAPIST, (), (), NAME)
    held.when(correct(1, longer, by=struck_off)).then(made_longer)


commands: st.SearchStrategy[SessionCommand] = st.one_of(
    st.builds(record, st.sampled_from([account(), account(minutes=45)])),
    st.builds(
        correct,
        st.integers(1, 4),
        st.builds(
            Change,
            kind=st.sampled_from([None, SessionKind.HOME_VISIT, SessionKind.THERAPY]),
            minutes=st.sampled_from([None, 0, 45, 60]),
        ),
        st.sampled_from([SAME_NOTES, BETTER_NOTES]),
    ),
)


@given(st.lists(commands, max_size=15))
def test_a_repeated_command_decides_nothing(history: list[SessionCommand]) -> None:
    so_far = session
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
    state = so_far.decider.fold(so_far.history)
    if isinstance(state, Held):
        assert state.entries == len(so_far.history)
