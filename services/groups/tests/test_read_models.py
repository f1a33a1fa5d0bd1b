"""What the projections write for each fact; whether the SQL means it, `test_service` shows."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from groups import cohorts, places
from groups.attendance import AttendanceRecorded, Presence
from groups.cohort import (
    CohortOpened,
    CohortPublished,
    PlaceFreed,
    PlaceGranted,
    PlaceQueued,
    Terms,
)
from groups.invitation import InvitationReceived
from groups.place import PlaceAccepted, PlaceDeclined, PlaceLapsed, PlaceOffered, PlaceWaitlisted
from groups.request import Asked, PlaceRequested, PlaceWithdrawn
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.writes import Write

HOST, HOME, COHORT_ID, P1, R1, AMIRI, MOTHER, CHILD, CASE, NVR = (UUID(int=n) for n in range(1, 11))
NOW = datetime(2026, 1, 5, tzinfo=UTC)
days = (date(2026, 1, 14), date(2026, 1, 21))
terms = Terms(NVR, 10, days, 4, date(2026, 1, 7))
asked = Asked(P1, R1, COHORT_ID, HOST, AMIRI, MOTHER, CHILD)


def recorded(event: object, tenant: UUID = HOME) -> Recorded[object]:
    actor = Actor("somebody", "service")
    around = Envelope(
        R1, tenant, "", R1, 1, 42, "", 1, Occurred(NOW), NOW, actor, R1, R1, case_id=CASE
    )
    return Recorded(event, around)


def known(tenant: UUID) -> Write:
    return cohorts.KNOW(tenant, COHORT_ID, NVR, HOST, 10, list(days), 4, date(2026, 1, 7), days[0])


def test_a_cohort_is_known_to_its_host_and_to_whom_it_invited() -> None:
    published, received = (
        CohortPublished(COHORT_ID, terms),
        InvitationReceived(COHORT_ID, HOST, terms),
    )
    assert cohorts.project(recorded(published, HOST)) == [known(HOST)]
    assert cohorts.project(recorded(received)) == [known(HOME)]


def test_the_host_keeps_who_holds_room_and_who_waits() -> None:
    granted = PlaceGranted(COHORT_ID, P1, AMIRI, HOME, 4)
    queued = PlaceQueued(COHORT_ID, P1, AMIRI, HOME)
    freed = PlaceFreed(COHORT_ID, P1)
    hold, queue, free = cohorts.HOLD, cohorts.QUEUE, cohorts.FREE
    assert cohorts.project(recorded(granted, HOST)) == [hold(HOST, COHORT_ID, P1, AMIRI)]
    assert cohorts.project(recorded(queued, HOST)) == [queue(HOST, COHORT_ID, P1, AMIRI)]
    assert cohorts.project(recorded(freed, HOST)) == [free(HOST, COHORT_ID, P1)]


def test_a_place_begins_with_its_request_and_its_case() -> None:
    request = places.REQUEST(HOME, P1, 42, COHORT_ID, R1, AMIRI, CHILD, MOTHER, CASE)
    assert places.project(recorded(PlaceRequested(asked))) == [request]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (PlaceWaitlisted(P1, R1, COHORT_ID), "waiting"),
        (PlaceAccepted(P1, COHORT_ID), "accepted"),
        (PlaceDeclined(P1, COHORT_ID, HOST), "declined"),
        (PlaceLapsed(P1, COHORT_ID, HOST), "lapsed"),
        (PlaceWithdrawn(P1, COHORT_ID, HOST), "withdrawn"),
    ],
)
def test_it_stands_where_the_last_fact_put_it(event: object, status: str) -> None:
    assert places.project(recorded(event)) == [places.MOVE(HOME, P1, status)]


def test_an_offer_shows_its_end_and_attendance_its_last_word() -> None:
    seen = AttendanceRecorded(P1, COHORT_ID, 2, Presence.PART, days[1])
    assert places.project(recorded(PlaceOffered(asked, NOW))) == [places.OFFER(HOME, P1, NOW)]
    assert places.project(recorded(seen)) == [places.ATTEND(HOME, P1, 2, "part", days[1])]


def test_each_model_leaves_the_other_facts_alone() -> None:
    opened = CohortOpened(COHORT_ID, HOME, terms)
    assert cohorts.project(recorded(opened)) == places.project(recorded(opened)) == []
