"""Rotas and concerns of another authority, asked for."""

from tests.system.mirrors.case import OK, REFUSED, Case

CONCERN = {"concern_id": "{concern}"}

ROTAS = (
    # Who stands must work here.
    Case(
        "RotaService.StartOnCall",
        {"post": "on-call", "worker_id": "{worker}", "until": "{tomorrow}"},
        own=REFUSED,
    ),
    Case("RotaService.EndOnCall", {"post": "on-call", "worker_id": "{worker}"}, own=REFUSED),
    Case(
        "RotaService.PlanOnCall",
        {
            "post": "on-call",
            "worker_id": "{worker}",
            "starts_at": "{tomorrow}",
            "until": "{tomorrow}",
        },
        own=REFUSED,
    ),
    Case(
        "RotaService.DropPlannedOnCall",
        {"post": "on-call", "worker_id": "{worker}", "starts_at": "{tomorrow}"},
        own=OK,
    ),
    Case("RotaService.GetOnCall", own=OK),
)

CONCERNS = (
    # Whoever says that a child is in danger is heard, whatever ids he has.
    Case(
        "ConcernsService.RaiseConcern",
        {
            "child": "{child}",
            "case_id": "{case}",
            "referral_id": "{referral}",
            "source": "call",
            "words": "Somebody called.",
        },
        own=OK,
    ),
    Case("ConcernsService.AcknowledgeConcern", CONCERN),
    Case("ConcernsService.RecordEmergencyTold", CONCERN | {"body": "police"}),
    Case("ConcernsService.ReferConcern", CONCERN | {"to_authority": "saltby", "consent": "given"}),
    Case("ConcernsService.RecordAuthorityAnswer", CONCERN | {"from_authority": "saltby"}),
    Case(
        "ConcernsService.CloseConcern",
        CONCERN | {"outcome": "mistaken", "words": "It was nothing."},
    ),
    Case("ConcernsService.GetConcern", CONCERN),
    *(
        Case("ConcernsService.ListConcerns", {"state": each, "limit": 200}, own=OK)
        for each in ("raised", "acknowledged", "closed")
    ),
)

CASES = (*ROTAS, *CONCERNS)
