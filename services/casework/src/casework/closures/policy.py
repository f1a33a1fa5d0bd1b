"""Who proposes the end of an episode and who sends it back; who signs is a rule of its own."""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_CLINICIANS = (Role.THERAPIST, Role.SOCIAL_WORKER)
_WORKERS = (*_CLINICIANS, Role.SUPPORT_WORKER)

POLICY = Policy.of(
    "throughline.casework.v1.ClosuresService",
    allow(*_WORKERS, to=["ProposeClosure", "GetChecklist"], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=["ProposeClosure", "ReturnClosure"]),
    allow(Role.TEAM_MANAGER, Role.DUTY_WORKER, Role.AUDITOR, to=["GetChecklist"]),
)
