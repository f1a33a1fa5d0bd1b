"""What is told holds only what is meant for others; what is heard becomes the right act."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import get_type_hints
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.acting import Do, Heard
from chassis.queries.known_people import BELONGS, KNOWS, KNOWS_NOT
from groups import attendance, cohort, place, programme, published, request, streams
from groups.asks import AskForPlace, EndCase, MakeOffer
from groups.attendance import Presence
from groups.cohort import ReleasePlace, ReservePlace, Terms
from groups.invitation import LearnOfCohort
from groups.place import PutOnWaitingList
from groups.subscriptions import SUBSCRIPTIONS, hear_casework
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.writes import Write

HOST, FAMILY_HOME, COHORT_ID, PLACE_ID, REQUEST_ID, AMIRI, MOTHER, CHILD, CASE, PROGRAMME_ID = (
    UUID(int=n) for n in range(1, 11)
)
NOW = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
terms = Terms(PROGRAMME_ID, 10, (date(2026, 1, 14), date(2026, 1, 21)), 4, date(2026, 1, 7))
asked = request.Asked(PLACE_ID, REQUEST_ID, COHORT_ID, HOST, AMIRI, MOTHER, CHILD)
AT_PLACE = streams.place_stream(PLACE_ID)
AT_COHORT = streams.cohort_stream(COHORT_ID)
HEARD = Heard(CASE, "groups", FAMILY_HOME, "", CASE, 1, "", 1, Occurred(NOW), NOW, CASE, CASE)
hear_all_of_casework, hear_own = (each.hear for each in SUBSCRIPTIONS)


def recorded(event: object) -> Recorded[object]:
    actor = Actor("somebody", "service")
    around = Envelope(CASE, HOST, "", CASE, 1, 1, "", 1, Occurred(NOW), NOW, actor, CASE, CASE)
    return Recorded(event, around)


def told(event: object, by: UUID) -> Heard:
    """Hear an event of our own as the authority's that recorded it."""
    public = published.publish(recorded(event))
    assert public is not None
    data = TypeAdapter(type(public)).dump_python(public, mode="json")
    return replace(HEARD, tenant=by, type=type(public).__name__, data=data)


def test_subscriptions_are_casework_and_the_service_itself() -> None:
    assert [each.service for each in SUBSCRIPTIONS] == ["casework", "groups"]


def test_a_cohort_is_told_with_its_size_and_start() -> None:
    event = cohort.CohortPublished(COHORT_ID, terms)
    expected = published.CohortPublished(COHORT_ID, PROGRAMME_ID, 10, date(2026, 1, 14))
    assert published.publish(recorded(event)) == expected


def test_an_offer_is_told_with_whom_to_write_to() -> None:
    event = place.PlaceOffered(asked, NOW)
    assert published.publish(recorded(event)) == published.PlaceOffered(
        PLACE_ID, REQUEST_ID, COHORT_ID, AMIRI, MOTHER, NOW
    )


def test_attendance_is_told_by_its_code() -> None:
    event = attendance.AttendanceRecorded(
        PLACE_ID, COHORT_ID, 1, Presence.ABSENT_NOTIFIED, date(2026, 1, 14)
    )
    assert published.publish(recorded(event)) == published.AttendanceRecorded(
        PLACE_ID, COHORT_ID, 1, "absent-notified", date(2026, 1, 14)
    )


@pytest.mark.parametrize(
    "event",
    [
        programme.ProgrammePublished(PROGRAMME_ID, "Non-violent resistance", 10),
        cohort.PlaceFreed(COHORT_ID, PLACE_ID),
    ],
)
def test_what_concerns_nobody_else_has_no_public_words(event: object) -> None:
    assert published.publish(recorded(event)) is None


@pytest.mark.parametrize("event", published.EVENTS, ids=lambda event: event.__name__)
def test_public_events_hold_ids_numbers_days_and_codes_alone(event: type) -> None:
    hints = get_type_hints(event)
    codes = {each.name for each in fields(event) if hints[each.name] is str}
    allowed = {UUID, int, date, datetime, str, tuple[date, ...]}
    assert set(hints.values()) <= allowed
    assert codes <= {"attendance"}


@pytest.mark.parametrize(
    ("heard", "act"),
    [
        (
            told(cohort.CohortOpened(COHORT_ID, FAMILY_HOME, terms), HOST),
            Do(
                LearnOfCohort(COHORT_ID, HOST, terms),
                streams.invitation_stream(FAMILY_HOME, COHORT_ID),
                FAMILY_HOME,
            ),
        ),
        (
            told(request.PlaceRequested(asked), FAMILY_HOME),
            Do(ReservePlace(COHORT_ID, PLACE_ID, AMIRI, FAMILY_HOME), AT_COHORT, HOST),
        ),
        (
            told(cohort.PlaceGranted(COHORT_ID, PLACE_ID, AMIRI, FAMILY_HOME, 4), HOST),
            Do(MakeOffer(PLACE_ID, 4), AT_PLACE, FAMILY_HOME),
        ),
        (
            told(cohort.PlaceQueued(COHORT_ID, PLACE_ID, AMIRI, FAMILY_HOME), HOST),
            Do(PutOnWaitingList(COHORT_ID, PLACE_ID), AT_PLACE, FAMILY_HOME),
        ),
        *(
            (
                told(ended(PLACE_ID, COHORT_ID, HOST), FAMILY_HOME),
                Do(ReleasePlace(COHORT_ID, PLACE_ID), AT_COHORT, HOST),
            )
            for ended in (place.PlaceDeclined, place.PlaceLapsed, request.PlaceWithdrawn)
        ),
    ],
    ids=lambda each: each.type if isinstance(each, Heard) else type(each.command).__name__,
)
def test_each_step_of_a_place_follows_from_what_was_told(heard: Heard, act: Do) -> None:
    assert hear_own(heard) == [act]


@pytest.mark.parametrize("kind", ["PlaceOffered", "PlaceAccepted", "unpublished", "Unheard"])
def test_from_the_rest_nothing_follows(kind: str) -> None:
    assert hear_own(replace(HEARD, type=kind)) == []
    assert hear_casework(replace(HEARD, type=kind)) == []


def wanted(**more: str) -> Heard:
    ids = {
        "request_id": REQUEST_ID,
        "cohort_id": COHORT_ID,
        "child": CHILD,
        "family_id": AMIRI,
        "contact": MOTHER,
    }
    data = {name: str(value) for name, value in ids.items()} | more
    return replace(HEARD, service="casework", type="PlaceRequested", data=data)


def test_a_case_asks_for_a_place_on_the_day_of_its_request() -> None:
    place_id = streams.place_of(FAMILY_HOME, REQUEST_ID)
    ask = AskForPlace(place_id, REQUEST_ID, COHORT_ID, AMIRI, MOTHER, CHILD, CASE, date(2026, 1, 5))
    assert hear_casework(wanted()) == [Do(ask, streams.place_stream(place_id))]


def test_fields_that_are_not_known_yet_are_left_alone() -> None:
    assert hear_casework(wanted(urgency="high")) == hear_casework(wanted())


def test_a_request_that_lacks_what_is_needed_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(ValidationError):
        hear_casework(wanted(contact=""))


def test_a_closed_case_ends_its_requests() -> None:
    closed = replace(HEARD, service="casework", type="CaseClosed", data={"reason": "moved"})
    target = streams.case_requests_stream(FAMILY_HOME, CASE)
    assert hear_casework(closed) == [Do(EndCase(CASE), target)]


def test_who_knows_whom_and_who_belongs_together_is_kept() -> None:
    told_of = {"worker": str(MOTHER), "about": str(AMIRI)}
    declared = replace(HEARD, service="casework", type="ConflictDeclared", data=told_of)
    assert hear_all_of_casework(declared) == [KNOWS(FAMILY_HOME, CASE, MOTHER, AMIRI, False)]  # noqa: FBT003 # a column
    cleared = replace(declared, type="ConflictCleared")
    assert hear_all_of_casework(cleared) == [KNOWS_NOT(FAMILY_HOME, CASE)]
    kept = [each for each in hear_all_of_casework(wanted()) if isinstance(each, Write)]
    pairs = [(AMIRI, CHILD), (AMIRI, MOTHER), (AMIRI, CASE), (CHILD, CASE)]
    assert kept == [BELONGS(FAMILY_HOME, *each) for each in pairs]
