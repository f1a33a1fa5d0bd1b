"""Who may call what of enquiries."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

POLICY = Policy.of(
    "throughline.referrals.v1.EnquiriesService",
    allow(
        *DUTY,
        to=[
            "MakeEnquiry",
            "AskSafety",
            "RecordAdvice",
            "SendInformation",
            "Signpost",
            "TurnIntoReferral",
            "CloseEnquiry",
        ],
    ),
    allow(*DUTY, Role.AUDITOR, to=["GetEnquiry", "ListEnquiries"]),
)
