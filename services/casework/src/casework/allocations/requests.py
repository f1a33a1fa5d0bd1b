"""Requests on who works on a case read: each field parsed, and named where it is wrong."""

from datetime import date, timedelta
from uuid import UUID

from casework.allocations.allocation_events import (
    AllocationReason,
    DeclineReason,
    LeavingReason,
    Part,
    WithdrawalReason,
)
from casework.allocations.commands import (
    AcceptAllocation,
    ClearConflictIn,
    DeclareConflictIn,
    DeclineAllocation,
    EndPartInCase,
    OfferAllocation,
    WeighCaseBy,
    WithdrawAllocation,
)
from casework.allocations.conflict import Knows, Tie
from casework.allocations.proposing import Wanted
from casework.allocations.weight import CaseType, Complexity, Factors, Travel
from casework.requests import MAX_TAGS, MAX_WORDS, a_tag
from casework.workers.work import Work
from chassis.edge.malformed import (
    a_choice,
    a_count,
    a_day,
    a_text,
    a_uuid,
    all_of,
    malformed,
)
from ledger.personal import Plain
from throughline.casework.v1 import allocations_pb2 as pb

MOST_A_MONTH = 20
MOST_DAYS = 731


def offer(request: pb.OfferAllocationRequest, offer_id: UUID) -> OfferAllocation:
    """Read what is offered to whom, and why."""
    return OfferAllocation(
        offer_id,
        a_uuid("case_id", request.case_id),
        a_uuid("to_worker", request.to_worker),
        a_choice("part", request.part, Part),
        a_choice("reason", request.reason, AllocationReason),
        _code("area", request.area),
        _words(request.words),
    )


def accept(request: pb.AcceptAllocationRequest, worker: str) -> AcceptAllocation:
    """Read which offer the caller takes."""
    return AcceptAllocation(
        a_uuid("offer_id", request.offer_id),
        a_uuid("case_id", request.case_id),
        a_uuid("token.sub", worker),
    )


def decline(request: pb.DeclineAllocationRequest, worker: str) -> DeclineAllocation:
    """Read which offer the caller does not take, and why."""
    return DeclineAllocation(
        a_uuid("offer_id", request.offer_id),
        a_uuid("case_id", request.case_id),
        a_uuid("token.sub", worker),
        a_choice("reason", request.reason, DeclineReason),
        _words(request.words),
    )


def withdraw(request: pb.WithdrawAllocationRequest) -> WithdrawAllocation:
    """Read which offer is taken back, and why."""
    reason = a_choice("reason", request.reason, WithdrawalReason)
    if reason is WithdrawalReason.OVERTAKEN:
        raise malformed("reason", "bad-reason", "offered-elsewhere or mistake")
    return WithdrawAllocation(
        a_uuid("offer_id", request.offer_id), a_uuid("case_id", request.case_id), reason
    )


def end_part(request: pb.EndPartInCaseRequest) -> EndPartInCase:
    """Read whose part in a case ends, and why."""
    return EndPartInCase(
        a_uuid("case_id", request.case_id),
        a_uuid("of_worker", request.of_worker),
        a_choice("reason", request.reason, LeavingReason),
        _words(request.words),
    )


def weigh(request: pb.WeighCaseRequest) -> WeighCaseBy:
    """Read what a case is weighed by."""
    said = request.factors
    factors = Factors(
        a_choice("factors.type", said.type, CaseType),
        a_choice("factors.complexity", said.complexity, Complexity),
        a_choice("factors.travel", said.travel, Travel),
        a_count("factors.groups", said.groups, 0, MOST_A_MONTH),
        a_count("factors.consultations", said.consultations, 0, MOST_A_MONTH),
    )
    return WeighCaseBy(a_uuid("case_id", request.case_id), factors)


def declare(request: pb.DeclareConflictRequest) -> DeclareConflictIn:
    """Read who knows whom."""
    return DeclareConflictIn(
        a_uuid("case_id", request.case_id),
        a_uuid("worker_id", request.worker_id),
        a_choice("knows", request.knows, Knows),
        a_choice("tie", request.tie, Tie),
        _words(request.words),
    )


def clear(request: pb.ClearConflictRequest) -> ClearConflictIn:
    """Read who does not know them after all."""
    return ClearConflictIn(
        a_uuid("case_id", request.case_id), a_uuid("of_worker", request.of_worker)
    )


def wanted(request: pb.ProposeWorkersRequest, today: date) -> Wanted:
    """Read what a case asks for."""
    return Wanted(
        a_choice("part", request.part, Part) if request.part else Part.LEAD,
        a_choice("work", request.work, Work) if request.work else None,
        all_of("skills", request.skills, MAX_TAGS, a_tag),
        _code("language", request.language),
        _code("area", request.area),
        _code("team", request.team),
        today,
    )


def span(request: pb.ViewFairnessRequest) -> tuple[date, date, str]:
    """Read from which day to which, and of which team; at most two years."""
    first = a_day("from_day", request.from_day)
    last = a_day("to_day", request.to_day, earliest=first)
    if last - first > timedelta(days=MOST_DAYS):
        raise malformed("to_day", "too-long", f"at most {MOST_DAYS} days")
    return first, last, _code("team", request.team)


def _code(field: str, text: str) -> str:
    return a_tag(field, text) if text else ""


def _words(text: str) -> Plain[str | None]:
    return Plain(a_text("words", text, MAX_WORDS) if text else None)
