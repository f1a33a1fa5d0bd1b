"""Enquiries, drafts, forms, screens and lists of another authority's front door, asked for."""

import grpc

from chassis.roles import Role
from tests.system.mirrors.case import OK, Case
from tests.system.mirrors.playing import message

ENQUIRY = {"enquiry_id": "{enquiry}"}
DRAFT = {"draft_id": "{draft}"}

ENQUIRIES = (
    Case(
        "EnquiriesService.MakeEnquiry",
        {"channel": "telephone", "kind": "gp", "topics": ["school"], "words": "Ours."},
        own=OK,
    ),
    Case("EnquiriesService.AskSafety", ENQUIRY | {"safety": {"safeguarding": "none"}}),
    Case("EnquiriesService.RecordAdvice", ENQUIRY | {"topics": ["school"], "words": "Ask them."}),
    Case("EnquiriesService.SendInformation", ENQUIRY | {"leaflets": ["AS-12"], "channel": "email"}),
    Case("EnquiriesService.Signpost", ENQUIRY | {"to": "gp", "words": "Ask there."}),
    Case("EnquiriesService.TurnIntoReferral", ENQUIRY),
    Case("EnquiriesService.CloseEnquiry", ENQUIRY | {"reason": "answered"}),
    Case("EnquiriesService.GetEnquiry", ENQUIRY),
    Case("EnquiriesService.GetEnquiry", ENQUIRY | {"unseal": True}),
    Case("EnquiriesService.ListEnquiries", {"page_size": 500}, own=OK),
)

DRAFTS = (
    Case("DraftsService.StartDraft", {"content": b"{}"}, own=OK),
    Case("DraftsService.SendDraft", DRAFT),
    Case("DraftsService.SaveDraft", DRAFT | {"content": b'{"route": "letter"}'}),
    Case("DraftsService.CheckDraft", DRAFT),
    Case("DraftsService.DiscardDraft", DRAFT),
    Case("DraftsService.GetDraft", DRAFT),
    Case("DraftsService.GetDraft", DRAFT | {"unseal": True}),
    Case("DraftsService.ListDrafts", {"page_size": 500}, own=OK),
)

INTAKE = (
    # A form says itself for whom it is.
    Case(
        "IntakeService.SubmitWebForm",
        {"form": "{form}"},
        own=grpc.StatusCode.INVALID_ARGUMENT,
    ),
    # The same message came to both; each answers with its own reference.
    Case("IntakeService.SubmitReferralMessage", {"message": message()}, own=OK),
    Case("IntakeService.GetNotMapped", {"referral_id": "{from a message}"}),
)

SCREENS = (
    Case(
        "ScreeningService.OpenSafeguardingScreen",
        {"safeguarding": "none", "screen_id": "{screen}"},
    ),
    # Whoever says that a child is unsafe is heard, whatever enquiry he names.
    Case(
        "ScreeningService.OpenSafeguardingScreen",
        {"safeguarding": "none", "enquiry_id": "{enquiry}"},
        own=OK,
    ),
    Case("ScreeningService.GetSafeguardingScreen", {"screen_id": "{screen}"}),
    Case("ScreeningService.GetSafeguardingScreen", {"screen_id": "{screen}", "unseal": True}),
)

LISTS = (
    *(
        Case("WorklistsService.ReadWorklist", {"list": each, "page_size": 500}, own=OK)
        for each in (
            "new",
            "urgent",
            "waiting-for-information",
            "open",
            "redirected",
            "incoming",
            "unreached",
        )
    ),
    Case("WorklistsService.ReadClocks", {"page_size": 500}, own=OK),
    Case("WorklistsService.CountWorklists", {"each_authority": True}, own=OK),
    Case("WorklistsService.ListLooks", {"page_size": 500}, own=OK),
    Case("WorklistsService.ListLooks", {"page_size": 500}, Role.AUDITOR, OK),
    Case(
        "WorklistsService.GetEquityFigures",
        {"quarter": "2024-Q4", "breakdown": "ethnicity"},
        own=OK,
    ),
    Case(
        "WorklistsService.GetEquityFigures",
        {"quarter": "2024-Q4", "breakdown": "distance"},
        own=OK,
    ),
)

CASES = (*ENQUIRIES, *DRAFTS, *INTAKE, *SCREENS, *LISTS)
