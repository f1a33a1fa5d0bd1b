"""Requests of the urgent path read: each field parsed, and named where it is wrong."""

from uuid import UUID

from casework.requests import MAX_NOTES, MAX_WORDS, a_tag
from casework.urgent.commands import (
    CloseConcern,
    DropPlannedOnCall,
    EndOnCall,
    PlanOnCall,
    RaiseConcern,
    RecordAuthorityAnswer,
    RecordEmergencyTold,
    ReferConcern,
    StartOnCall,
)
from casework.urgent.concern_events import ConsentGround, Emergency, Outcome, Source
from casework.urgent.rule import Post
from chassis.edge.malformed import a_choice, a_text, a_timestamp, a_uuid, if_given, malformed
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import concerns_pb2, rota_pb2


def start(request: rota_pb2.StartOnCallRequest, caller: str) -> StartOnCall:
    """Read who is to stand for what, until when; without a worker, the caller."""
    if not request.HasField("until"):
        raise malformed("until", "required", "the instant at which the shift ends")
    return StartOnCall(
        a_choice("post", request.post, Post),
        a_uuid("worker_id", request.worker_id or caller),
        a_timestamp("until", request.until),
    )


def plan(request: rota_pb2.PlanOnCallRequest, caller: str) -> PlanOnCall:
    """Read who is to stand for what, from when to when; without a worker, the caller."""
    for name in ("starts_at", "until"):
        if not request.HasField(name):
            raise malformed(name, "required", "the instants at which the shift begins and ends")
    return PlanOnCall(
        a_choice("post", request.post, Post),
        a_uuid("worker_id", request.worker_id or caller),
        a_timestamp("starts_at", request.starts_at),
        a_timestamp("until", request.until),
    )


def drop(request: rota_pb2.DropPlannedOnCallRequest, caller: str) -> DropPlannedOnCall:
    """Read which shift is planned no longer; without a worker, the caller's."""
    if not request.HasField("starts_at"):
        raise malformed("starts_at", "required", "the instant at which the shift was to begin")
    return DropPlannedOnCall(
        a_choice("post", request.post, Post),
        a_uuid("worker_id", request.worker_id or caller),
        a_timestamp("starts_at", request.starts_at),
    )


def end(request: rota_pb2.EndOnCallRequest, caller: str) -> EndOnCall:
    """Read who stands for what no longer; without a worker, the caller."""
    return EndOnCall(
        a_choice("post", request.post, Post), a_uuid("worker_id", request.worker_id or caller)
    )


def raise_concern(request: concerns_pb2.RaiseConcernRequest, concern_id: UUID) -> RaiseConcern:
    """Read what is said of a child in danger: who it is may be unknown."""
    return RaiseConcern(
        concern_id,
        if_given(a_uuid, "child", request.child),
        if_given(a_uuid, "referral_id", request.referral_id),
        if_given(a_uuid, "case_id", request.case_id),
        a_choice("source", request.source, Source),
        Plain(a_text("words", request.words, MAX_NOTES)),
    )


def emergency(request: concerns_pb2.RecordEmergencyToldRequest) -> RecordEmergencyTold:
    """Read who was told; the context may say when."""
    context = request.context
    return RecordEmergencyTold(
        a_uuid("concern_id", request.concern_id),
        a_choice("body", request.body, Emergency),
        occurred_of(context.occurred).at if context.HasField("occurred") else None,
        _words(request.words),
    )


def refer(request: concerns_pb2.ReferConcernRequest) -> ReferConcern:
    """Read which authority was notified, and on what ground; the context may say when."""
    context = request.context
    return ReferConcern(
        a_uuid("concern_id", request.concern_id),
        a_tag("to_authority", request.to_authority),
        a_choice("consent", request.consent, ConsentGround),
        london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None,
        _words(request.words),
    )


def answer(request: concerns_pb2.RecordAuthorityAnswerRequest) -> RecordAuthorityAnswer:
    """Read which authority answered."""
    return RecordAuthorityAnswer(
        a_uuid("concern_id", request.concern_id),
        a_tag("from_authority", request.from_authority),
    )


def close(request: concerns_pb2.CloseConcernRequest) -> CloseConcern:
    """Read what became of a concern."""
    return CloseConcern(
        a_uuid("concern_id", request.concern_id),
        a_choice("outcome", request.outcome, Outcome),
        Plain(a_text("words", request.words, MAX_NOTES)),
    )


def _words(text: str) -> Plain[str | None]:
    return Plain(a_text("words", text, MAX_WORDS) if text else None)
