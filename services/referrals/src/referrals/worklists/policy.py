"""Who may look through the lists of duty, who sees who looked, and who the figures."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

POLICY = Policy.of(
    "throughline.referrals.v1.WorklistsService",
    allow(
        Role.DUTY_WORKER,
        Role.TEAM_MANAGER,
        to=["ReadWorklist", "ReadClocks", "CountWorklists"],
    ),
    allow(Role.TEAM_MANAGER, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, to=["ListLooks"]),
    allow(Role.TEAM_MANAGER, Role.COMMISSIONER, to=["GetEquityFigures"]),
)
