"""Who may call what of drafts; whose draft it is, the servicer looks at."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

POLICY = Policy.of(
    "throughline.referrals.v1.DraftsService",
    allow(
        Role.DUTY_WORKER,
        Role.TEAM_MANAGER,
        to=[
            "StartDraft",
            "SaveDraft",
            "CheckDraft",
            "SendDraft",
            "DiscardDraft",
            "GetDraft",
            "ListDrafts",
        ],
    ),
)
