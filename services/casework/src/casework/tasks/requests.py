"""Requests about tasks read: each field parsed, and named where it is wrong."""

from uuid import UUID

from casework.requests import MAX_WORDS
from casework.tasks.commands import AgreeAction, Complete, HandOn
from casework.tasks.kinds import Desk, HandOnReason, TaskOutcome, Whom
from chassis.edge.malformed import a_choice, a_day, a_text, a_uuid, malformed
from ledger.personal import Plain
from throughline.casework.v1 import tasks_pb2 as pb


def agree(request: pb.AgreeActionRequest, action: UUID) -> AgreeAction:
    """Read what is to be done, by whom and when."""
    return AgreeAction(
        action,
        a_uuid("case_id", request.case_id),
        whom(request.desk, request.worker_id),
        a_day("due_on", request.due_on),
        Plain(a_text("words", request.words, MAX_WORDS)),
    )


def hand_on(request: pb.HandTaskRequest) -> HandOn:
    """Read who is asked instead, and why."""
    return HandOn(
        a_uuid("task_id", request.task_id),
        whom(request.desk, request.worker_id),
        a_choice("reason", request.reason, HandOnReason),
    )


def complete(request: pb.CompleteTaskRequest, worker: UUID) -> Complete:
    """Read how a task ended."""
    words = a_text("words", request.words, MAX_WORDS) if request.words else None
    return Complete(
        a_uuid("task_id", request.task_id),
        a_choice("outcome", request.outcome, TaskOutcome),
        worker,
        Plain(words),
    )


def whom(desk: str, worker_id: str) -> Whom:
    """Read who is asked: a worker is named at that desk, and at no other."""
    at = a_choice("desk", desk, Desk)
    if at is Desk.WORKER:
        return Whom(at, a_uuid("worker_id", worker_id))
    if worker_id:
        raise malformed("worker_id", "not-at-this-desk", "empty, unless the desk is worker")
    return Whom(at)
