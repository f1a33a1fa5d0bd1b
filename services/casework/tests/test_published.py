"""What others are told: opaque ids, codes, days and numbers; never words, never a name."""

from dataclasses import fields
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from casework import published
from casework.allocations import allocation_events as allocation
from casework.allocations import conflict
from casework.allocations import published as of_allocations
from casework.assessments import assessment_events
from casework.assessments import published as assessments
from casework.cases import case
from casework.consents import consent_events
from casework.consents import published as consents
from casework.places import group_place
from casework.plans import plan_events
from casework.plans import published as plans
from casework.reviews import published as reviews
from casework.reviews import review_events
from casework.sessions import session
from casework.workers import profile
from casework.workers import published as of_workers
from casework.workers import worker_events as worker
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain

CASE, CHILD, FAMILY, MOTHER, REFERRAL, TESS, BEN, SESSION, COHORT, PLACE, REQUEST, ENTRY = (
    UUID(int=n) for n in range(1, 13)
)
AT = datetime(2025, 9, 1, 9, tzinfo=UTC)
DAY = date(2026, 5, 31)
WORDS: Plain[Any] = Plain("words")

referral = case.AcceptedReferral(
    REFERRAL, "WM-25-7K4", FAMILY, MOTHER, ("sleep",), "westmarch", date(2025, 9, 1)
)
account = session.Account(session.SessionKind.THERAPY, Occurred(AT), 50, ())
until = profile.Registration(profile.RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 5, 31))


def recorded(event: object, corrects: UUID | None = None) -> Recorded[Any]:
    some = UUID(int=99)
    envelope = Envelope(
        event_id=some,
        tenant=some,
        category="Any",
        stream_id=some,
        version=1,
        position=1,
        type=type(event).__name__,
        schema_version=1,
        occurred=Occurred(AT),
        recorded_at=AT,
        actor=Actor("somebody", "therapist"),
        command_id=some,
        correlation_id=some,
        corrects=corrects,
        case_id=CASE,
    )
    return Recorded(event, envelope)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (
            case.CaseOpened(CASE, CHILD, referral),
            published.CaseOpened(CHILD, FAMILY, REFERRAL, MOTHER),
        ),
        (
            case.ReferralJoined(CASE, CHILD, 1, referral),
            published.EpisodeOpened(REFERRAL, 1),
        ),
        (case.EpisodeOpened(CASE, CHILD, 2, referral), published.EpisodeOpened(REFERRAL, 2)),
        (
            case.CaseClosed(CASE, CHILD, 1, case.CloseReason.MOVED, date(2025, 9, 1), WORDS),
            published.CaseClosed("moved"),
        ),
        (
            allocation.CaseAllocated(
                CASE, CHILD, 1, TESS, BEN, allocation.AllocationReason.HANDOVER, WORDS
            ),
            of_allocations.CaseAllocated(TESS, BEN),
        ),
        (allocation.AllocationEnded(CASE, 1, TESS), None),
        (allocation.AllocationOverdue(CASE, 1, date(2025, 9, 11), "allocation-1"), None),
        (
            session.SessionRecorded(SESSION, CASE, CHILD, TESS, account, WORDS),
            published.SessionRecorded(SESSION, "therapy", date(2025, 9, 1)),
        ),
        (
            worker.WorkerRegistered(TESS, profile.WorkerKind.THERAPIST, (), (), WORDS),
            of_workers.WorkerRegistered(TESS, "therapist"),
        ),
        (
            worker.WorkerRegistrationChanged(TESS, until, (), "any"),
            of_workers.WorkerRegistrationChanged(TESS, date(2026, 5, 31)),
        ),
        (
            worker.RegistrationLapsed(TESS, date(2026, 6, 1)),
            of_workers.RegistrationLapsed(TESS, date(2026, 6, 1)),
        ),
        (
            worker.RegistrationRestored(TESS, date(2026, 6, 1), date(2026, 6, 4)),
            of_workers.RegistrationRestored(TESS, date(2026, 6, 1), date(2026, 6, 4)),
        ),
        (
            worker.RegistrationEnding(TESS, until, 30),
            of_workers.RegistrationEnding(TESS, date(2026, 5, 31), 30),
        ),
        (
            conflict.ConflictDeclared(
                TESS, FAMILY, conflict.Knows.FAMILY, conflict.Tie.FRIEND, WORDS
            ),
            of_allocations.ConflictDeclared(TESS, FAMILY),
        ),
        (conflict.ConflictCleared(TESS, FAMILY), of_allocations.ConflictCleared(TESS, FAMILY)),
        # Teams are the authority's own affair.
        (worker.WorkerAssignedToTeam(TESS, "north", date(2026, 5, 31)), None),
        (
            group_place.PlaceRequested(REQUEST, COHORT, CHILD, FAMILY, MOTHER, 1),
            published.PlaceRequested(REQUEST, COHORT, CHILD, FAMILY, MOTHER),
        ),
        (
            consent_events.SharingStarted(CASE, CHILD, "agency:school"),
            consents.SharingStarted(CHILD, "agency:school"),
        ),
        (
            consent_events.SharingStopped(CASE, CHILD, "agency:school"),
            consents.SharingStopped(CHILD, "agency:school"),
        ),
        (
            plan_events.PlanEnded(
                CASE,
                CHILD,
                2,
                DAY,
                plan_events.EndReason.GOALS_MET,
                plan_events.Ground.DECISION,
                ENTRY,
            ),
            plans.PlanEnded(DAY, "goals-met"),
        ),
        (plan_events.PlanProposed(CASE, CHILD, 2, ENTRY), None),
        (
            review_events.ReviewScheduled(
                CASE, CHILD, 1, review_events.Trigger.YEARLY, DAY, DAY, "r", DAY, None
            ),
            reviews.ReviewDue(1, DAY, "yearly"),
        ),
        (
            review_events.ReviewCompleted(
                CASE, CHILD, 1, DAY, review_events.ReviewOutcome.END, 2, WORDS
            ),
            reviews.ReviewCompleted(1, DAY, "end"),
        ),
        (
            assessment_events.AssessmentCompleted(CASE, CHILD, ENTRY, DAY, ("sleep",), WORDS),
            assessments.AssessmentEnded(ENTRY, "completed", DAY),
        ),
        # What the group told is the group's to tell.
        (group_place.GroupPlaceAccepted(PLACE, COHORT), None),
    ],
)
def test_each_fact_is_told_in_public_words_or_not_at_all(stored: object, told: object) -> None:
    assert published.publish(recorded(stored)) == told


def test_a_correction_tells_what_it_corrects() -> None:
    corrected = session.SessionCorrected(
        SESSION,
        CASE,
        CHILD,
        TESS,
        account,
        ("notes",),
        session.CorrectionReason.WRONG_WORDING,
        WORDS,
    )
    assert published.publish(recorded(corrected, ENTRY)) == published.RecordCorrected(ENTRY)


@pytest.mark.parametrize("event", published.EVENTS, ids=lambda event: event.__name__)
def test_public_fields_can_hold_no_words(event: type) -> None:
    codes = {
        ("CaseClosed", "reason"),
        ("NoticeIssued", "document"),
        ("NoticeWithdrawn", "document"),
        ("DecisionMade", "proposal"),
        ("DecisionMade", "outcome"),
        ("SessionRecorded", "kind"),
        ("WorkerRegistered", "role"),
        ("CaseReopened", "reason"),
        ("SharingStarted", "recipient"),
        ("SharingStopped", "recipient"),
        ("TransferOffered", "ground"),
        ("TransferOffered", "reason"),
        ("TransferOffered", "parts"),
        ("CaseTransferred", "parts"),
        ("TransferRefused", "reason"),
        ("ConcernRaised", "source"),
        ("ConcernRaised", "unstaffed"),
        ("ConcernEscalated", "reason"),
        ("ConcernEscalated", "unstaffed"),
        ("ConcernClosed", "outcome"),
        ("TaskEscalated", "kind"),
        ("OnCallStarted", "post"),
        ("OnCallUncovered", "post"),
        ("AssessmentStarted", "kind"),
        ("AssessmentEnded", "outcome"),
        ("PlanPaused", "reason"),
        ("PlanEnded", "reason"),
        ("ReviewDue", "trigger"),
        ("ReviewCompleted", "outcome"),
    }
    hints = get_type_hints(event)
    for each in fields(event):
        hint = hints[each.name]
        parts = get_origin(hint) in {UnionType, tuple}
        kinds = set(get_args(hint)) - {Ellipsis} if parts else {hint}
        clear = {UUID, date, datetime, int, bool, NoneType}
        assert (kinds <= clear) or (event.__name__, each.name) in codes
    assert event.__doc__
