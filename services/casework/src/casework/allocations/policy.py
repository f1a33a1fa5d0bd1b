"""Who may offer, answer, weigh and look at the load; whatever is not a row is denied."""

from typing import Final

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_WORKERS: Final = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)
_ALL: Final = (*_WORKERS, Role.TEAM_MANAGER)
_DUTY: Final = (Role.TEAM_MANAGER, Role.DUTY_WORKER)
_ANSWER: Final = ["AcceptAllocation", "DeclineAllocation"]

POLICY: Final = Policy.of(
    "throughline.casework.v1.AllocationsService",
    allow(*_DUTY, to=["OfferAllocation", "WithdrawAllocation", "EndPartInCase", "WeighCase"]),
    # Whoever leads a case asks others to take it over or to join, and says how heavy it is.
    allow(*_WORKERS, to=["OfferAllocation", "WeighCase"], when=Relation.ALLOCATED),
    allow(*_ALL, to=_ANSWER, when=Relation.OFFERED),
    allow(*_DUTY, to=["DeclareConflict"]),
    allow(*_WORKERS, to=["DeclareConflict"], when=Relation.OWN),
    allow(Role.TEAM_MANAGER, to=["ClearConflict"]),
    allow(*_WORKERS, to=["GetAllocation"], when=Relation.ALLOCATED),
    allow(*_DUTY, Role.AUDITOR, to=["GetAllocation", "ProposeWorkers"]),
    allow(*_WORKERS, to=["ListOffers", "GetWorkload"], when=Relation.OWN),
    allow(*_DUTY, Role.AUDITOR, to=["ListOffers", "GetWorkload", "ViewFairness"]),
) | Policy.of(
    "throughline.casework.v1.WorkersService",
    allow(Role.TEAM_MANAGER, to=["ChangeWorkerProfile", "AssignToTeam", "LeaveTeam"]),
    allow(*_DUTY, Role.AUDITOR, to=["ListWorkers"]),
)
