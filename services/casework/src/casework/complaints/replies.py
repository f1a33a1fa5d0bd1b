"""Answers about complaints written: rows and facts as the contract says them."""

import re

from casework.complaints.listed import Standing
from casework.opening import Seen
from casework.replies import occurred, stamp
from throughline.casework.v1 import complaints_pb2 as pb

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def summary(of: Standing) -> pb.ComplaintSummary:
    """Write how a complaint stands."""
    return pb.ComplaintSummary(
        complaint_id=str(of.complaint_id),
        by=str(of.made_by),
        about_case=str(of.about_case or ""),
        about_notice=str(of.notice or ""),
        about_worker=str(of.worker or ""),
        handler=str(of.handler),
        recorded_at=stamp(of.made_at),
        state=of.state,
        stage=of.stage,
        awaited=of.awaited or "",
        due_on=of.due_on.isoformat() if of.due_on else "",
        latest_on=of.latest_on.isoformat() if of.latest_on else "",
        overdue=of.overdue,
        finding=of.finding or "",
    )


def entry(seen: Seen) -> pb.ComplaintEntry:
    """Write one thing that was done; words that were not opened stay out."""
    at = seen.fact.envelope
    return pb.ComplaintEntry(
        event_id=str(at.event_id),
        occurred=occurred(at.occurred),
        recorded_at=stamp(at.recorded_at),
        kind=_WORD.sub("-", type(seen.fact.event).__name__).lower(),
        actor_id=at.actor.id,
        words=seen.words,
    )
