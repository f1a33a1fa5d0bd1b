"""Answers about tasks written: rows and facts as the contract says them."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from casework.replies import occurred, stamp
from casework.sealed_copy import said
from casework.tasks import words
from casework.tasks.lists import Standing
from casework.tasks.waiting import Counted, Waiting
from ledger.envelope import Recorded
from throughline.casework.v1 import tasks_pb2 as pb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


def summary(of: Standing, today: date) -> pb.TaskSummary:
    """Write how a task stands."""
    return pb.TaskSummary(
        task_id=str(of.task_id),
        case_id=str(of.case_id or ""),
        child=str(of.child or ""),
        kind=of.kind,
        about=of.about,
        raised_at=stamp(of.raised_at),
        due_on=of.due_on.isoformat() if of.due_on else "",
        earlier_due_on=[each.isoformat() for each in of.earlier],
        rule=of.rule,
        desk=of.desk,
        worker_id=str(of.worker or ""),
        state=of.state,
        overdue=of.is_overdue(today),
        escalations=of.step,
        outcome=of.outcome or "",
    )


def entry(recorded: Recorded[Any], opened: str) -> pb.TaskEntry:
    """Write one thing that happened; words that were not opened stay out."""
    at, event = recorded.envelope, recorded.event
    kind, headline = words.ENTRIES[type(event).__name__]
    told: Sequence[UUID] = getattr(event, "told", ())
    return pb.TaskEntry(
        event_id=str(at.event_id),
        occurred=occurred(at.occurred),
        recorded_at=stamp(at.recorded_at),
        kind=kind,
        headline=headline(json.loads(said(event))),
        actor_id=at.actor.id,
        told=[str(each) for each in told],
        words=opened,
    )


def waiting(of: Waiting) -> pb.WaitingCase:
    """Write a case at a stage."""
    return pb.WaitingCase(
        case_id=str(of.case_id),
        child=str(of.child),
        stage=of.stage,
        since=stamp(of.since),
        lead=str(of.lead or ""),
        allocate_by=stamp(of.allocate_by) if of.allocate_by else None,
        allocation_overdue=of.overdue,
    )


def counted(of: Counted) -> pb.StageCount:
    """Write how many cases stand at a stage."""
    return pb.StageCount(stage=of.stage, cases=of.cases, longest_since=stamp(of.longest_since))
