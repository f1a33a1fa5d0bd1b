"""Cases and workers of another authority, asked for."""

from chassis.roles import Role
from tests.system.mirrors.case import NEWCOMER, OK, REFUSED, Case

WORKER = Role.SUPPORT_WORKER

CASES = (
    # An id of theirs would be theirs no longer: the same person may work for both.
    Case(
        "CaseworkService.RegisterWorker",
        {"worker_id": NEWCOMER, "kind": "support-worker", "display_name": "Ann"},
        own=OK,
    ),
    Case(
        "CaseworkService.ChangeWorkerRegistration",
        {
            "worker_id": "{worker}",
            "registration": {
                "body": "hcpc",
                "valid_from": "2025-01-01",
                "valid_to": "2026-01-01",
            },
        },
    ),
    Case("CaseworkService.GetWorker", {"worker_id": "{worker}"}),
    Case(
        "CaseworkService.AllocateCase",
        {"case_id": "{case}", "worker_id": "{worker}", "reason": "handover"},
    ),
    Case(
        "CaseworkService.RecordSession",
        {
            "case_id": "{case}",
            "kind": "direct-work",
            "minutes": 30,
            "notes": "A talk.",
            "attendance": {},
        },
        role=WORKER,
    ),
    Case(
        "CaseworkService.CorrectSession",
        {
            "case_id": "{case}",
            "session_id": "{session}",
            "corrects": "{entry}",
            "reason": "omission",
            "minutes": 5,
        },
    ),
    Case("CaseworkService.RequestPlace", {"case_id": "{case}", "cohort_id": "{cohort}"}),
    Case("CaseworkService.CloseCase", {"case_id": "{case}", "reason": "moved", "summary": "Gone."}),
    Case("CaseworkService.GetCase", {"case_id": "{case}"}),
    Case("CaseworkService.ListCases", {"state": "open", "limit": 200}, own=OK),
    Case("CaseworkService.ListCaseload", {"worker_id": "{worker}"}, own=OK),
    Case("CaseworkService.ReadChronology", {"case_id": "{case}"}),
    Case("CaseworkService.ReadChronology", {"unseal": True, "case_id": "{case}"}),
    # Somebody who works for them alone cannot lead a case of ours.
    Case(
        "CaseworkService.AllocateCase",
        {"case_id": "{our case}", "worker_id": "{worker}", "reason": "handover"},
        own=REFUSED,
    ),
)
