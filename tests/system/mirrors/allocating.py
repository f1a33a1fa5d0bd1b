"""Who works on the cases of another authority, and its workers, asked for."""

from chassis.roles import Role
from tests.system.mirrors.case import NEWCOMER, OK, REFUSED, Case

_OFFER = {"case_id": "{case}", "offer_id": NEWCOMER}
_FACTORS = {"type": "therapy", "complexity": "stable", "travel": "local"}

CASES = (
    Case(
        "AllocationsService.OfferAllocation",
        {"case_id": "{case}", "to_worker": "{worker}", "part": "lead", "reason": "handover"},
    ),
    # Whom they know as a worker is nobody here.
    Case(
        "AllocationsService.OfferAllocation",
        {"case_id": "{our case}", "to_worker": "{worker}", "part": "lead", "reason": "handover"},
        own=REFUSED,
    ),
    Case("AllocationsService.AcceptAllocation", _OFFER, role=Role.SUPPORT_WORKER, nowhere=True),
    Case(
        "AllocationsService.DeclineAllocation",
        {**_OFFER, "reason": "workload"},
        role=Role.SUPPORT_WORKER,
        nowhere=True,
    ),
    Case("AllocationsService.WithdrawAllocation", {**_OFFER, "reason": "mistake"}, nowhere=True),
    Case(
        "AllocationsService.EndPartInCase",
        {"case_id": "{case}", "of_worker": "{worker}", "reason": "absence"},
    ),
    Case("AllocationsService.WeighCase", {"case_id": "{case}", "factors": _FACTORS}),
    Case(
        "AllocationsService.DeclareConflict",
        {"case_id": "{case}", "worker_id": "{worker}", "knows": "child", "tie": "friend"},
    ),
    Case("AllocationsService.ClearConflict", {"case_id": "{case}", "of_worker": "{worker}"}),
    Case("AllocationsService.GetAllocation", {"case_id": "{case}"}),
    Case("AllocationsService.ProposeWorkers", {"case_id": "{case}"}),
    Case("AllocationsService.ProposeWorkers", {"case_id": "{our case}", "limit": 50}, own=OK),
    Case("AllocationsService.ListOffers", {"worker_id": "{worker}"}, own=OK),
    Case("AllocationsService.GetWorkload", {"worker_id": "{worker}"}),
    Case(
        "AllocationsService.ViewFairness",
        {"from_day": "2025-01-01", "to_day": "2026-12-31"},
        own=OK,
    ),
    Case(
        "WorkersService.ChangeWorkerProfile",
        {"worker_id": "{worker}", "weekly_minutes": 2220, "experience": "experienced"},
    ),
    Case(
        "WorkersService.AssignToTeam",
        {"worker_id": "{worker}", "team": "north", "from_day": "2026-01-01"},
    ),
    Case(
        "WorkersService.LeaveTeam",
        {"worker_id": "{worker}", "team": "north", "last_day": "2026-01-01"},
    ),
    Case("WorkersService.ListWorkers", {}, own=OK),
)
