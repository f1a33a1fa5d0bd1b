"""A booked session is kept or cancelled once; while it cannot be held it stays, and says why."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import CaseIsClosed, Closed, CloseReason, NoSuchCase, NotOpened, Open
from casework.sessions.booking import (
    DECIDER,
    BookedOtherwise,
    BookingCommand,
    BookingIsOver,
    BookingKept,
    Cancel,
    CancelReason,
    HeldBecause,
    Keep,
    NoSuchBooking,
    Schedule,
    SessionCancelled,
    SessionScheduled,
    Slot,
    held_because,
)
from casework.sessions.intervention import PauseCause, Paused, Running
from casework.sessions.session import SessionKind
from casework.workers.work import OtherProfession
from casework.workers.worker import Registered, Registration, RegistrationBody, WorkerKind
from ledger.personal import Plain
from ledger.testing import Given, Transitions

BOOKING, CASE, CHILD, FAMILY, TESS, BEN, SESSION, OTHER = (UUID(int=n) for n in range(1, 9))
MAY = Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 5, 31))
NONE: Plain[str | None] = Plain(None)

case = Open(CASE, CHILD, FAMILY, None, 1, date(2025, 9, 4), frozenset())
tess = Registered(TESS, WorkerKind.THERAPIST, (), (), Plain("Tess"), (MAY,))
ben = Registered(BEN, WorkerKind.SUPPORT_WORKER, (), (), Plain("Ben"))
slot = Slot(TESS, SessionKind.THERAPY, datetime(2026, 6, 2, 14, tzinfo=UTC), 50)
schedule = Schedule(BOOKING, case, tess, slot, NONE)
cancel = Cancel(CancelReason.FAMILY_ILL, NONE)
keep = Keep(SESSION)

scheduled = SessionScheduled(BOOKING, CASE, CHILD, slot, NONE)
cancelled = SessionCancelled(BOOKING, CASE, CHILD, CancelReason.FAMILY_ILL, NONE)
kept = BookingKept(BOOKING, SESSION)

booking = Given(DECIDER)
booked = booking.given(scheduled)
off = booked.given(cancelled)
held = booked.given(kept)

TRANSITIONS = Transitions(
    {"not booked": booking, "booked": booked, "cancelled": off, "held": held},
    {
        "book": schedule,
        "book that of another time": replace(schedule, slot=replace(slot, minutes=30)),
        "cancel": cancel,
        "cancel for another reason": Cancel(CancelReason.SAFETY, NONE),
        "record that it was held": keep,
    },
)


def test_a_session_is_booked_in_an_open_case() -> None:
    booking.when(schedule).then(scheduled)
    closed = Closed(case, CloseReason.GOALS_MET, date(2026, 5, 1))
    booking.when(replace(schedule, case=closed)).then_refused(CaseIsClosed)
    booking.when(replace(schedule, case=NotOpened())).then_refused(NoSuchCase)


def test_therapy_is_booked_with_a_therapist_even_past_his_registration() -> None:
    of_ben = replace(slot, worker=BEN)
    booking.when(replace(schedule, worker=ben, slot=of_ben)).then_refused(OtherProfession)
    booking.when(schedule).then(scheduled)


def test_it_is_held_back_while_its_worker_is_not_registered_on_its_day() -> None:
    assert held_because(slot, tess, Running()) == (HeldBecause.REGISTRATION,)
    renewed = replace(tess, registrations=(replace(MAY, valid_to=date(2027, 5, 31)),))
    assert held_because(slot, renewed, Running()) == ()
    talk = replace(slot, kind=SessionKind.PARENT_SUPPORT)
    assert held_because(talk, tess, Running()) == ()


def test_it_is_held_back_while_the_work_with_the_child_is_paused() -> None:
    paused = Paused(((PauseCause.CONSENT, date(2026, 2, 5)),))
    direct = replace(slot, kind=SessionKind.LIFE_STORY_WORK)
    assert held_because(slot, tess, paused) == (HeldBecause.REGISTRATION, HeldBecause.PAUSED)
    assert held_because(direct, ben, paused) == (HeldBecause.PAUSED,)
    assert held_because(replace(slot, kind=SessionKind.MEETING), tess, paused) == ()


def test_it_ends_once_and_a_session_that_was_held_after_all_is_recorded() -> None:
    booked.when(cancel).then(cancelled)
    booked.when(keep).then(kept)
    off.when(keep).then(kept)
    off.when(Cancel(CancelReason.SAFETY, NONE)).then_refused(BookingIsOver)
    held.when(cancel).then_refused(BookingIsOver)
    held.when(Keep(OTHER)).then_refused(BookingIsOver)
    booked.when(replace(schedule, slot=replace(slot, minutes=30))).then_refused(BookedOtherwise)
    for each in (cancel, keep):
        booking.when(each).then_refused(NoSuchBooking)


commands: st.SearchStrategy[BookingCommand] = st.sampled_from([schedule, cancel, keep])


@given(st.lists(commands, max_size=10))
def test_a_repeated_command_decides_nothing(history: list[BookingCommand]) -> None:
    so_far = booking
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
