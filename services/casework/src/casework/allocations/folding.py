"""What the facts of an allocation come to. Pure; facts are past, so nothing here refuses."""

from dataclasses import replace
from typing import assert_never
from uuid import UUID

from casework.allocations.allocation_events import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationEnded,
    AllocationEvent,
    AllocationOffered,
    AllocationOverdue,
    AllocationUnanswered,
    AllocationWithdrawn,
    CaseAllocated,
    CaseWeighed,
    HandoverAccepted,
    HandoverOffered,
    LeadAwaited,
    LeadEnded,
    Part,
    WorkerJoined,
    WorkerLeft,
)
from casework.allocations.allocation_states import (
    Allocation,
    Answer,
    Around,
    Ended,
    Led,
    Offer,
    Overdue,
    Unallocated,
    Weighed,
)

KEPT = 50
"""Offers that are kept in the state, the newest; the history has them all."""

_ANSWERS = {
    AllocationAccepted: Answer.ACCEPTED,
    HandoverAccepted: Answer.ACCEPTED,
    AllocationDeclined: Answer.DECLINED,
    AllocationWithdrawn: Answer.WITHDRAWN,
    AllocationUnanswered: Answer.UNANSWERED,
}


def evolve(allocation: Allocation, event: AllocationEvent) -> Allocation:
    """Fold one recorded fact into the state."""
    around = allocation.around
    match event:
        case LeadAwaited(case_id, child, episode, due_on, rule):
            fresh = Around(weight=around.weight, gaps=around.gaps + 1)
            return Unallocated(case_id, child, episode, due_on, rule, fresh)
        case CaseAllocated(worker=worker):
            return Led(worker, _without(around, worker))
        case LeadEnded(case_id, child, episode, due_on=due_on, rule=rule):
            gone = replace(around, gaps=around.gaps + 1)
            return Unallocated(case_id, child, episode, due_on, rule, gone)
        case AllocationEnded(episode=episode, worker=worker):
            return Ended(episode, worker, around)
        case AllocationOverdue(episode=episode):
            return allocation if isinstance(allocation, Led) else Overdue(episode, around)
        case _:
            return replace(allocation, around=_beside(around, event))


def _beside(  # noqa: PLR0911 # a row an event
    around: Around,
    event: WorkerJoined
    | WorkerLeft
    | AllocationOffered
    | HandoverOffered
    | AllocationAccepted
    | HandoverAccepted
    | AllocationDeclined
    | AllocationWithdrawn
    | AllocationUnanswered
    | CaseWeighed,
) -> Around:
    match event:
        case WorkerJoined(worker=worker, part=part):
            others = _without(around, worker)
            if part is Part.CONSULTANT:
                return replace(others, consultants=others.consultants | {worker})
            return replace(others, co_workers=others.co_workers | {worker})
        case WorkerLeft(worker=worker):
            return _without(around, worker)
        case AllocationOffered(part=part):
            return _offered(around, event, part)
        case HandoverOffered():
            return _offered(around, event, Part.LEAD)
        case CaseWeighed(factors=factors, weight=weight, formula=formula):
            return replace(around, weight=Weighed(factors, weight, formula))
        case (
            AllocationAccepted()
            | HandoverAccepted()
            | AllocationDeclined()
            | AllocationWithdrawn()
            | AllocationUnanswered()
        ):
            answer = _ANSWERS[type(event)]
            offers = (
                replace(each, answer=answer) if each.offer_id == event.offer_id else each
                for each in around.offers
            )
            return replace(around, offers=tuple(offers))
        case _:
            assert_never(event)


def _offered(around: Around, event: AllocationOffered | HandoverOffered, part: Part) -> Around:
    offer = Offer(event.offer_id, event.worker, part, event.reason, event.answer_by)
    return replace(around, offers=(*around.offers, offer)[-KEPT:])


def _without(around: Around, worker: UUID) -> Around:
    return replace(
        around,
        co_workers=around.co_workers - {worker},
        consultants=around.consultants - {worker},
    )
