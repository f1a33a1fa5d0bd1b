"""Who may publish groups, place families in them and see who comes; the rest is denied.

Facilitators see a place by opaque ids; who is allocated to a case is casework's knowledge, and a
case's own request goes through casework.
"""

from typing import TYPE_CHECKING

from chassis.identity.policy import FactsSource, Policy, allow, no_facts
from chassis.roles import Role

if TYPE_CHECKING:
    from chassis.runtime import Runtime

LEADERS = (Role.GROUP_FACILITATOR, Role.TEAM_MANAGER)
WORKERS = (
    *LEADERS,
    Role.DUTY_WORKER,
    Role.SUPPORT_WORKER,
    Role.THERAPIST,
    Role.SOCIAL_WORKER,
)

POLICY = Policy.of(
    "throughline.groups.v1.GroupsService",
    allow(*LEADERS, to=["PublishProgramme", "PublishCohort", "RecordAttendance"]),
    allow(*WORKERS, to=["RequestPlace", "AcceptPlace", "DeclinePlace"]),
    allow(*WORKERS, Role.AUDITOR, Role.COMMISSIONER, to=["GetCohort", "ListCohorts"]),
    allow(*WORKERS, Role.AUDITOR, to=["GetPlace", "ListPlaces"]),
)


def facts(_runtime: "Runtime") -> FactsSource:
    """Look nothing up: no row asks for a relation."""
    return no_facts
