"""Who may book sessions and pause the work of a case."""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_CLINICIANS = (Role.THERAPIST, Role.SOCIAL_WORKER)
_WORKERS = (*_CLINICIANS, Role.SUPPORT_WORKER)
_BOOK = ["ScheduleSession", "CancelSession"]
_PAUSE = ["PauseIntervention", "ResumeIntervention"]

POLICY = Policy.of(
    "throughline.casework.v1.SessionsService",
    allow(*_WORKERS, to=[*_BOOK, "ListBookings"], when=Relation.ALLOCATED),
    allow(*_CLINICIANS, to=_PAUSE, when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=[*_BOOK, *_PAUSE]),
    allow(Role.TEAM_MANAGER, Role.DUTY_WORKER, Role.AUDITOR, to=["ListBookings"]),
)
