"""Information, assessments, plans and reviews of another authority's cases, asked for."""

from tests.system.mirrors.case import OK, Case

CASE = {"case_id": "{case}"}
TOLD = {"heading": "child-needs", "topic": "sleep", "source": "school", "basis": "opinion"}
SETTLED = CASE | {"conflict_id": "{conflict}", "words": "So it is."}
ENTRY = CASE | {"heading": "child-needs", "words": "She sleeps badly."}

INFORMATION = (
    Case("InformationService.ReceiveInformation", CASE | {"told": TOLD, "words": "She sleeps."}),
    Case(
        "InformationService.CorrectInformation",
        CASE
        | {
            "item_id": "{item}",
            "corrects": "{item entry}",
            "told": TOLD,
            "reason": "wrong-wording",
            "words": "She sleeps.",
        },
    ),
    Case("InformationService.FlagConflict", CASE | {"item_ids": ["{item}", "{other item}"]}),
    Case("InformationService.ResolveConflict", SETTLED | {"how": "both-hold"}),
    Case("InformationService.LeaveConflict", SETTLED | {"reason": "views-differ"}),
    Case("InformationService.ListInformation", CASE),
    Case("InformationService.ListConflicts", CASE),
)

ASSESSMENTS = (
    Case(
        "AssessmentsService.StartAssessment",
        CASE | {"kind": "full", "asked_by": "child", "requested_on": "2025-09-01", "joint": True},
    ),
    Case("AssessmentsService.ConsiderHeading", ENTRY),
    Case("AssessmentsService.CompleteAssessment", CASE | {"words": "That is all."}),
    Case("AssessmentsService.AbandonAssessment", CASE | {"reason": "request-withdrawn"}),
    Case("AssessmentsService.GetAssessments", CASE),
    *(
        Case("AssessmentsService.ListAssessments", {"state": each, "limit": 200}, own=OK)
        for each in ("underway", "overdue")
    ),
    Case("AssessmentsService.DraftFormulation", CASE | {"words": "She is afraid."}),
    Case("AssessmentsService.ShareFormulation", CASE | {"version": 1, "readers": ["parents"]}),
    Case("AssessmentsService.AgreeFormulation", CASE | {"version": 1, "readers": ["parents"]}),
    Case("AssessmentsService.GetFormulation", CASE),
)

PLANS = (
    Case("PlansService.DraftPlan", CASE | {"document": {"monitor": "{worker}"}}),
    Case("PlansService.NominateMonitor", CASE | {"monitor": "{worker}"}),
    Case("PlansService.PausePlan", CASE | {"reason": "illness"}),
    Case("PlansService.ResumePlan", CASE),
    Case("PlansService.GetPlan", CASE),
    Case("PlansService.ComparePlans", CASE | {"before": 1, "after": 1}),
    Case("PlansService.ListPlans", {"worker_id": "{worker}", "limit": 200}, own=OK),
)

REVIEWS = (
    Case("ReviewsService.NoteChange", CASE | {"kind": "home", "words": "They moved."}),
    Case("ReviewsService.PlanReview", CASE | {"on": "2026-01-05"}),
    Case("ReviewsService.StartReview", CASE),
    Case("ReviewsService.ConsiderAtReview", ENTRY),
    Case("ReviewsService.CompleteReview", CASE | {"outcome": "continue", "words": "It helps."}),
    Case("ReviewsService.GetReviews", CASE),
    *(
        Case("ReviewsService.ListReviews", {"state": each, "limit": 200}, own=OK)
        for each in ("due", "overdue")
    ),
)

CASES = (*INFORMATION, *ASSESSMENTS, *PLANS, *REVIEWS)
