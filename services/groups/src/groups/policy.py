"""Who may publish groups, place families in them and see who comes; the rest is denied.

Facilitators see a place by opaque ids; who is allocated to a case is casework's knowledge, and a
case's own request goes through casework. Who knows a family finds no place of theirs.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource, Policy, allow
from chassis.queries.known_people import of_known
from chassis.queries.reading import scoped
from chassis.roles import Role
from groups.place import PLACE
from groups.request import NotRequested
from groups.streams import place_stream

if TYPE_CHECKING:
    from chassis.identity.tokens import Caller
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


def facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller knows the family that a request is about."""

    async def look(caller: "Caller", _method: str, request: Any) -> Facts:
        names = request.DESCRIPTOR.fields_by_name
        if "place_id" not in names and "family_id" not in names:
            return Facts()
        tenant = a_uuid("context.authority", request.context.authority)
        if tenant not in caller.scope:
            return Facts()
        async with scoped(runtime.rows.pool, tenant) as rows:
            known = await of_known(rows, tenant, caller)
        # Nearly everybody knows nobody: whose place it is need not be looked up.
        if not known:
            return Facts()
        return Facts(denied=not (await _named(runtime, tenant, request)).isdisjoint(known))

    return look


async def _named(runtime: "Runtime", tenant: UUID, request: Any) -> frozenset[UUID | None]:
    """Return who is named by a request for a place, or has the place that it names."""
    if "family_id" in request.DESCRIPTOR.fields_by_name:
        given = [(name, getattr(request, name)) for name in ("family_id", "child", "contact")]
        return frozenset(a_uuid(name, text) for name, text in given if text)
    place = place_stream(a_uuid("place_id", request.place_id))
    match await runtime.shell.state(tenant, PLACE, place):
        case NotRequested():
            return frozenset()
        case found:
            return frozenset({found.asked.family_id, found.asked.child, found.asked.contact})
