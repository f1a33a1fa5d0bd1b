"""Who may answer for a change of duty, and see it."""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_WORKERS = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)
_DUTY = (Role.TEAM_MANAGER, Role.DUTY_WORKER)

POLICY = Policy.of(
    "throughline.casework.v1.DutyChangesService",
    allow(Role.TEAM_MANAGER, to=["TakeDutyOn", "KeepDutyByChoice", "RecordDutyTakenOn"]),
    allow(*_WORKERS, to=["GetDutyChange"], when=Relation.ALLOCATED),
    allow(*_DUTY, Role.AUDITOR, to=["GetDutyChange", "GetArrivedDuty"]),
)
