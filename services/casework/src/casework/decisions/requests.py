"""Requests about proposals read: each field parsed, and named where it is wrong."""

from datetime import date
from uuid import UUID

from casework.decisions.commands import (
    DecideProposal,
    IssueNotice,
    RecordRepresentations,
    RecordSatisfied,
    RewordProposal,
    WithdrawProposal,
    WriteProposal,
)
from casework.decisions.notice_events import (
    AddressedAs,
    Addressee,
    Manner,
    Outcome,
    Proposal,
)
from casework.requests import MAX_NOTES, MAX_TAGS, a_tag
from chassis.edge.malformed import a_choice, a_count, a_day, a_text, a_uuid, all_of, if_given
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import decisions_pb2 as pb
from throughline.common.v1.common_pb2 import CommandContext

MAX_VERSION = 10_000


def write(request: pb.WriteProposalRequest, notice_id: UUID, by: str) -> WriteProposal:
    """Read what is proposed, to whom, and on what it rests."""
    return WriteProposal(
        notice_id,
        a_uuid("case_id", request.case_id),
        a_choice("proposal", request.proposal, Proposal),
        all_of("services", request.services, MAX_TAGS, a_tag),
        Addressee(
            a_uuid("addressee", request.addressee),
            a_choice("addressed_as", request.addressed_as, AddressedAs),
        ),
        if_given(a_uuid, "assessment_id", request.assessment_id),
        _version(request),
        by,
        _text("text", request.text),
    )


def reword(request: pb.RewordProposalRequest, by: str) -> RewordProposal:
    """Read a new text and its version."""
    return RewordProposal(
        *_which(request),
        by,
        a_count("text_version", request.text_version, 1, MAX_VERSION),
        _text("text", request.text),
    )


def issue(request: pb.IssueNoticeRequest) -> IssueNotice:
    """Read which notice goes out; the context may say on which day."""
    return IssueNotice(*_which(request), day(request.context))


def represent(
    request: pb.RecordRepresentationsRequest, representation_id: UUID
) -> RecordRepresentations:
    """Read what was said to a proposal, by whom and how; the context may say on which day."""
    return RecordRepresentations(
        *_which(request),
        representation_id,
        a_uuid("by", request.by),
        a_choice("manner", request.manner, Manner),
        day(request.context),
        _text("words", request.words),
    )


def satisfied(request: pb.RecordSatisfiedRequest) -> RecordSatisfied:
    """Read who is satisfied; the context may say since which day."""
    return RecordSatisfied(*_which(request), a_uuid("by", request.by), day(request.context))


def withdraw(request: pb.WithdrawProposalRequest) -> WithdrawProposal:
    """Read why a proposal is not gone on with."""
    return WithdrawProposal(*_which(request), day(request.context), _text("words", request.words))


def decide(request: pb.DecideProposalRequest, by: str) -> DecideProposal:
    """Read what was decided and why; the context may say on which day."""
    return DecideProposal(
        *_which(request),
        a_choice("outcome", request.outcome, Outcome),
        day(request.context),
        by,
        _version(request),
        if_given(a_day, "from_day", request.from_day),
        _text("reasons", request.reasons),
        _text("text", request.text),
    )


def day(context: CommandContext) -> date | None:
    """Read on which day in London something was so; None: today, by the service's clock."""
    return london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None


def _which(
    request: pb.RewordProposalRequest
    | pb.IssueNoticeRequest
    | pb.RecordRepresentationsRequest
    | pb.RecordSatisfiedRequest
    | pb.WithdrawProposalRequest
    | pb.DecideProposalRequest,
) -> tuple[UUID, UUID]:
    return a_uuid("notice_id", request.notice_id), a_uuid("case_id", request.case_id)


def _version(request: pb.WriteProposalRequest | pb.DecideProposalRequest) -> int | None:
    if not request.HasField("plan_version"):
        return None
    return a_count("plan_version", request.plan_version, 1, MAX_VERSION)


def _text(field: str, text: str) -> Plain[str]:
    return Plain(a_text(field, text, MAX_NOTES))
