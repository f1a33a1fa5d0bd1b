"""Who may publish words, read what was sent and see how far messages came; the rest is denied.

Whoever leads a case serves its notices, as duty does and managers do. Who knows a family finds no
message to it and no notice.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource, Policy, Relation, allow
from chassis.queries.known_people import of_known
from chassis.queries.reading import scoped
from chassis.roles import Role
from notifications import message, messages, services
from notifications.compose import message_stream
from notifications.leads import leads_case_of_notice, leads_case_of_service
from throughline.notifications.v1.notifications_pb2 import (
    AcknowledgeMessageRequest,
    GetMessageRequest,
)

if TYPE_CHECKING:
    from chassis.identity.tokens import Caller
    from chassis.runtime import Runtime

# Whoever works with families has an inbox.
WORKERS = (
    Role.DUTY_WORKER,
    Role.SUPPORT_WORKER,
    Role.THERAPIST,
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.GROUP_FACILITATOR,
    Role.LETTERBOX_OFFICER,
)
OVERSEERS = (Role.TEAM_MANAGER, Role.AUDITOR)

POLICY = Policy.of(
    "throughline.notifications.v1.NotificationsService",
    allow(Role.TEAM_MANAGER, to=["PublishTemplate"]),
    allow(*WORKERS, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, to=["GetTemplate"]),
    # It answers the caller's own notes and no others.
    allow(*WORKERS, to=["ListInbox"]),
    allow(*WORKERS, to=["AcknowledgeMessage", "GetMessage"], when=Relation.OWN),
    # How far messages came, without their words.
    allow(*OVERSEERS, Role.DUTY_WORKER, Role.DATA_PROTECTION_OFFICER, to=["ListMessages"]),
    allow(*OVERSEERS, to=["GetMessage"]),
)
_BY_HAND = (Role.DUTY_WORKER, Role.TEAM_MANAGER)
POLICY |= Policy.of(
    "throughline.notifications.v1.ByHandService",
    allow(*_BY_HAND, to=["ListToPost", "ListToCall", "PrepareMessage"]),
    allow(*_BY_HAND, to=["RecordPosted", "RecordCalled"]),
)

_LEADS = (Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER)
_SERVE = ["PrepareService", "RecordServed", "RecordNotServed"]
POLICY |= Policy.of(
    "throughline.notifications.v1.NoticesService",
    allow(*_BY_HAND, to=_SERVE),
    allow(*_BY_HAND, Role.AUDITOR, to=["ListToServe", "ListServices"]),
    allow(*_LEADS, to=[*_SERVE, "ListServices"], when=Relation.ALLOCATED),
)


def facts(runtime: "Runtime") -> FactsSource:
    """Look up whether a message is the caller's own, and whether he leads a notice's case."""

    async def look(caller: "Caller", method: str, request: Any) -> Facts:
        if await _knows(runtime, caller, request):
            return Facts(denied=True)
        return await related(caller, method, request)

    async def related(caller: "Caller", _method: str, request: Any) -> Facts:
        names = request.DESCRIPTOR.fields_by_name
        if "service_id" in names or "notice_id" in names:
            leading = await _leads(runtime, caller, request)
            return Facts(relations=frozenset([Relation.ALLOCATED] if leading else []))
        if not isinstance(request, AcknowledgeMessageRequest | GetMessageRequest):
            return Facts()
        tenant = a_uuid("context.authority", request.context.authority)
        stream = message_stream(a_uuid("message_id", request.message_id))
        known = await runtime.shell.state(tenant, message.DECIDER, stream)
        own = caller_id(caller) in message.recipients(known)
        return Facts(relations=frozenset([Relation.OWN] if own else []))

    return look


async def _knows(runtime: "Runtime", caller: "Caller", request: Any) -> bool:
    """Whether the caller knows the family of the message or notice that a request names."""
    names = request.DESCRIPTOR.fields_by_name
    named = [each for each in ("message_id", "service_id", "notice_id") if each in names]
    tenant = a_uuid("context.authority", request.context.authority)
    if not named or tenant not in caller.scope:
        return False
    of = a_uuid(named[0], getattr(request, named[0]))
    async with scoped(runtime.rows.pool, tenant) as rows:
        known = await of_known(rows, tenant, caller)
        # Nearly everybody knows nobody: whose it is need not be looked up.
        if not known:
            return False
        if named[0] != "message_id":
            return not (await services.parties(rows, tenant, of)).isdisjoint(known)
        row = await messages.one(rows, tenant, of)
    state = await runtime.shell.state(tenant, message.DECIDER, message_stream(of))
    about = {row.case_id, row.about_event} if row else set()
    return not about.union(message.recipients(state)).isdisjoint(known)


async def _leads(runtime: "Runtime", caller: "Caller", request: Any) -> bool:
    """Whether the caller leads the case of the notice that a request is about."""
    tenant, who = a_uuid("context.authority", request.context.authority), caller_id(caller)
    if who is None or tenant not in caller.scope:
        return False
    async with scoped(runtime.rows.pool, tenant) as rows:
        if "service_id" in request.DESCRIPTOR.fields_by_name:
            service_id = a_uuid("service_id", request.service_id)
            return await leads_case_of_service(rows, tenant, service_id, who)
        notice_id = a_uuid("notice_id", request.notice_id)
        return await leads_case_of_notice(rows, tenant, notice_id, who)


def caller_id(caller: "Caller") -> UUID | None:
    """Return the caller's id as recipients are named, if it is of that form."""
    try:
        return UUID(caller.actor.id)
    except ValueError:
        return None
