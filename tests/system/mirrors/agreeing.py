"""Consents, bookings and pauses of another authority's cases, asked for."""

from tests.system.mirrors.case import NEWCOMER, Case

_MATTERS = [{"purpose": "therapy"}]
_MOTHER = {"person_id": NEWCOMER, "capacity": "parental-responsibility"}

CASES = (
    Case(
        "CaseConsentsService.GiveCaseConsent",
        {"case_id": "{case}", "matters": _MATTERS, "given_by": _MOTHER},
    ),
    Case(
        "CaseConsentsService.RefuseCaseConsent",
        {"case_id": "{case}", "matters": _MATTERS, "refused_by": _MOTHER},
    ),
    Case(
        "CaseConsentsService.WithdrawCaseConsent",
        {"case_id": "{case}", "matters": _MATTERS, "withdrawn_by": _MOTHER},
    ),
    Case(
        "CaseConsentsService.AssessCompetence",
        {
            "case_id": "{case}",
            "matter": {"purpose": "therapy"},
            "found": "competent",
            "assessor_id": "{worker}",
            "reasons": "Yes.",
        },
    ),
    Case(
        "CaseConsentsService.DecideConsent",
        {
            "case_id": "{case}",
            "matter": {"purpose": "therapy"},
            "outcome": "stop",
            "clinician_id": "{worker}",
            "reasons": "No.",
        },
    ),
    Case(
        "ClosuresService.ProposeClosure",
        {"case_id": "{case}", "reason": "moved", "wish": "agrees"},
    ),
    Case("ClosuresService.GetChecklist", {"case_id": "{case}"}),
    Case("ClosuresService.ReturnClosure", {"case_id": "{case}", "words": "Not yet."}),
    Case(
        "CasesService.ReopenCase",
        {
            "case_id": "{case}",
            "reason": "new-need",
            "duty_holder": "westmarch",
            "words": "Anew.",
        },
    ),
    Case(
        "CasesService.LinkFamily",
        {"case_id": "{our case}", "other_case_id": "{case}", "relation": "sibling"},
    ),
    Case(
        "CasesService.UnlinkFamily",
        {"case_id": "{our case}", "other_case_id": "{case}"},
    ),
    Case("CaseConsentsService.ListCaseConsents", {"case_id": "{case}"}),
    Case(
        "SessionsService.ScheduleSession",
        {
            "case_id": "{case}",
            "worker_id": "{worker}",
            "kind": "direct-work",
            "starts_at": {"seconds": 1_760_000_000},
            "minutes": 30,
        },
    ),
    Case(
        "SessionsService.CancelSession",
        {"case_id": "{case}", "booking_id": NEWCOMER, "reason": "safety"},
        nowhere=True,
    ),
    Case(
        "SessionsService.PauseIntervention",
        {"case_id": "{case}", "cause": "no-worker", "reasons": "Nobody."},
    ),
    Case(
        "SessionsService.ResumeIntervention",
        {"case_id": "{case}", "cause": "no-worker", "reasons": "Somebody."},
    ),
    Case("SessionsService.ListBookings", {"case_id": "{case}"}),
)
