"""Who may send what others' forms bring, and who sees what had no place in a referral."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

POLICY = Policy.of(
    "throughline.referrals.v1.IntakeService",
    # The authority's web site and its endpoint for messages are systems.
    allow(*DUTY, Role.SUBSCRIBER, to=["SubmitWebForm", "SubmitReferralMessage"]),
    allow(*DUTY, Role.AUDITOR, to=["GetNotMapped"]),
)
