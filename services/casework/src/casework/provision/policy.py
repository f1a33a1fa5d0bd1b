"""Who may let help begin before its time: a team manager; who leads the case makes it good."""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_WORKERS = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)

POLICY = Policy.of(
    "throughline.casework.v1.ProvisionService",
    allow(Role.TEAM_MANAGER, to=["AuthoriseUrgentProvision", "EndUrgentProvision"]),
    allow(*_WORKERS, to=["RecordStepMadeGood"], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=["RecordStepMadeGood"]),
    allow(*_WORKERS, to=["ListUrgentProvisions"], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, Role.DUTY_WORKER, Role.AUDITOR, to=["ListUrgentProvisions"]),
)
