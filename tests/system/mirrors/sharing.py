"""Who owes the service, consents and redirects of another authority, asked for."""

from tests.system.mirrors.case import NEWCOMER, OK, REFUSED, Case

CHILD = {"child": "{child}"}
SCHOOL = {"recipient": {"agency": "school"}}
SPEAKER = {"person_id": "{contact}", "capacity": "parental-responsibility"}
SENT, INCOMING = {"redirect_id": "{sent}"}, {"redirect_id": "{incoming}"}

DUTY = (
    Case("DutyService.RecordOrder", CHILD | {"kind": "adoption", "ordered_on": "2024-01-01"}),
    Case(
        "DutyService.RecordOrderSetAside",
        CHILD | {"order": NEWCOMER, "set_aside_on": "2024-01-01"},
    ),
    Case("DutyService.RecordPlacement", CHILD | {"without_agency": "step-parent"}),
    Case(
        "DutyService.RecordResidence",
        CHILD | {"authority": "saltby", "from_day": "2024-01-01"},
    ),
    Case(
        "DutyService.RecordAgreement",
        CHILD | {"authority": "saltby", "from_day": "2024-01-01", "reference": "A 1"},
    ),
    Case(
        "DutyService.RecordFinancialSupport",
        CHILD | {"authority": "saltby", "agreed_on": "2024-01-01"},
    ),
    Case("DutyService.WithdrawFacts", CHILD | {"facts": ["{fact}"]}),
    # A fact of theirs said to be wrong of a child of ours.
    Case(
        "DutyService.WithdrawFacts",
        {"child": "{our child}", "facts": ["{fact}"]},
        own=REFUSED,
    ),
    Case("DutyService.GetDutyTimeline", CHILD),
    Case("DutyService.GetDutyTimeline", CHILD | {"unseal": True}),
)

CONSENTS = (
    Case("ConsentsService.GiveConsent", CHILD | SCHOOL | {"given_by": SPEAKER}),
    Case("ConsentsService.RefuseConsent", CHILD | SCHOOL | {"refused_by": SPEAKER}),
    Case("ConsentsService.WithdrawConsent", CHILD | SCHOOL | {"withdrawn_by": SPEAKER}),
    # A parent of theirs is nobody who decides for a child of ours.
    Case(
        "ConsentsService.GiveConsent",
        {"child": "{our child}", "given_by": SPEAKER} | SCHOOL,
        own=REFUSED,
    ),
    Case("ConsentsService.ListConsents", CHILD, own=OK),
    Case("ConsentsService.ListConsents", CHILD | {"unseal": True}, own=OK),
)

REDIRECTS = (
    Case(
        "RedirectsService.OfferRedirect",
        {
            "referral_id": "{undecided}",
            "to": "westmarch",
            "ground": "statutory-duty",
            "words": "Give it to us.",
        },
    ),
    Case("RedirectsService.AcknowledgeRedirect", INCOMING),
    Case("RedirectsService.RefuseRedirect", INCOMING | {"reason": "not-eligible"}),
    Case("RedirectsService.RecordOutsideAcknowledgement", SENT | {"how": "They called."}),
    Case("RedirectsService.RecallRedirect", SENT | {"reason": "family-asked"}),
    Case("RedirectsService.GetRedirect", SENT),
    Case("RedirectsService.GetRedirect", SENT | {"unseal": True}),
    Case("RedirectsService.GetRedirect", INCOMING),
    Case("RedirectsService.ListIncomingRedirects", {"page_size": 500}, own=OK),
)

CASES = (*DUTY, *CONSENTS, *REDIRECTS)
