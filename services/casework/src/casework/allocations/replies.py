"""Answers on who works on a case written: rows and states as the contract says them."""

from collections.abc import Sequence

from casework.allocations.allocation_states import (
    Allocation,
    Led,
    Unallocated,
    Weighed,
)
from casework.allocations.fairness import Month
from casework.allocations.leading import Leading
from casework.allocations.loads import Offered
from casework.allocations.loads import Share as CaseShare
from casework.allocations.proposing import Proposal
from casework.replies import occurred, stamp
from throughline.casework.v1 import allocations_pb2 as pb


def allocation(
    held: Allocation, led: Sequence[Leading], offers: Sequence[Offered]
) -> pb.GetAllocationResponse:
    """Write who works on a case."""
    around, weight = held.around, held.around.weight
    return pb.GetAllocationResponse(
        lead=str(held.worker) if isinstance(held, Led) else "",
        co_workers=sorted(str(each) for each in around.co_workers),
        consultants=sorted(str(each) for each in around.consultants),
        lead_due_on=held.due_on.isoformat() if isinstance(held, Unallocated) else "",
        weight=weight.weight if isinstance(weight, Weighed) else 0,
        formula=weight.formula if isinstance(weight, Weighed) else "",
        led=[
            pb.Leading(worker_id=str(each.worker or ""), since=occurred(each.since)) for each in led
        ],
        offers=[offer(each) for each in offers],
    )


def offer(of: Offered) -> pb.Offer:
    """Write an offer and what came of it."""
    return pb.Offer(
        offer_id=str(of.offer_id),
        case_id=str(of.case_id),
        worker_id=str(of.worker),
        part=of.part,
        reason=of.reason,
        reach=of.reach,
        weight=of.weight,
        offered_at=stamp(of.offered_at),
        answer_by=of.answer_by.isoformat(),
        answer=of.answer,
        answer_reason=of.answer_reason or "",
    )


def proposal(of: Proposal) -> pb.Proposal:
    """Write a worker who is proposed, with what speaks for him."""
    return pb.Proposal(
        worker_id=str(of.worker),
        score=of.score,
        may_take_it=of.may_take_it,
        factors=[
            pb.ProposalFactor(
                name=each.name,
                contribution=each.contribution,
                most=each.most,
                because=each.because,
            )
            for each in of.factors
        ],
    )


def case_share(of: CaseShare) -> pb.CaseShare:
    """Write what a worker carries of a case."""
    return pb.CaseShare(
        case_id=str(of.case_id), part=of.part.value, weight=of.weight, carries=of.carries
    )


def month(of: Month) -> pb.FairnessRow:
    """Write how work was shared out to a worker in a month."""
    return pb.FairnessRow(
        worker_id=str(of.worker),
        month=of.month.isoformat(),
        offered=of.offered,
        accepted=of.accepted,
        declined=of.declined,
        unanswered=of.unanswered,
        named=of.named,
        outside_area=of.outside_area,
        weight=of.weight,
        decline_reasons=dict(of.reasons),
    )
