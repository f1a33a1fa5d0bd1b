"""An assessment and a review are late when their last day is over in London, and not before."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from casework.assessments import assessment_events as of_assessment
from casework.assessments.commands import NoteAssessmentOverdue
from casework.deadlines import deadlines, fall_due
from casework.reviews import review_events as of_review
from casework.reviews.commands import NoteReviewOverdue
from chassis.acting import Do, Due, Met
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain

CASE, CHILD, ID, STREAM = (UUID(int=n) for n in range(1, 5))
SUMMER, WINTER = date(2026, 6, 1), date(2026, 11, 24)
WORDS: Plain[Any] = Plain("words")


def recorded(event: object) -> Recorded[Any]:
    at, some = datetime(2025, 9, 1, 9, tzinfo=UTC), UUID(int=99)
    envelope = Envelope(
        event_id=some,
        tenant=some,
        category="Any",
        stream_id=STREAM,
        version=1,
        position=1,
        type=type(event).__name__,
        schema_version=1,
        occurred=Occurred(at),
        recorded_at=at,
        actor=Actor("somebody", "therapist"),
        command_id=some,
        correlation_id=some,
        corrects=None,
        case_id=CASE,
    )
    return Recorded(event, envelope)


def scheduled(due: date, sooner: date) -> of_review.ReviewScheduled:
    return of_review.ReviewScheduled(
        CASE, CHILD, 1, of_review.Trigger.CHANGE, SUMMER, due, "r", sooner, None
    )


def test_a_review_is_waited_for_until_the_end_of_the_earliest_day() -> None:
    end = datetime(2026, 6, 1, 23, tzinfo=UTC)
    assert deadlines(recorded(scheduled(WINTER, SUMMER))) == [Due("review", STREAM, end)]
    assert fall_due("review", STREAM, end) == Do(NoteReviewOverdue(STREAM, SUMMER), target=STREAM)
    held = of_review.ReviewCompleted(
        CASE, CHILD, 1, SUMMER, of_review.ReviewOutcome.CONTINUE, 1, WORDS
    )
    for ended in (held, of_review.ReviewsCeased(CASE, CHILD, 1)):
        assert deadlines(recorded(ended)) == [Met("review", STREAM)]
    # To begin it is not to hold it.
    assert deadlines(recorded(of_review.ReviewStarted(CASE, CHILD, 1, SUMMER))) == []


def test_an_assessment_is_waited_for_until_the_end_of_its_day() -> None:
    started = of_assessment.AssessmentStarted(
        CASE,
        CHILD,
        ID,
        of_assessment.AssessmentKind.FULL,
        (),
        of_assessment.AskedBy.CHILD,
        SUMMER,
        SUMMER,
        None,
        WINTER,
        "r",
    )
    end = datetime(2026, 11, 25, tzinfo=UTC)
    assert deadlines(recorded(started)) == [Due("assessment", STREAM, end)]
    note = NoteAssessmentOverdue(STREAM, WINTER)
    assert fall_due("assessment", STREAM, end) == Do(note, target=STREAM)
    over = of_assessment.AssessmentCompleted(CASE, CHILD, ID, WINTER, (), WORDS)
    assert deadlines(recorded(over)) == [Met("assessment", STREAM)]
