"""Who may call what in the rooms of information, assessments, plans and reviews.

Whoever leads the case writes down what is known; what it means is concluded by clinicians.
"""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_CLINICIANS = (Role.THERAPIST, Role.SOCIAL_WORKER)
_WORKERS = (*_CLINICIANS, Role.SUPPORT_WORKER)
_READERS = (Role.TEAM_MANAGER, Role.DUTY_WORKER, Role.AUDITOR)

_KNOW = ["ReceiveInformation", "CorrectInformation", "FlagConflict"]
_SETTLE = ["ResolveConflict", "LeaveConflict"]
_SEE = ["ListInformation", "ListConflicts"]
POLICY = Policy.of(
    "throughline.casework.v1.InformationService",
    allow(*_WORKERS, to=[*_KNOW, *_SEE], when=Relation.ALLOCATED),
    allow(*_CLINICIANS, to=_SETTLE, when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=[*_KNOW, *_SETTLE]),
    allow(*_READERS, to=_SEE),
)

_ASSESS = ["StartAssessment", "ConsiderHeading", "CompleteAssessment", "AbandonAssessment"]
_UNDERSTAND = ["DraftFormulation", "ShareFormulation", "AgreeFormulation"]
POLICY |= Policy.of(
    "throughline.casework.v1.AssessmentsService",
    allow(*_CLINICIANS, to=[*_ASSESS, *_UNDERSTAND], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=[*_ASSESS, *_UNDERSTAND]),
    allow(*_WORKERS, to=["GetAssessments", "GetFormulation"], when=Relation.ALLOCATED),
    allow(*_READERS, to=["GetAssessments", "GetFormulation", "ListAssessments"]),
)

_PLAN = ["DraftPlan", "PausePlan", "ResumePlan"]
POLICY |= Policy.of(
    "throughline.casework.v1.PlansService",
    allow(*_CLINICIANS, to=_PLAN, when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=[*_PLAN, "NominateMonitor"]),
    allow(*_WORKERS, to=["GetPlan", "ComparePlans"], when=Relation.ALLOCATED),
    allow(*_READERS, to=["GetPlan", "ComparePlans", "ListPlans"]),
    allow(*_WORKERS, to=["ListPlans"], when=Relation.OWN),
)

_REVIEW = ["PlanReview", "StartReview", "ConsiderAtReview", "CompleteReview"]
POLICY |= Policy.of(
    "throughline.casework.v1.ReviewsService",
    # Whoever works with the family hears first that something changed.
    allow(*_WORKERS, to=["NoteChange", "GetReviews"], when=Relation.ALLOCATED),
    allow(*_CLINICIANS, to=_REVIEW, when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=["NoteChange", *_REVIEW]),
    allow(*_READERS, to=["GetReviews", "ListReviews"]),
)
