"""Who begins work anew in a closed case, and who says which cases are of one family."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

POLICY = Policy.of(
    "throughline.casework.v1.CasesService",
    allow(Role.TEAM_MANAGER, to=["ReopenCase"]),
    # Both records are written, so not by whoever leads one of them alone.
    allow(Role.TEAM_MANAGER, Role.DUTY_WORKER, to=["LinkFamily", "UnlinkFamily"]),
)
