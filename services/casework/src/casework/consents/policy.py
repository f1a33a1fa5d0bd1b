"""Who may record and see what a family agrees to."""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_CLINICIANS = (Role.THERAPIST, Role.SOCIAL_WORKER)
_WORKERS = (*_CLINICIANS, Role.SUPPORT_WORKER)
_DUTY = (Role.TEAM_MANAGER, Role.DUTY_WORKER)
_ANSWERS = ["GiveCaseConsent", "RefuseCaseConsent", "WithdrawCaseConsent"]

POLICY = Policy.of(
    "throughline.casework.v1.CaseConsentsService",
    allow(*_WORKERS, to=[*_ANSWERS, "ListCaseConsents"], when=Relation.ALLOCATED),
    allow(*_DUTY, to=[*_ANSWERS, "ListCaseConsents"]),
    allow(*_CLINICIANS, to=["AssessCompetence"], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=["AssessCompetence", "DecideConsent"]),
    allow(Role.AUDITOR, to=["ListCaseConsents"]),
)
