"""Referrals of another authority, asked for."""

import grpc

from tests.system.mirrors.case import NEWCOMER, OK, REFUSED, Case

CASES = (
    Case(
        "ReferralsService.SubmitReferral",
        {"submission": "{submission}"},
        own=grpc.StatusCode.INVALID_ARGUMENT,
    ),
    Case(
        "ReferralsService.ScreenReferral",
        {
            "referral_id": "{undecided}",
            "safeguarding": "none",
            "urgency": "routine",
            "eligibility": "eligible",
            "identity": "new",
            "duplicates": "none",
            "duty_holder": "looked-up",
            "conflict_of_interest": "none",
            "safe_contact": "safe",
        },
    ),
    Case(
        "ReferralsService.RecordScreening",
        {
            "referral_id": "{undecided}",
            "checks": [{"check": "safeguarding", "answer": "immediate-danger"}],
        },
    ),
    Case(
        "ReferralsService.WithdrawReferral", {"referral_id": "{undecided}", "reason": "moved-away"}
    ),
    Case(
        "ReferralsService.AmendReferral",
        {
            "referral_id": "{undecided}",
            "reason": "mistaken-entry",
            "codes": {"field": "needs", "codes": ["sleep"]},
        },
    ),
    Case(
        "ReferralsService.AddInformation",
        {"referral_id": "{undecided}", "source": "school", "basis": "fact", "words": "Of ours."},
    ),
    Case(
        "ReferralsService.RecordNeeds",
        {
            "referral_id": "{referral}",
            "person_id": "{child}",
            "needs": [{"kind": "language", "code": "pol"}],
        },
    ),
    Case(
        "ReferralsService.RequestAssessment",
        {"referral_id": "{undecided}", "asked_by": "self", "asked_for": "adopted-person"},
    ),
    Case(
        "ReferralsService.AskForInformation",
        {"referral_id": "{undecided}", "source": "school", "words": "When was it?"},
    ),
    Case(
        "ReferralsService.RecordInformation",
        {
            "referral_id": "{undecided}",
            "inquiry_id": NEWCOMER,
            "basis": "fact",
            "words": "In June.",
        },
    ),
    Case("ReferralsService.AcceptReferral", {"referral_id": "{undecided}"}),
    Case("ReferralsService.DeclineReferral", {"referral_id": "{undecided}", "reason": "withdrawn"}),
    Case("ReferralsService.GetReferral", {"referral_id": "{referral}"}),
    Case("ReferralsService.GetReferral", {"unseal": True, "referral_id": "{referral}"}),
    Case("ReferralsService.ListReferrals", {"page_size": 500}, own=OK),
    Case("ReferralsService.GetPerson", {"person_id": "{child}"}),
    Case("ReferralsService.GetPerson", {"unseal": True, "person_id": "{contact}"}),
    # It is for a service alone, whoever asks of people.
    Case(
        "ReferralsService.GetContact",
        {"person_id": "{contact}"},
        own=grpc.StatusCode.PERMISSION_DENIED,
    ),
    Case(
        "ReferralsService.GetWordsToFamily",
        {"referral_id": "{referral}", "person_id": "{contact}"},
        own=grpc.StatusCode.PERMISSION_DENIED,
    ),
    # What is theirs, named for a referral of ours.
    Case(
        "ReferralsService.RecordScreening",
        {
            "referral_id": "{our undecided}",
            "checks": [{"check": "safeguarding", "answer": "screened", "refers_to": "{screen}"}],
        },
    ),
    Case(
        "ReferralsService.RecordNeeds",
        {
            "referral_id": "{our undecided}",
            "person_id": "{child}",
            "needs": [{"kind": "language", "code": "pol"}],
        },
        own=REFUSED,
    ),
)
