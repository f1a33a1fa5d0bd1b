"""Who may call what; whatever is not a row is denied.

Whoever leads a case or works beside its lead works on it, and after its closing keeps it for late
facts and corrections; a consultant reads it, and writes what a row gives to consultants; managers
and duty see all cases of their authorities and say who leads them; auditors read. Who has which
part is read from the allocation itself, not from a read model. Who knows the family finds nothing.
"""

from typing import TYPE_CHECKING, Any

from casework.allocations.policy import POLICY as OF_ALLOCATIONS
from casework.allocations.relations import to_case
from casework.cases import policy as cases
from casework.closures import policy as closures
from casework.complaints import policy as complaints
from casework.consents import policy as consents
from casework.decisions import policy as decisions
from casework.duty import policy as duty
from casework.plans import policy as plans
from casework.provision import policy as provision
from casework.sessions import policy as sessions
from casework.streams import concern_stream
from casework.tasks import policy as tasks
from casework.transfers import policy as transfers
from casework.urgent import concern
from casework.urgent.concern_states import Acknowledged, NotRaised
from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource, Policy, Relation, allow
from chassis.roles import Role
from throughline.casework.v1.concerns_pb2 import RaiseConcernRequest

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
    # Advice that was given is recorded by whoever gave it; nothing else of the case is his.
    allow(*CLINICIANS, Role.TEAM_MANAGER, to=["RecordSession"], when=Relation.CONSULTING),
    allow(*CLINICIANS, to=["CorrectSession"], when=Relation.CONSULTING),
    allow(*WORKERS, Role.TEAM_MANAGER, to=["RecordSession"], when=Relation.ALLOCATED),
    allow(*WORKERS, to=["CorrectSession", "RequestPlace"], when=Relation.ALLOCATED),
    allow(*CLINICIANS, to=["CloseCase"], when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=["CorrectSession", "RequestPlace", "CloseCase"]),
    allow(*WORKERS, to=["GetCase", "ReadChronology"], when=Relation.ALLOCATED),
    allow(*DUTY, Role.AUDITOR, to=["GetCase", "ReadChronology", "ListCases"]),
    allow(*WORKERS, to=["GetWorker", "ListCaseload"], when=Relation.OWN),
    allow(*DUTY, Role.AUDITOR, to=["GetWorker", "ListCaseload"]),
)
_ACT = ["AcknowledgeConcern", "RecordEmergencyTold", "ReferConcern", "RecordAuthorityAnswer"]
_ROTA = ["StartOnCall", "EndOnCall", "PlanOnCall", "DropPlannedOnCall"]
POLICY |= Policy.of(
    "throughline.casework.v1.RotaService",
    allow(*WORKERS, Role.DUTY_WORKER, to=_ROTA, when=Relation.OWN),
    allow(Role.TEAM_MANAGER, to=_ROTA),
    allow(*WORKERS, *DUTY, Role.AUDITOR, to=["GetOnCall"]),
)
POLICY |= Policy.of(
    "throughline.casework.v1.ConcernsService",
    # Whoever sees a child in danger says so, whether or not the child is his to work with.
    allow(*WORKERS, *DUTY, Role.GROUP_FACILITATOR, Role.LETTERBOX_OFFICER, to=["RaiseConcern"]),
    allow(*DUTY, to=[*_ACT, "CloseConcern"]),
    # Those who were told of it, and whoever leads the child's case.
    allow(*WORKERS, to=[*_ACT, "GetConcern"], when=Relation.OWN),
    allow(*WORKERS, to=[*_ACT, "GetConcern"], when=Relation.ALLOCATED),
    allow(Role.SOCIAL_WORKER, to=["CloseConcern"], when=Relation.ALLOCATED),
    allow(*DUTY, Role.AUDITOR, to=["GetConcern", "ListConcerns"]),
)
POLICY |= OF_ALLOCATIONS | cases.POLICY | closures.POLICY | consents.POLICY | plans.POLICY
POLICY |= sessions.POLICY | tasks.POLICY | transfers.POLICY | duty.POLICY
POLICY |= complaints.POLICY | decisions.POLICY | provision.POLICY


def facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller leads the case, or is the worker, that a request is about."""

    async def look_up(caller: "Caller", _method: str, request: Any) -> Facts:
        names = request.DESCRIPTOR.fields_by_name
        # Whoever raises a concern may name a case, and needs no part in it.
        if "case_id" in names and not isinstance(request, RaiseConcernRequest):
            tenant = a_uuid("context.authority", request.context.authority)
            case_id = a_uuid("case_id", request.case_id)
            return await to_case(runtime, tenant, case_id, caller.actor.id, request)
        if "task_id" in names:
            return await tasks.to_task(runtime, caller.actor.id, request)
        if "complaint_id" in names:
            return await complaints.facts(runtime, caller.actor.id, request)
        if "concern_id" in names:
            return await _to_concern(runtime, caller.actor.id, request)
        if "worker_id" in names and request.worker_id in ("", caller.actor.id):
            return Facts(frozenset({Relation.OWN}))
        return Facts()

    return look_up


async def _to_concern(runtime: "Runtime", actor: str, request: Any) -> Facts:
    """Say whether somebody was told of a concern or acts on it, and his part in the case."""
    tenant = a_uuid("context.authority", request.context.authority)
    stream = concern_stream(a_uuid("concern_id", request.concern_id))
    found = await runtime.shell.state(tenant, concern.DECIDER, stream)
    if isinstance(found, NotRaised):
        return Facts()
    relations = set()
    acts = isinstance(found, Acknowledged) and found.worker == actor
    if acts or actor in {str(each) for each in found.known.alerted}:
        relations.add(Relation.OWN)
    case_id = found.known.about.case_id
    if case_id is None:
        return Facts(frozenset(relations))
    part = await to_case(runtime, tenant, case_id, actor, request)
    return Facts(frozenset(relations | part.relations), denied=part.denied)
