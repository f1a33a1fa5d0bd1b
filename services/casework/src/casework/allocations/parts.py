"""Who works on which case, what was offered and answered: a read model of the allocations."""

from collections.abc import Sequence
from typing import Any

from casework.allocations.allocation_events import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationEnded,
    AllocationOffered,
    AllocationUnanswered,
    AllocationWithdrawn,
    CaseAllocated,
    CaseWeighed,
    HandoverAccepted,
    HandoverOffered,
    LeadEnded,
    Part,
    WorkerJoined,
    WorkerLeft,
)
from casework.allocations.allocation_states import Answer
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_LEADS = Statement(
    "part of lead",
    """
    with gone as (
        delete from read.case_parts
         where tenant = $1 and case_id = $2 and part = 'lead' and worker <> $3)
    insert into read.case_parts (tenant, case_id, worker, part, since)
    values ($1, $2, $3, 'lead', $4)
    on conflict (tenant, case_id, worker) do update set part = 'lead', since = excluded.since
    """,
)
_BESIDE = Statement(
    "part beside lead",
    """
    insert into read.case_parts (tenant, case_id, worker, part, since)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant, case_id, worker) do update
       set part = excluded.part, since = excluded.since
    """,
)
_GONE = Statement(
    "part ended",
    "delete from read.case_parts where tenant = $1 and case_id = $2 and worker = $3",
)
_ALL_GONE = Statement(
    "parts ended", "delete from read.case_parts where tenant = $1 and case_id = $2"
)
_NAMED = Statement(
    "naming",
    """
    insert into read.namings (tenant, case_id, position, worker, part, named_at)
    values ($1, $2, $3, $4, $5, $6)
    """,
    key=(0, 1, 2),
)
_WEIGHED = Statement(
    "weight of case",
    """
    insert into read.case_weights (tenant, case_id, weight, formula) values ($1, $2, $3, $4)
    on conflict (tenant, case_id) do update
       set weight = excluded.weight, formula = excluded.formula
    """,
)
_OFFERED = Statement(
    "offer made",
    """
    insert into read.offers
        (tenant, offer_id, case_id, worker, part, reason, reach, weight, offered_at, answer_by,
         answer)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')
    """,
)
_ANSWERED = Statement(
    "offer answered",
    """
    update read.offers set answer = $3, answer_reason = $4, answered_at = $5
     where tenant = $1 and offer_id = $2
    """,
)


def project(  # a row an event
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Follow who works on what."""
    at = recorded.envelope
    match recorded.event:
        case CaseAllocated(case_id=case_id, worker=worker):
            named = _NAMED(at.tenant, case_id, at.position, worker, "lead", at.occurred.at)
            return [_LEADS(at.tenant, case_id, worker, at.occurred.at), named]
        case WorkerJoined(case_id=case_id, worker=worker, part=part):
            when = at.occurred.at
            named = _NAMED(at.tenant, case_id, at.position, worker, part.value, when)
            return [_BESIDE(at.tenant, case_id, worker, part.value, when), named]
        case LeadEnded(case_id=case_id, worker=worker) | WorkerLeft(case_id=case_id, worker=worker):
            return [_GONE(at.tenant, case_id, worker)]
        case AllocationEnded(case_id=case_id):
            return [_ALL_GONE(at.tenant, case_id)]
        case CaseWeighed(case_id=case_id, weight=weight, formula=formula):
            return [_WEIGHED(at.tenant, case_id, weight, formula)]
        case event:
            return _offer(at, event)


def _offer(  # noqa: PLR0911 # a row an event
    at: Envelope, event: object
) -> list[Write]:
    match event:
        case AllocationOffered(part=part):
            return [_made(at, event, part)]
        case HandoverOffered():
            return [_made(at, event, Part.LEAD)]
        case AllocationAccepted(offer_id=offer) | HandoverAccepted(offer_id=offer):
            return [_answered(at, offer, Answer.ACCEPTED, None)]
        case AllocationDeclined(offer_id=offer, reason=reason):
            return [_answered(at, offer, Answer.DECLINED, reason.value)]
        case AllocationWithdrawn(offer_id=offer, reason=reason):
            return [_answered(at, offer, Answer.WITHDRAWN, reason.value)]
        case AllocationUnanswered(offer_id=offer):
            return [_answered(at, offer, Answer.UNANSWERED, None)]
        case _:
            return []


def _made(at: Envelope, offer: AllocationOffered | HandoverOffered, part: Part) -> Write:
    return _OFFERED(
        at.tenant,
        offer.offer_id,
        offer.case_id,
        offer.worker,
        part.value,
        offer.reason.value,
        offer.reach.value,
        offer.weight,
        at.occurred.at,
        offer.answer_by,
    )


def _answered(at: Envelope, offer: object, answer: Answer, reason: str | None) -> Write:
    return _ANSWERED(at.tenant, offer, answer.value, reason, at.occurred.at)


PROJECTION = Projection(
    "parts",
    project,
    ("read.case_parts", "read.namings", "read.case_weights", "read.offers"),
    By.CASE,
)
