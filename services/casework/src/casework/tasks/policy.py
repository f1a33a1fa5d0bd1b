"""Who may do and see which tasks: whose work it is, whoever leads the case, duty and managers."""

from typing import TYPE_CHECKING, Any

from casework.allocations.relations import to_case
from casework.streams import task_stream
from casework.tasks import task
from casework.tasks.kinds import Desk
from casework.tasks.task_states import NotRaised, Taken
from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, Policy, Relation, allow
from chassis.roles import Role

if TYPE_CHECKING:
    from chassis.runtime import Runtime

_WORKERS = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)
_DUTY = (Role.TEAM_MANAGER, Role.DUTY_WORKER)
_ON_TASK = ["AcknowledgeTask", "HandTask", "CompleteTask"]

POLICY = Policy.of(
    "throughline.casework.v1.TasksService",
    allow(*_WORKERS, to=["AgreeAction", "ListCaseTasks"], when=Relation.ALLOCATED),
    allow(*_DUTY, to=["AgreeAction"]),
    allow(*_WORKERS, to=[*_ON_TASK, "GetTask"], when=Relation.OWN),
    allow(*_WORKERS, to=["GetTask"], when=Relation.ALLOCATED),
    # What asks for a manager is a manager's alone.
    allow(Role.DUTY_WORKER, to=_ON_TASK, when=Relation.DUTY_TEAM),
    allow(Role.TEAM_MANAGER, to=_ON_TASK),
    allow(*_DUTY, Role.AUDITOR, to=["GetTask", "ListCaseTasks"]),
    allow(*_WORKERS, to=["ListMyTasks"], when=Relation.OWN),
    allow(*_DUTY, Role.AUDITOR, to=["ListMyTasks", "ListTeamRisks", "ListOverdueTasks"]),
    allow(*_DUTY, Role.AUDITOR, to=["ListWaiting", "CountWaiting"]),
)


async def to_task(runtime: "Runtime", actor: str, request: Any) -> Facts:
    """Say whether a task is somebody's work, whether duty may do it, and his part in its case.

    Who knows the family of its case finds nothing, also where it is his by name.
    """
    tenant = a_uuid("context.authority", request.context.authority)
    stream = task_stream(a_uuid("task_id", request.task_id))
    found = await runtime.shell.state(tenant, task.DECIDER, stream)
    if isinstance(found, NotRaised):
        return Facts()
    known, part = found.known, Facts()
    if known.case_id is not None:
        part = await to_case(runtime, tenant, known.case_id, actor, request)
    related = set(part.relations & {Relation.ALLOCATED})
    took = isinstance(found, Taken) and str(found.by) == actor
    on_case = related and known.whom.desk is Desk.LEAD
    if took or str(known.whom.worker) == actor or on_case:
        related.add(Relation.OWN)
    if known.whom.desk is not Desk.MANAGER:
        related.add(Relation.DUTY_TEAM)
    return Facts(frozenset(related), denied=part.denied)
