"""A plan is reviewed by the earliest of its triggers; what a review changes goes through notice."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.assessments.heading import Considered, Heading, HeadingsMissing, Relevance
from casework.reviews.review import (
    DECIDER,
    NoPlanToReview,
    NoRevisedPlan,
    NotUnderReview,
    ReviewedOtherwise,
    ReviewedSooner,
)
from casework.reviews.review_commands import (
    CeaseReviews,
    CompleteReview,
    ConsiderAtReview,
    NoteChange,
    NoteReviewOverdue,
    PlanStage,
    ReviewCommand,
    ScheduleReview,
    StartReview,
)
from casework.reviews.review_events import (
    Change,
    ChangeNoted,
    ReviewCompleted,
    ReviewHeadingConsidered,
    ReviewOutcome,
    ReviewOverdue,
    ReviewsCeased,
    ReviewScheduled,
    ReviewStarted,
    Trigger,
)
from casework.reviews.rule import after_change, yearly
from casework.rules.due import DueBy
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from ledger.working_days import ENGLAND_AND_WALES

CASE, CHILD, CHANGE, ITEM = (UUID(int=n) for n in range(1, 5))
BEGAN, YEAR_ON = date(2025, 11, 24), date(2026, 11, 24)
MOVED, SOON, HELD, AGAIN = date(2026, 2, 2), date(2026, 3, 2), date(2026, 2, 20), date(2027, 2, 20)
WORDS = Plain("They moved house.")
ENTRIES = tuple(
    Considered(UUID(int=100 + place), heading, Relevance.CONSIDERED, ())
    for place, heading in enumerate(Heading)
)

schedule = ScheduleReview(CASE, CHILD, Trigger.YEARLY, BEGAN, DueBy(YEAR_ON, "r1"))
scheduled = ReviewScheduled(CASE, CHILD, 1, Trigger.YEARLY, BEGAN, YEAR_ON, "r1", YEAR_ON, None)
note = NoteChange(CHANGE, Change.HOME, MOVED, DueBy(SOON, "r1"), WORDS)
noted = ChangeNoted(CASE, CHILD, CHANGE, Change.HOME, MOVED, WORDS)
sooner = ReviewScheduled(CASE, CHILD, 1, Trigger.CHANGE, MOVED, SOON, "r1", SOON, YEAR_ON)
started = ReviewStarted(CASE, CHILD, 1, HELD)
said = tuple(
    ReviewHeadingConsidered(CASE, CHILD, 1, e.entry_id, e.heading, e.relevance, (), WORDS)
    for e in ENTRIES
)
complete = CompleteReview(HELD, ReviewOutcome.CONTINUE, 1, 1, DueBy(AGAIN, "r1"), WORDS)
completed = ReviewCompleted(CASE, CHILD, 1, HELD, ReviewOutcome.CONTINUE, 1, WORDS)
scheduled_again = ReviewScheduled(CASE, CHILD, 2, Trigger.YEARLY, HELD, AGAIN, "r1", AGAIN, None)
ceased = ReviewsCeased(CASE, CHILD, 1)

review = Given(DECIDER)
due = review.given(scheduled)
held = due.given(started)
whole = held.given(*said)
done = whole.given(completed, scheduled_again)
over = due.given(ceased)

TRANSITIONS = Transitions(
    {
        "no plan yet": review,
        "due": due,
        "being held": held,
        "being held, all considered": whole,
        "completed, the next one due": done,
        "no plan any more": over,
    },
    {
        "a plan comes into force": schedule,
        "a change is noted": note,
        "a day is thought right": PlanStage(DueBy(SOON, "r1")),
        "its day is over": NoteReviewOverdue(YEAR_ON),
        "begin": StartReview(HELD),
        "consider a heading": ConsiderAtReview(ENTRIES[0], WORDS),
        "complete: continue": complete,
        "complete: change": replace(complete, outcome=ReviewOutcome.CHANGE, drafted=2),
        "the plan ends": CeaseReviews(),
    },
)


def test_a_plan_in_force_is_reviewed_within_a_year_by_the_rule_of_its_day() -> None:
    by = yearly(BEGAN, "").by(ENGLAND_AND_WALES)
    assert (by.on, by.rule) == (YEAR_ON, "2005-12-30")
    assert yearly(date(2024, 2, 29), "").by(ENGLAND_AND_WALES).on == date(2025, 2, 28)
    review.when(schedule).then(scheduled)
    due.when(schedule).then()


def test_a_change_brings_the_review_forward_and_the_earlier_day_stays_to_be_seen() -> None:
    assert after_change(MOVED, "").by(ENGLAND_AND_WALES).on == SOON
    due.when(note).then(noted, sooner)
    due.given(noted, sooner).when(note).then()
    later = replace(note, change_id=ITEM)
    due.given(noted, sooner).when(later).then(replace(noted, change_id=ITEM))


def test_a_change_in_the_course_of_a_review_is_considered_at_it() -> None:
    held.when(note).then(noted)


def test_a_day_that_is_thought_right_must_be_sooner() -> None:
    stage = replace(sooner, trigger=Trigger.STAGE, since=SOON)
    due.when(PlanStage(DueBy(SOON, "r1"))).then(stage)
    due.when(PlanStage(DueBy(YEAR_ON, "r1"))).then()
    due.when(PlanStage(DueBy(date(2027, 1, 1), "r1"))).then_refused(ReviewedSooner)
    held.when(PlanStage(DueBy(SOON, "r1"))).then_refused(ReviewedSooner)


def test_a_variation_of_the_plan_puts_no_review_off() -> None:
    due.when(replace(schedule, since=SOON, due=DueBy(date(2027, 3, 2), "r1"))).then()
    due.when(replace(schedule, trigger=Trigger.STAGE, due=DueBy(SOON, "r1"))).then(
        replace(sooner, trigger=Trigger.STAGE, since=BEGAN)
    )


def test_overdue_is_noted_once_for_the_day_that_counts() -> None:
    late = ReviewOverdue(CASE, CHILD, 1, YEAR_ON)
    due.when(NoteReviewOverdue(YEAR_ON)).then(late)
    held.when(NoteReviewOverdue(YEAR_ON)).then(late)
    due.given(late).when(NoteReviewOverdue(YEAR_ON)).then()
    due.given(noted, sooner).when(NoteReviewOverdue(YEAR_ON)).then()
    done.when(NoteReviewOverdue(YEAR_ON)).then()


def test_a_review_considers_what_an_assessment_does() -> None:
    held.when(complete).then_refused(HeadingsMissing)
    held.when(ConsiderAtReview(ENTRIES[0], WORDS)).then(said[0])
    whole.when(ConsiderAtReview(ENTRIES[0], WORDS)).then()
    whole.when(complete).then(completed, scheduled_again)
    done.when(complete).then()
    done.when(replace(complete, outcome=ReviewOutcome.END)).then_refused(NotUnderReview)


def test_what_is_to_change_is_drafted_first_and_decided_on_notice() -> None:
    change = replace(complete, outcome=ReviewOutcome.CHANGE)
    whole.when(change).then_refused(NoRevisedPlan)
    whole.when(replace(change, drafted=2)).then(
        replace(completed, outcome=ReviewOutcome.CHANGE, plan_version=2), scheduled_again
    )
    whole.when(replace(complete, outcome=ReviewOutcome.END)).then(
        replace(completed, outcome=ReviewOutcome.END), scheduled_again
    )


def test_a_review_is_held_once() -> None:
    due.when(StartReview(HELD)).then(started)
    held.when(StartReview(HELD)).then()
    held.when(StartReview(SOON)).then_refused(ReviewedOtherwise)
    whole.when(replace(complete, on=MOVED)).then_refused(ReviewedOtherwise)
    due.when(complete).then_refused(NotUnderReview)


def test_without_a_plan_nothing_is_reviewed() -> None:
    due.when(CeaseReviews()).then(ceased)
    over.when(CeaseReviews()).then()
    over.when(note).then_refused(NoPlanToReview)
    review.when(note).then_refused(NoPlanToReview)
    over.when(schedule).then(replace(scheduled, number=2))


commands: st.SearchStrategy[ReviewCommand] = st.sampled_from(
    [
        schedule,
        note,
        NoteReviewOverdue(YEAR_ON),
        NoteReviewOverdue(SOON),
        PlanStage(DueBy(SOON, "r1")),
        StartReview(HELD),
        *(ConsiderAtReview(each, WORDS) for each in ENTRIES),
        complete,
        CeaseReviews(),
    ]
)


@given(st.lists(commands, max_size=20))
def test_a_repeated_command_decides_nothing(history: list[ReviewCommand]) -> None:
    so_far = review
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
