"""Who sees a complaint: managers, auditors and who sees to it; never the worker it is about."""

from typing import TYPE_CHECKING, Any

from casework.complaints import complaint
from casework.complaints.complaint import NotMade
from casework.streams import complaint_stream
from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, Policy, Relation, allow
from chassis.roles import Role

if TYPE_CHECKING:
    from chassis.runtime import Runtime

_WORKERS = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)
_ACT = [
    "ExtendComplaintStage",
    "AnswerComplaint",
    "BeginComplaintStage",
    "RecordComplaintPanel",
    "RecordPanelReport",
    "WithdrawComplaint",
]

POLICY = Policy.of(
    "throughline.casework.v1.ComplaintsService",
    # Whoever is told of a complaint records it; afterwards it is for those who see to it.
    allow(*_WORKERS, Role.DUTY_WORKER, Role.TEAM_MANAGER, to=["RecordComplaint"]),
    allow(Role.TEAM_MANAGER, to=[*_ACT, "GetComplaint", "ListComplaints"]),
    allow(*_WORKERS, Role.DUTY_WORKER, to=[*_ACT, "GetComplaint"], when=Relation.OWN),
    allow(Role.AUDITOR, to=["GetComplaint", "ListComplaints"]),
)


async def facts(runtime: "Runtime", actor: str, request: Any) -> Facts:
    """Say whether somebody sees to a complaint; whom it is about does not find it."""
    tenant = a_uuid("context.authority", request.context.authority)
    stream = complaint_stream(a_uuid("complaint_id", request.complaint_id))
    found = await runtime.shell.state(tenant, complaint.DECIDER, stream)
    if isinstance(found, NotMade):
        return Facts()
    own = frozenset({Relation.OWN}) if str(found.known.handler) == actor else frozenset()
    return Facts(own, denied=str(found.known.matter.worker) == actor)
