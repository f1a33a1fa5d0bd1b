"""Reviews as they are recorded, written as the contract says them."""

from collections.abc import Sequence

from casework.assessments.replies import heading, put_heading
from casework.opening import Seen
from casework.reviews import review_events as told
from casework.reviews.upcoming import Upcoming
from throughline.casework.v1 import reviews_pb2 as pb


def reviews(seen: Sequence[Seen]) -> list[pb.Review]:
    """Write the reviews of a case from what is recorded of them."""
    found: dict[int, pb.Review] = {}
    for each in seen:
        if isinstance(each.fact.event, told.ReviewScheduled):
            _scheduled(found, each.fact.event)
        elif found:
            _went_on(list(found.values())[-1], each)
    return list(found.values())


def _scheduled(found: dict[int, pb.Review], event: told.ReviewScheduled) -> None:
    review = found.setdefault(event.number, pb.Review(number=event.number, state="due"))
    review.due_on = event.next_due.isoformat()
    review.triggers.add(
        trigger=event.trigger.value,
        since=event.since.isoformat(),
        due_on=event.due_on.isoformat(),
        rule=event.rule,
    )


def _went_on(review: pb.Review, seen: Seen) -> None:
    match seen.fact.event:
        case told.ChangeNoted(change_id=change_id, kind=kind, on=on):
            review.changes.add(
                change_id=str(change_id),
                kind=kind.value,
                on=on.isoformat(),
                words=seen.text(),
            )
        case told.ReviewOverdue():
            review.overdue = True
        case told.ReviewStarted(on=on):
            review.state, review.started_on = "underway", on.isoformat()
        case told.ReviewHeadingConsidered():
            put_heading(review.headings, heading(seen))
        case told.ReviewCompleted(on=on, outcome=outcome, plan_version=version):
            review.state, review.completed_on = "completed", on.isoformat()
            review.outcome, review.plan_version = outcome.value, version
            review.words = seen.text()
        case told.ReviewsCeased():
            review.state = "ceased"
        case _:
            pass


def summary(of: Upcoming) -> pb.ReviewSummary:
    """Write a review that is due."""
    return pb.ReviewSummary(
        case_id=str(of.case_id),
        child=str(of.child),
        number=of.number,
        trigger=of.trigger,
        due_on=of.due_on.isoformat(),
        overdue=of.overdue,
        underway=of.underway,
    )
