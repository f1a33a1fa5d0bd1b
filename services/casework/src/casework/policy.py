"""Who may call what; whatever is not a row is denied.

Whoever leads a case works on it, and after its closing keeps it for late facts and corrections;
managers and duty see all cases of their authorities and say who leads them; auditors read. Who
leads is read from the allocation itself, not from a read model.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import allocation
from casework.streams import allocation_stream
from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource, Policy, Relation, allow
from chassis.roles import Role

if TYPE_CHECKING:
    from chassis.identity.tokens import Caller
    from chassis.runtime import Runtime

CLINICIANS = (Role.THERAPIST, Role.SOCIAL_WORKER)
WORKERS = (*CLINICIANS, Role.SUPPORT_WORKER)
DUTY = (Role.TEAM_MANAGER, Role.DUTY_WORKER)

POLICY = Policy.of(
    "throughline.casework.v1.CaseworkService",
    allow(Role.TEAM_MANAGER, to=["RegisterWorker", "ChangeWorkerRegistration"]),
    allow(*DUTY, to=["AllocateCase"]),
    allow(*WORKERS, Role.TEAM_MANAGER, to=["RecordSession"], when=Relation.ALLOCATED),
    allow(*WORKERS, to=["CorrectSession", "RequestPlace"], when=Relation.ALLOCATED),
    allow(*CLINICIANS, to=["CloseCase"], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=["CorrectSession", "RequestPlace", "CloseCase"]),
    allow(*WORKERS, to=["GetCase", "ReadChronology"], when=Relation.ALLOCATED),
    allow(*DUTY, Role.AUDITOR, to=["GetCase", "ReadChronology", "ListCases"]),
    allow(*WORKERS, to=["GetWorker", "ListCaseload"], when=Relation.OWN),
    allow(*DUTY, Role.AUDITOR, to=["GetWorker", "ListCaseload"]),
)


def facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller leads the case, or is the worker, that a request is about."""

    async def look_up(caller: "Caller", _method: str, request: Any) -> Facts:
        names = request.DESCRIPTOR.fields_by_name
        relations = set()
        if "case_id" in names:
            tenant = a_uuid("context.authority", request.context.authority)
            case_id = a_uuid("case_id", request.case_id)
            if await _leads(runtime, tenant, case_id, caller.actor.id):
                relations.add(Relation.ALLOCATED)
        elif "worker_id" in names and request.worker_id in ("", caller.actor.id):
            relations.add(Relation.OWN)
        return Facts(frozenset(relations))

    return look_up


async def _leads(runtime: "Runtime", tenant: UUID, case_id: UUID, actor: str) -> bool:
    stream = allocation_stream(case_id)
    held = await runtime.shell.state(tenant, allocation.DECIDER, stream)
    match held:
        case allocation.Led(worker=worker) | allocation.Ended(last=worker):
            return str(worker) == actor
        case allocation.Unallocated():
            return False
