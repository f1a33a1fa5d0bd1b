"""Who may send, answer and see redirects."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

_DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

POLICY = Policy.of(
    "throughline.referrals.v1.RedirectsService",
    allow(
        *_DUTY,
        to=[
            "OfferRedirect",
            "AcknowledgeRedirect",
            "RefuseRedirect",
            "RecordOutsideAcknowledgement",
            "RecallRedirect",
        ],
    ),
    allow(*_DUTY, Role.AUDITOR, to=["GetRedirect", "ListIncomingRedirects"]),
)
