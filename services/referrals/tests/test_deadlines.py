"""A referral has its screening and its answers by the ends of working days, which may move."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.acting import Do, Due, Met
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain
from referrals.codes import DeclineReason, Eligibility, Informant, Safeguarding, Urgency
from referrals.deadlines import fall_due
from referrals.life.deadlines import (
    INFORMATION,
    SCREENING,
    InformationFellDue,
    ScreeningFellDue,
    deadlines,
)
from referrals.life.events import (
    DangerReported,
    ReferralDeclined,
    ReferralScreened,
    ScreeningDueSet,
)
from referrals.life.information import (
    InformationAsked,
    InformationOverdue,
    InformationReceived,
)
from referrals.life.targets import answer_by, screening_targets

STREAM, REFERRAL, CHILD, INQUIRY = (UUID(int=each) for each in range(1, 5))
NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def recorded(event: object) -> Recorded[object]:
    return Recorded(
        event,
        Envelope(
            event_id=uuid4(),
            tenant=uuid4(),
            category="Referral",
            stream_id=STREAM,
            version=1,
            position=1,
            type=type(event).__name__,
            schema_version=1,
            occurred=Occurred(NOW),
            recorded_at=NOW,
            actor=Actor("a", "duty-worker"),
            command_id=uuid4(),
            correlation_id=uuid4(),
        ),
    )


@pytest.mark.parametrize(
    ("received_at", "urgent_by", "otherwise_by"),
    [
        # Wednesday: due before Friday begins, or Thursday (winter: London is UTC).
        ("2025-01-15T12:00+00:00", "2025-01-16T00:00+00:00", "2025-01-17T00:00+00:00"),
        # Friday: due before Tuesday begins; what is urgent, before Saturday.
        ("2025-01-17T12:00+00:00", "2025-01-18T00:00+00:00", "2025-01-21T00:00+00:00"),
        # Saturday: what is urgent does not wait for Monday.
        ("2025-01-18T12:00+00:00", "2025-01-19T00:00+00:00", "2025-01-21T00:00+00:00"),
        # Half past eleven at night in UTC is the next day in London's summer.
        ("2025-07-01T23:30+00:00", "2025-07-02T23:00+00:00", "2025-07-03T23:00+00:00"),
        # Christmas Eve: Christmas Day, Boxing Day and the weekend are no working days.
        ("2025-12-24T15:00+00:00", "2025-12-25T00:00+00:00", "2025-12-30T00:00+00:00"),
    ],
)
def test_a_screening_is_due_by_the_end_of_a_working_day(
    received_at: str, urgent_by: str, otherwise_by: str
) -> None:
    found = screening_targets(datetime.fromisoformat(received_at), "anc")
    assert found.urgent_by == datetime.fromisoformat(urgent_by)
    assert found.otherwise_by == datetime.fromisoformat(otherwise_by)
    assert found.policy == "2005-12-30"
    assert found.calendar.startswith("holidays-")


def test_what_turns_out_urgent_is_due_on_that_day() -> None:
    wednesday = datetime(2025, 1, 15, 12, tzinfo=UTC)
    found = screening_targets(wednesday, "anc", found_at=wednesday + timedelta(days=1))
    assert found.urgent_by == datetime(2025, 1, 17, tzinfo=UTC)
    assert found.otherwise_by == datetime(2025, 1, 17, tzinfo=UTC)


def test_an_answer_is_due_after_ten_working_days() -> None:
    found = answer_by(datetime(2025, 12, 19, 12, tzinfo=UTC), "anc")
    # Not counted: two weekends and a half, Christmas Day, Boxing Day, New Year's Day.
    assert found.due_at == datetime(2026, 1, 8, tzinfo=UTC)


asked = InformationAsked(
    REFERRAL, CHILD, INQUIRY, Informant.SCHOOL, Plain("?"), LATER, "p", "c", NOW
)
came = InformationReceived(
    REFERRAL,
    CHILD,
    INQUIRY,
    Informant.SCHOOL,
    immediate_danger=False,
    words=Plain("!"),
    next_due_at=None,
)


@pytest.mark.parametrize(
    ("event", "follows"),
    [
        (ScreeningDueSet(REFERRAL, NOW, False, "p", "c"), [Due(SCREENING, STREAM, NOW)]),  # noqa: FBT003 # a field
        (
            ReferralScreened(
                REFERRAL, CHILD, Safeguarding.NONE, Urgency.ROUTINE, Eligibility.ELIGIBLE
            ),
            [Met(SCREENING, STREAM)],
        ),
        (DangerReported(REFERRAL, UUID(int=9), CHILD, None), []),
        (asked, [Due(INFORMATION, STREAM, NOW)]),
        (came, [Met(INFORMATION, STREAM)]),
        (InformationOverdue(REFERRAL, INQUIRY, NOW, LATER), [Due(INFORMATION, STREAM, LATER)]),
        (InformationOverdue(REFERRAL, INQUIRY, NOW, None), []),
        (
            ReferralDeclined(REFERRAL, CHILD, DeclineReason.NO_CONSENT, Plain(None)),
            [Met(SCREENING, STREAM), Met(INFORMATION, STREAM)],
        ),
    ],
    ids=lambda each: type(each).__name__,
)
def test_facts_set_move_and_end_the_clocks(event: object, follows: list[object]) -> None:
    assert deadlines(recorded(event)) == follows


def test_what_falls_due_becomes_a_command_on_its_referral() -> None:
    assert fall_due(SCREENING, STREAM, NOW) == Do(ScreeningFellDue(STREAM, NOW), STREAM)
    assert fall_due(INFORMATION, STREAM, NOW) == Do(InformationFellDue(STREAM, NOW), STREAM)
    with pytest.raises(LookupError):
        fall_due("tea", STREAM, NOW)
