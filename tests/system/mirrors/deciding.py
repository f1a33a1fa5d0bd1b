"""Proposals, urgent provision and complaints of another authority, asked for."""

from chassis.roles import Role
from tests.system.mirrors.case import NEWCOMER, OK, Case

_CASE = {"case_id": "{case}"}
_NOTICE = _CASE | {"notice_id": "{notice}"}
_PROVISION = _CASE | {"provision_id": "{provision}"}
_COMPLAINT = {"complaint_id": "{complaint}"}

PROPOSALS = (
    Case(
        "DecisionsService.WriteProposal",
        _CASE
        | {
            "proposal": "end",
            "addressee": "{contact}",
            "addressed_as": "adopter",
            "text": "We propose this.",
        },
    ),
    Case("DecisionsService.RewordProposal", _NOTICE | {"text_version": 2, "text": "Anew."}),
    Case("DecisionsService.IssueNotice", _NOTICE),
    Case(
        "DecisionsService.RecordRepresentations",
        _NOTICE | {"by": "{contact}", "manner": "in-writing", "words": "No."},
    ),
    Case("DecisionsService.RecordSatisfied", _NOTICE | {"by": "{contact}"}),
    Case("DecisionsService.WithdrawProposal", _NOTICE | {"words": "Not now."}),
    Case(
        "DecisionsService.DecideProposal",
        _NOTICE | {"outcome": "dropped", "reasons": "It helps.", "text": "We decided."},
    ),
    Case("DecisionsService.GetNotice", _NOTICE),
    # Of a case of theirs nothing is listed, as of a case that is not there.
    Case("DecisionsService.ListNotices", _CASE, own=OK),
    *(
        Case("DecisionsService.ListProposals", {"state": each, "limit": 200}, own=OK)
        for each in ("drafted", "issued", "served", "decided", "withdrawn")
    ),
)

PROVISION = (
    Case(
        "ProvisionService.AuthoriseUrgentProvision",
        _CASE | {"skipped": ["notice"], "begins_on": "2026-01-05", "reason": "Now."},
    ),
    Case(
        "ProvisionService.RecordStepMadeGood",
        _PROVISION | {"step": "notice", "made_good_by": NEWCOMER},
    ),
    Case("ProvisionService.EndUrgentProvision", _PROVISION | {"reason": "not-needed"}),
    Case("ProvisionService.ListUrgentProvisions", _CASE, own=OK),
)

COMPLAINTS = (
    Case(
        "ComplaintsService.RecordComplaint",
        {"by": "{contact}", "about_case": "{case}", "words": "Nobody listened."},
    ),
    Case(
        "ComplaintsService.RecordComplaint",
        {"by": "{contact}", "about_notice": "{notice}", "words": "Nobody listened."},
    ),
    Case("ComplaintsService.ExtendComplaintStage", _COMPLAINT | {"words": "Later."}),
    Case(
        "ComplaintsService.AnswerComplaint",
        _COMPLAINT | {"finding": "resolved", "words": "It was settled."},
    ),
    Case("ComplaintsService.BeginComplaintStage", _COMPLAINT | {"stage": 2}),
    Case("ComplaintsService.RecordComplaintPanel", _COMPLAINT),
    Case("ComplaintsService.RecordPanelReport", _COMPLAINT | {"words": "It finds this."}),
    Case("ComplaintsService.WithdrawComplaint", _COMPLAINT),
    Case("ComplaintsService.GetComplaint", _COMPLAINT),
    Case("ComplaintsService.GetComplaint", _COMPLAINT, Role.AUDITOR),
    *(
        Case("ComplaintsService.ListComplaints", {"state": each, "limit": 200}, own=OK)
        for each in ("running", "answered", "withdrawn")
    ),
)

CASES = (*PROPOSALS, *PROVISION, *COMPLAINTS)
