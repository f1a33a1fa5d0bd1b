"""The reviews of a plan, one after the other: due by the earliest of its triggers, held, over.

An outcome that changes or ends the plan changes nothing by itself: it goes through a notice.
"""

from dataclasses import replace
from datetime import date
from typing import assert_never

from casework.assessments.heading import Considered, Heading, HeadingsMissing, missing, with_entry
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
    ChangeNoted,
    ReviewCompleted,
    ReviewEvent,
    ReviewHeadingConsidered,
    ReviewOutcome,
    ReviewOverdue,
    ReviewsCeased,
    ReviewScheduled,
    ReviewStarted,
    Trigger,
)
from casework.reviews.review_states import (
    Ceased,
    Completed,
    Known,
    NoneYet,
    NotDue,
    Review,
    UnderReview,
    Waiting,
)
from casework.rules.due import DueBy
from ledger.decider import Decider, Refusal


class NoPlanToReview(Refusal):
    """No plan is in force, so none is reviewed."""


class NotUnderReview(Refusal):
    """The review has not begun, or is over."""


class ReviewedOtherwise(Refusal):
    """The review began or ended on another day, or came to another outcome."""


class NoRevisedPlan(Refusal):
    """A review that is to change the plan needs a version drafted after the one in force."""


class ReviewedSooner(Refusal):
    """The plan is to be reviewed before that day anyway."""


def decide(  # noqa: PLR0911 # a row a command
    command: ReviewCommand, review: Review
) -> list[ReviewEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, review:
        case ScheduleReview(), _:
            return _schedule(command, review)
        case NoteReviewOverdue(due_on), Waiting(known) | UnderReview(known):
            if due_on != known.due or due_on in known.overdue:
                return []
            return [ReviewOverdue(known.case_id, known.child, known.number, due_on)]
        # It was held at the last moment, or there is nothing to review any more.
        case NoteReviewOverdue() | CeaseReviews(), NotDue() | Ceased():
            return []
        case CeaseReviews(), Waiting(known) | UnderReview(known):
            return [ReviewsCeased(known.case_id, known.child, known.number)]
        case _, NotDue() | Ceased():
            raise NoPlanToReview
        case PlanStage(due), _:
            return _stage(due, review)
        case NoteChange(), _:
            return _change(command, review)
        case StartReview() | ConsiderAtReview() | CompleteReview(), _:
            return _held(command, review)
        case _:
            raise Refusal(type(command), type(review))


def _schedule(command: ScheduleReview, review: Review) -> list[ReviewEvent]:
    match review:
        case NotDue():
            return [_first(command, 1)]
        case Ceased(known):
            return [_first(command, known.number + 1)]
        case Waiting(known) if command.due.on < known.due:
            return [_sooner(known, command.trigger, command.since, command.due)]
        # Due before that anyway, or being held.
        case Waiting() | UnderReview():
            return []


def _first(command: ScheduleReview, number: int) -> ReviewScheduled:
    due, trigger, since = command.due, command.trigger, command.since
    return ReviewScheduled(
        command.case_id, command.child, number, trigger, since, due.on, due.rule, due.on, None
    )


def _sooner(known: Known, trigger: Trigger, since: date, due: DueBy) -> ReviewScheduled:
    return ReviewScheduled(
        known.case_id,
        known.child,
        known.number,
        trigger,
        since,
        due.on,
        due.rule,
        due.on,
        known.due,
    )


def _stage(due: DueBy, review: Waiting | UnderReview) -> list[ReviewEvent]:
    known = review.known
    if due.on == known.due:
        return []
    if due.on > known.due or isinstance(review, UnderReview):
        raise ReviewedSooner
    return [_sooner(known, Trigger.STAGE, due.on, due)]


def _change(command: NoteChange, review: Waiting | UnderReview) -> list[ReviewEvent]:
    known = review.known
    if command.change_id in known.changes:
        return []
    noted = ChangeNoted(
        known.case_id, known.child, command.change_id, command.kind, command.on, command.words
    )
    if isinstance(review, UnderReview) or command.due.on >= known.due:
        return [noted]
    return [noted, _sooner(known, Trigger.CHANGE, command.on, command.due)]


def _held(
    command: StartReview | ConsiderAtReview | CompleteReview, review: Waiting | UnderReview
) -> list[ReviewEvent]:
    known = review.known
    match command, review:
        case StartReview(on), Waiting():
            return [ReviewStarted(known.case_id, known.child, known.number, on)]
        case StartReview(on), UnderReview(on=since):
            if on == since:
                return []
            raise ReviewedOtherwise
        case ConsiderAtReview(), UnderReview(entries=entries):
            if command.entry in entries:
                return []
            return [_considered(command, known)]
        case CompleteReview(), UnderReview():
            return _complete(command, review)
        # The same completion again is the same answer, so that callers may retry.
        case CompleteReview(on, outcome), Waiting(Known(last=Completed(_, day, held))) if (
            on,
            outcome,
        ) == (day, held):
            return []
        case _:
            raise NotUnderReview


def _considered(command: ConsiderAtReview, known: Known) -> ReviewHeadingConsidered:
    entry = command.entry
    return ReviewHeadingConsidered(
        known.case_id,
        known.child,
        known.number,
        entry.entry_id,
        entry.heading,
        entry.relevance,
        entry.rests_on,
        command.words,
    )


def _complete(command: CompleteReview, review: UnderReview) -> list[ReviewEvent]:
    known, outcome = review.known, command.outcome
    lacking = missing(review.entries, tuple(Heading))
    if lacking:
        raise HeadingsMissing(lacking)
    if command.on < review.on:
        raise ReviewedOtherwise
    changes = outcome is ReviewOutcome.CHANGE
    if changes and command.drafted <= command.in_force:
        raise NoRevisedPlan
    version = command.drafted if changes else command.in_force
    again = ScheduleReview(known.case_id, known.child, Trigger.YEARLY, command.on, command.next_due)
    return [
        ReviewCompleted(
            known.case_id, known.child, known.number, command.on, outcome, version, command.words
        ),
        # However it ends: if the notice comes to nothing, the plan is still reviewed.
        _first(again, known.number + 1),
    ]


def evolve(  # noqa: PLR0911 # a row an event
    review: Review, event: ReviewEvent
) -> Review:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case ReviewScheduled():
            return _scheduled(review, event)
        case _ if isinstance(review, NotDue):
            return review
        case ChangeNoted(change_id=change_id):
            known = review.known
            return _with(review, replace(known, changes=known.changes | {change_id}))
        case ReviewOverdue(due_on=day):
            known = review.known
            return _with(review, replace(known, overdue=known.overdue | {day}))
        case ReviewStarted(on=on):
            return UnderReview(review.known, on, ())
        case ReviewHeadingConsidered():
            return _said(review, event)
        case ReviewCompleted(number=number, on=on, outcome=outcome):
            return Waiting(replace(review.known, last=Completed(number, on, outcome)))
        case ReviewsCeased():
            return Ceased(review.known)
        case _:
            assert_never(event)


def _scheduled(review: Review, event: ReviewScheduled) -> Review:
    if isinstance(review, NotDue):
        known = Known(
            event.case_id,
            event.child,
            event.number,
            event.next_due,
            event.rule,
            frozenset(),
            frozenset(),
            NoneYet(),
        )
        return Waiting(known)
    return Waiting(replace(review.known, number=event.number, due=event.next_due, rule=event.rule))


def _with(review: Waiting | UnderReview | Ceased, known: Known) -> Review:
    return replace(review, known=known)


def _said(review: Waiting | UnderReview | Ceased, event: ReviewHeadingConsidered) -> Review:
    if not isinstance(review, UnderReview):
        return review
    new = Considered(event.entry_id, event.heading, event.relevance, event.rests_on)
    return replace(review, entries=with_entry(review.entries, new))


DECIDER: Decider[ReviewCommand, Review, ReviewEvent] = Decider("Review", NotDue(), decide, evolve)
