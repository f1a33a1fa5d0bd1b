"""A screening is due by the end of the next weekday in London; the screening meets it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.acting import Do, Met
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain
from referrals.codes import Eligibility, Safeguarding, Urgency
from referrals.deadlines import fall_due
from referrals.life.deadlines import (
    CURRENT,
    SCREENING,
    ScreeningFellDue,
    ScreeningTarget,
    deadlines,
    next_weekday,
)
from referrals.life.events import DangerReported, ReferralScreened

STREAM = UUID(int=1)
NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)


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
    ("received_at", "due_at"),
    [
        # Wednesday: due before Friday begins (winter: London is UTC).
        (datetime(2025, 1, 15, 12, tzinfo=UTC), datetime(2025, 1, 17, tzinfo=UTC)),
        # Friday: due before Tuesday begins.
        (datetime(2025, 1, 17, 12, tzinfo=UTC), datetime(2025, 1, 21, tzinfo=UTC)),
        # Saturday: the same.
        (datetime(2025, 1, 18, 12, tzinfo=UTC), datetime(2025, 1, 21, tzinfo=UTC)),
        # Half past eleven at night in UTC is the next day in London's summer.
        (datetime(2025, 7, 1, 23, 30, tzinfo=UTC), datetime(2025, 7, 3, 23, tzinfo=UTC)),
    ],
)
def test_it_is_due_by_the_end_of_the_next_weekday(received_at: datetime, due_at: datetime) -> None:
    assert CURRENT.due_at(received_at) == due_at


def test_the_target_is_a_parameter() -> None:
    friday = datetime(2025, 1, 17, 12, tzinfo=UTC)
    assert ScreeningTarget(weekdays=0).due_at(friday) == datetime(2025, 1, 18, tzinfo=UTC)
    assert ScreeningTarget(weekdays=3).due_at(friday) == datetime(2025, 1, 23, tzinfo=UTC)


def test_weekends_are_passed_over() -> None:
    friday = date(2025, 1, 17)
    assert [next_weekday(friday + timedelta(days=each)).day for each in range(4)] == [
        20, 20, 20, 21,
    ]  # fmt: skip


def test_the_screening_meets_its_deadline_and_nothing_else_does() -> None:
    screened = ReferralScreened(
        UUID(int=2),
        UUID(int=3),
        Safeguarding.NONE,
        Urgency.ROUTINE,
        Eligibility.ELIGIBLE,
        Plain(None),
    )
    assert deadlines(recorded(screened)) == [Met(SCREENING, STREAM)]
    danger = DangerReported(UUID(int=2), UUID(int=4), UUID(int=3))
    assert deadlines(recorded(danger)) == []


def test_what_falls_due_becomes_a_command_on_its_referral() -> None:
    assert fall_due(SCREENING, STREAM, NOW) == Do(ScreeningFellDue(STREAM, NOW), STREAM)
    with pytest.raises(LookupError):
        fall_due("tea", STREAM, NOW)
