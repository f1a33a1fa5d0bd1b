"""What others tell becomes commands and rows, whatever else their events hold; the rest passes."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from casework.cases.case import AcceptedReferral, TakeOnReferral
from casework.cases.commands import NoteDuty
from casework.cases.duty_line import Owed
from casework.places.answering import hear as hear_groups
from casework.places.commands import NotePlace
from casework.places.group_place import (
    GroupAttendanceRecorded,
    GroupPlaceAccepted,
    GroupPlaceDeclined,
    GroupPlaceLapsed,
    GroupPlaceOffered,
    GroupPlaceWaitlisted,
    GroupPlaceWithdrawn,
    NoteTold,
    Told,
)
from casework.streams import case_stream, concern_about, concern_stream, group_place_stream
from casework.subscriptions import hear_referrals
from casework.urgent.commands import RaiseConcern
from casework.urgent.concern_events import Source
from chassis.acting import Do, Heard
from ledger.envelope import Occurred
from ledger.personal import Plain
from ledger.writes import Write

TENANT, CASE, CHILD, FAMILY, MOTHER, REFERRAL, PLACE, COHORT, SOME = (
    UUID(int=n) for n in range(1, 10)
)
# In London already the second of September.
LATE_EVENING = datetime(2025, 9, 1, 23, 30, tzinfo=UTC)
UNTIL = datetime(2026, 1, 10, tzinfo=UTC)

accepted = {
    "referral_id": str(REFERRAL),
    "reference": "WM-25-7K4",
    "family_id": str(FAMILY),
    "child": str(CHILD),
    "referrer": str(SOME),
    "contact": str(MOTHER),
    "needs": ["sleep"],
    "duty_holder": "westmarch",
    "something_new": 1,
}
place = {"place_id": str(PLACE), "cohort_id": str(COHORT), "host": str(SOME)}


def heard(name: str, data: dict[str, Any], case_id: UUID | None = CASE) -> Heard:
    return Heard(
        event_id=SOME,
        service="any",
        tenant=TENANT,
        category="Any",
        stream_id=SOME,
        version=1,
        type=name,
        schema_version=1,
        occurred=Occurred(LATE_EVENING),
        recorded_at=LATE_EVENING,
        correlation_id=SOME,
        case_id=case_id,
        data=data,
    )


def row(effect: Do | Write) -> tuple[object, ...]:
    assert isinstance(effect, Write)
    return effect.arguments


def test_an_acceptance_is_taken_on_in_the_case_of_the_envelope() -> None:
    referral = AcceptedReferral(
        REFERRAL, "WM-25-7K4", FAMILY, MOTHER, ("sleep",), "westmarch", date(2025, 9, 2)
    )
    assert hear_referrals(heard("ReferralAccepted", accepted)) == [
        Do(TakeOnReferral(CASE, CHILD, referral), target=case_stream(CASE))
    ]


def test_an_acceptance_says_who_knows_the_family() -> None:
    (do,) = hear_referrals(heard("ReferralAccepted", {**accepted, "known_by": str(SOME)}))
    assert isinstance(do, Do)
    assert isinstance(do.command, TakeOnReferral)
    assert do.command.known_by == SOME


def test_an_acceptance_without_a_contact_or_a_duty_holder_is_taken_on_too() -> None:
    (do,) = hear_referrals(
        heard("ReferralAccepted", {**accepted, "contact": None, "duty_holder": None})
    )
    assert isinstance(do, Do)
    assert isinstance(do.command, TakeOnReferral)
    assert do.command.referral.contact is None
    assert do.command.referral.duty_holder is None


def test_an_acceptance_that_lacks_what_is_needed_is_poison_and_is_not_passed_over() -> None:
    with pytest.raises(ValidationError):
        hear_referrals(heard("ReferralAccepted", {"referral_id": str(REFERRAL)}))


@pytest.mark.parametrize(
    ("urgent", "danger", "urgency"), [(False, False, 0), (True, False, 1), (True, True, 2)]
)
def test_how_urgent_a_referral_is_is_kept(urgent: bool, danger: bool, urgency: int) -> None:  # noqa: FBT001 # what is told
    data = {"referral_id": str(REFERRAL), "urgent": urgent, "immediate_danger": danger}
    (write,) = hear_referrals(heard("ReferralReceived", data))
    assert row(write) == (TENANT, REFERRAL, urgency)


def test_danger_raises_a_concern_at_once_and_is_kept() -> None:
    told = {"referral_id": str(REFERRAL), "child": str(CHILD), "family_id": str(FAMILY)}
    (do, write) = hear_referrals(heard("DangerReported", told))
    concern_id = concern_about(TENANT, REFERRAL)
    raised = RaiseConcern(concern_id, CHILD, REFERRAL, CASE, Source.REFERRAL, Plain(None))
    assert do == Do(raised, target=concern_stream(concern_id))
    assert row(write) == (TENANT, REFERRAL, 2)


def test_a_screen_before_there_is_a_referral_raises_the_concern_that_it_adds_to_later() -> None:
    screen = {"screen_id": str(MOTHER), "referral_id": None, "family_id": None, "child": None}
    (do,) = hear_referrals(heard("DangerReported", screen, None))
    first = concern_about(TENANT, MOTHER)
    raised = RaiseConcern(first, None, None, None, Source.SCREEN, Plain(None), first)
    assert do == Do(raised, target=concern_stream(first))
    known = screen | {"referral_id": str(REFERRAL), "child": str(CHILD)}
    (again, _) = hear_referrals(heard("DangerReported", known))
    assert isinstance(again, Do)
    by_referral = concern_about(TENANT, REFERRAL)
    assert again.command == RaiseConcern(
        by_referral, CHILD, REFERRAL, CASE, Source.SCREEN, Plain(None), first
    )


def test_danger_to_a_child_whom_nobody_knows_yet_raises_one_too() -> None:
    told = {"enquiry_id": str(MOTHER), "enquirer": str(SOME)}
    (do,) = hear_referrals(heard("EnquiryDangerReported", told, None))
    concern_id = concern_about(TENANT, MOTHER)
    raised = RaiseConcern(concern_id, None, None, None, Source.ENQUIRY, Plain(None))
    assert do == Do(raised, target=concern_stream(concern_id))


def test_who_owes_the_service_is_kept_by_period() -> None:
    data = {"child": str(CHILD), "duty_holder": "saltby", "from_day": "2026-03-15", "to_day": None}
    (write,) = hear_referrals(heard("ResponsibilityChanged", data, None))
    assert row(write) == (TENANT, CHILD, date(2026, 3, 15), "saltby", None)
    assert hear_referrals(heard("ResponsibilityChanged", data | {"duty_holder": None}, None)) == []


def test_all_that_is_known_of_who_owes_the_service_takes_the_place_of_what_was() -> None:
    periods = [
        {"duty_holder": None, "from_day": "2025-09-01", "to_day": "2026-03-14", "ground": "a"},
        {"duty_holder": "saltby", "from_day": "2026-03-15", "to_day": None, "ground": "b"},
    ]
    data = {"child": str(CHILD), "effect_from": "2025-09-01", "periods": periods}
    *writes, do = hear_referrals(heard("ResponsibilityDetermined", data, None))
    assert isinstance(do, Do)
    assert do.command == NoteDuty(
        CHILD,
        date(2025, 9, 1),
        (
            Owed(None, date(2025, 9, 1), date(2026, 3, 14)),
            Owed("saltby", date(2026, 3, 15), None),
        ),
    )
    assert [row(each) for each in writes] == [
        (TENANT, CHILD),
        (TENANT, CHILD, date(2026, 3, 15), "saltby", None),
    ]


@pytest.mark.parametrize(
    ("name", "more", "fact"),
    [
        (
            "PlaceOffered",
            {"expires_at": "2026-01-10T00:00:00Z"},
            GroupPlaceOffered(PLACE, COHORT, UNTIL),
        ),
        ("PlaceWaitlisted", {}, GroupPlaceWaitlisted(PLACE, COHORT)),
        ("PlaceAccepted", {}, GroupPlaceAccepted(PLACE, COHORT)),
        ("PlaceDeclined", {}, GroupPlaceDeclined(PLACE, COHORT)),
        ("PlaceLapsed", {}, GroupPlaceLapsed(PLACE, COHORT)),
        ("PlaceWithdrawn", {}, GroupPlaceWithdrawn(PLACE, COHORT)),
        (
            "AttendanceRecorded",
            {"session_number": 2, "attendance": "part", "on": "2026-01-21"},
            GroupAttendanceRecorded(PLACE, COHORT, 2, "part", date(2026, 1, 21)),
        ),
    ],
)
def test_what_a_group_tells_of_a_cases_place_is_noted(
    name: str, more: dict[str, Any], fact: Told
) -> None:
    assert hear_groups(heard(name, {**place, **more})) == [
        Do(NotePlace(CASE, NoteTold(fact)), target=group_place_stream(CASE, COHORT))
    ]


def test_a_place_without_a_case_is_nothing_to_casework() -> None:
    assert hear_groups(heard("PlaceAccepted", place, None)) == ()


def test_what_is_not_for_casework_passes() -> None:
    assert hear_groups(heard("CohortPublished", {})) == ()
    assert hear_groups(heard("unpublished", {})) == ()
    assert hear_referrals(heard("ReferralDeclined", {})) == ()
