"""Who may call what of safeguarding screens."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

POLICY = Policy.of(
    "throughline.referrals.v1.ScreeningService",
    allow(*DUTY, to=["OpenSafeguardingScreen"]),
    allow(*DUTY, Role.AUDITOR, to=["GetSafeguardingScreen"]),
)
