"""Who may say and read who owes a child the service."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

POLICY = Policy.of(
    "throughline.referrals.v1.DutyService",
    allow(
        *DUTY,
        to=[
            "RecordOrder",
            "RecordOrderSetAside",
            "RecordPlacement",
            "RecordResidence",
            "RecordAgreement",
            "RecordFinancialSupport",
            "WithdrawFacts",
        ],
    ),
    allow(*DUTY, Role.AUDITOR, to=["GetDutyTimeline"]),
)
