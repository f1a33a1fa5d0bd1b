"""A place is offered or waits, is accepted, declined or lapses, and whoever accepted attends."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.attendance import AttendanceRecorded, Presence, RecordAttendance, SessionNotHeld
from groups.place import (
    PLACE,
    AcceptPlace,
    DeclinePlace,
    LapseOffer,
    OfferExpired,
    OfferPlace,
    PlaceAccepted,
    PlaceCommand,
    PlaceDeclined,
    PlaceLapsed,
    PlaceOffered,
    PlaceWaitlisted,
    PutOnWaitingList,
)
from groups.request import (
    Asked,
    AskedTooLate,
    PlaceRequested,
    PlaceWithdrawn,
    RequestKnownOtherwise,
    RequestPlace,
    WithdrawRequest,
)
from ledger.decider import Refusal
from ledger.testing import Given, Transitions

P1, R1, COHORT_ID, HOST, AMIRI, MOTHER, CHILD, STREAM = (UUID(int=n) for n in range(1, 9))
DEADLINE = date(2026, 1, 7)
UNTIL = datetime(2026, 1, 10, tzinfo=UTC)
BEFORE, AFTER = UNTIL - timedelta(microseconds=1), UNTIL + timedelta(microseconds=1)
FIRST, SECOND = date(2026, 1, 14), date(2026, 1, 21)

asked = Asked(P1, R1, COHORT_ID, HOST, AMIRI, MOTHER, CHILD)
request = RequestPlace(asked, date(2025, 12, 1), DEADLINE)
requested = PlaceRequested(asked)
wait, waitlisted = PutOnWaitingList(COHORT_ID, P1), PlaceWaitlisted(P1, R1, COHORT_ID)
offer, offered = OfferPlace(UNTIL), PlaceOffered(asked, UNTIL)
accepted = PlaceAccepted(P1, COHORT_ID)
declined = PlaceDeclined(P1, COHORT_ID, HOST)
lapse, lapsed = LapseOffer(STREAM, UNTIL), PlaceLapsed(P1, COHORT_ID, HOST)
withdrawn = PlaceWithdrawn(P1, COHORT_ID, HOST)
there = RecordAttendance(1, Presence.ATTENDED, FIRST, FIRST)
was_there = AttendanceRecorded(P1, COHORT_ID, 1, Presence.ATTENDED, FIRST)

place = Given(PLACE)
open_request = place.given(requested)
waiting = open_request.given(waitlisted)
open_offer = open_request.given(offered)
coming = open_offer.given(accepted)

TRANSITIONS = Transitions(
    {
        "not asked for": place,
        "asked for": open_request,
        "on the waiting list": waiting,
        "offered": open_offer,
        "accepted": coming,
        "declined": open_offer.given(declined),
        "lapsed": open_offer.given(lapsed),
        "withdrawn": open_request.given(withdrawn),
    },
    {
        "ask": request,
        "ask after the last day": RequestPlace(asked, DEADLINE + timedelta(days=1), DEADLINE),
        "put on the waiting list": wait,
        "offer": offer,
        "accept in time": AcceptPlace(BEFORE),
        "accept too late": AcceptPlace(AFTER),
        "decline": DeclinePlace(),
        "let the offer lapse": lapse,
        "withdraw": WithdrawRequest(),
        "record attendance": there,
        "record attendance on another day": RecordAttendance(1, Presence.ATTENDED, FIRST, SECOND),
    },
)


def test_a_place_is_asked_for_up_to_the_last_day() -> None:
    place.when(request).then(requested)
    place.when(RequestPlace(asked, DEADLINE, DEADLINE)).then(requested)


def test_a_request_after_the_last_day_is_refused() -> None:
    late = RequestPlace(asked, DEADLINE + timedelta(days=1), DEADLINE)
    place.when(late).then_refused(AskedTooLate)


def test_another_request_under_the_same_id_is_refused() -> None:
    other = Asked(P1, R1, COHORT_ID, HOST, AMIRI, MOTHER, None)
    again = RequestPlace(other, date(2025, 12, 1), DEADLINE)
    open_request.when(again).then_refused(RequestKnownOtherwise)


def test_the_cohort_decides_whether_it_is_offered_or_waits() -> None:
    open_request.when(offer).then(offered)
    open_request.when(wait).then(waitlisted)


def test_who_waits_is_offered_the_place_when_the_turn_comes() -> None:
    waiting.when(offer).then(offered)


def test_an_old_answer_of_the_cohort_does_not_undo_a_newer_one() -> None:
    open_offer.when(wait).then()
    coming.when(wait).then()
    coming.when(offer).then()


@pytest.mark.parametrize("end", [declined, lapsed])
def test_an_answer_of_the_cohort_changes_nothing_once_the_place_has_ended(end: object) -> None:
    open_offer.given(end).when(offer).then()
    open_offer.given(end).when(wait).then()


def test_an_offer_is_accepted_before_it_ends() -> None:
    open_offer.when(AcceptPlace(BEFORE)).then(accepted)


@pytest.mark.parametrize("at", [UNTIL, AFTER])
def test_an_offer_is_not_accepted_from_its_end_on(at: datetime) -> None:
    open_offer.when(AcceptPlace(at)).then_refused(OfferExpired)


def test_an_offer_that_lapsed_is_not_accepted() -> None:
    open_offer.given(lapsed).when(AcceptPlace(BEFORE)).then_refused(OfferExpired)


@pytest.mark.parametrize("before", [open_request, waiting, open_offer])
def test_a_family_may_decline_until_it_has_accepted(before: Given) -> None:
    before.when(DeclinePlace()).then(declined)


def test_what_was_accepted_is_not_declined_and_the_other_way_round() -> None:
    coming.when(DeclinePlace()).then_refused(Refusal)
    open_offer.given(declined).when(AcceptPlace(BEFORE)).then_refused(Refusal)


def test_a_place_that_waits_cannot_be_accepted() -> None:
    waiting.when(AcceptPlace(BEFORE)).then_refused(Refusal)


def test_an_offer_nobody_answered_lapses() -> None:
    open_offer.when(lapse).then(lapsed)


def test_an_offer_does_not_lapse_before_its_end() -> None:
    open_offer.when(LapseOffer(STREAM, BEFORE)).then()


def test_an_answered_offer_does_not_lapse() -> None:
    coming.when(lapse).then()
    open_offer.given(declined).when(lapse).then()


@pytest.mark.parametrize("before", [open_request, waiting])
def test_closing_the_case_withdraws_what_was_not_offered_yet(before: Given) -> None:
    before.when(WithdrawRequest()).then(withdrawn)
    before.given(withdrawn).when(offer).then()


@pytest.mark.parametrize("before", [open_offer, coming])
def test_closing_the_case_leaves_an_offer_and_a_place_as_they_are(before: Given) -> None:
    before.when(WithdrawRequest()).then()


def test_attendance_is_recorded_for_whoever_accepted() -> None:
    coming.when(there).then(was_there)


@pytest.mark.parametrize("before", [open_request, waiting, open_offer])
def test_attendance_of_a_place_that_was_not_accepted_is_refused(before: Given) -> None:
    before.when(there).then_refused(Refusal)


def test_attendance_before_the_session_is_refused() -> None:
    early = RecordAttendance(2, Presence.ABSENT_NOTIFIED, SECOND, FIRST)
    coming.when(early).then_refused(SessionNotHeld)


def test_a_later_word_on_a_session_replaces_the_earlier() -> None:
    caught_up = RecordAttendance(1, Presence.CATCH_UP, FIRST, SECOND)
    coming.given(was_there).when(caught_up).then(
        AttendanceRecorded(P1, COHORT_ID, 1, Presence.CATCH_UP, SECOND)
    )


def test_nothing_can_be_done_with_a_place_nobody_asked_for() -> None:
    for command in (offer, wait, AcceptPlace(BEFORE), DeclinePlace(), there):
        place.when(command).then_refused(Refusal)


commands = st.one_of(
    st.sampled_from(
        [request, offer, wait, DeclinePlace(), lapse, LapseOffer(STREAM, BEFORE), WithdrawRequest()]
    ),
    st.builds(AcceptPlace, st.sampled_from([BEFORE, UNTIL])),
    st.builds(
        RecordAttendance,
        st.integers(1, 3),
        st.sampled_from(Presence),
        st.just(FIRST),
        st.just(SECOND),
    ),
)


@given(st.lists(commands, max_size=25))
def test_whatever_came_before_a_command_that_was_accepted_decides_nothing_when_repeated(
    given_commands: list[PlaceCommand],
) -> None:
    state = PLACE.fold([requested])
    for command in given_commands:
        try:
            state = PLACE.fold(PLACE.decide(command, state), state)
        except Refusal:
            continue
        assert PLACE.decide(command, state) == []
