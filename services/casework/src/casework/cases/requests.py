"""Requests on a case as a whole read: each field parsed, and named where it is wrong."""

from uuid import UUID

from casework.cases.commands import LinkFamily, ReopenCase, UnlinkFamily
from casework.cases.family_link import Relation
from casework.cases.reopening import ReopenReason
from casework.requests import MAX_NOTES, a_tag
from chassis.edge.malformed import a_choice, a_text, a_uuid
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import cases_pb2 as pb


def case_id(text: str) -> UUID:
    """Read which case."""
    return a_uuid("case_id", text)


def reopen(request: pb.ReopenCaseRequest, reopening: UUID, known_duty: str | None) -> ReopenCase:
    """Read why work begins anew; the context may say from which day."""
    context = request.context
    return ReopenCase(
        case_id(request.case_id),
        reopening,
        a_choice("reason", request.reason, ReopenReason),
        a_tag("duty_holder", request.duty_holder),
        known_duty,
        london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None,
        Plain(a_text("words", request.words, MAX_NOTES)),
    )


def link(request: pb.LinkFamilyRequest) -> LinkFamily:
    """Read which cases are of one family."""
    return LinkFamily(
        case_id(request.case_id),
        a_uuid("other_case_id", request.other_case_id),
        a_choice("relation", request.relation, Relation),
    )


def unlink(request: pb.UnlinkFamilyRequest) -> UnlinkFamily:
    """Read which cases are not of one family."""
    return UnlinkFamily(case_id(request.case_id), a_uuid("other_case_id", request.other_case_id))
