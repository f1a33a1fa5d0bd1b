"""Who may record and see consents."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

_DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

POLICY = Policy.of(
    "throughline.referrals.v1.ConsentsService",
    allow(*_DUTY, to=["GiveConsent", "RefuseConsent", "WithdrawConsent"]),
    allow(*_DUTY, Role.AUDITOR, to=["ListConsents"]),
)
