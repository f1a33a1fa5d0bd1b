"""Who may propose, record what the family says, and decide: the last is a team manager's."""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_WORKERS = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)
_DUTY = (Role.TEAM_MANAGER, Role.DUTY_WORKER)
_WRITE = ["WriteProposal", "RewordProposal", "IssueNotice", "WithdrawProposal"]
_HEAR = ["RecordRepresentations", "RecordSatisfied"]

POLICY = Policy.of(
    "throughline.casework.v1.DecisionsService",
    allow(*_WORKERS, to=[*_WRITE, *_HEAR], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=[*_WRITE, "DecideProposal"]),
    # Whoever is told what a family says to a proposal records it.
    allow(*_DUTY, to=_HEAR),
    allow(*_WORKERS, to=["GetNotice", "ListNotices"], when=Relation.ALLOCATED),
    # Duty serves the notice, so it reads its text.
    allow(*_DUTY, Role.AUDITOR, to=["GetNotice", "ListNotices", "ListProposals"]),
)
