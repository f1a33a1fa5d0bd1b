"""Plans as they stand, written as the contract says them."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from casework.opening import Seen
from casework.plans.document import SECTIONS, PlanDocument
from casework.plans.links import missing
from casework.plans.monitored import Monitored
from casework.plans.plan_states import Active, Ended, NotYetActive, Paused, Planned, Proposed
from casework.replies import stamp
from throughline.casework.v1 import plans_pb2 as pb


def plan(state: Planned, number: int, drafted: Seen) -> pb.GetPlanResponse:
    """Write how a plan stands, and one version of it."""
    at = drafted.fact.envelope
    content: PlanDocument = drafted.fact.event.document
    written = pb.GetPlanResponse(
        versions=len(state.versions),
        version=number,
        document=document(content, words(drafted)),
        drafted_at=stamp(at.recorded_at),
        drafted_by=at.actor.id,
        missing=missing(content),
    )
    if isinstance(state.proposal, Proposed):
        written.proposed_version = state.proposal.version
        written.proposal_id = str(state.proposal.proposal_id)
    _life(written, state)
    return written


def _life(written: pb.GetPlanResponse, state: Planned) -> None:
    match state.life:
        case NotYetActive():
            written.state = "drafted"
        case Active() as active:
            written.state = "active"
            _active(written, active)
        case Paused(active, from_day, reason):
            written.state = "paused"
            _active(written, active)
            written.paused_from, written.pause_reason = from_day.isoformat(), reason.value
        case Ended(version, on, reason):
            written.state, written.active_version = "ended", version
            written.ended_on, written.end_reason = on.isoformat(), reason.value


def _active(written: pb.GetPlanResponse, active: Active) -> None:
    written.active_version = active.version
    written.active_from = active.from_day.isoformat()
    written.monitor = str(active.monitor)
    written.review_by = active.review_by.isoformat()


def words(drafted: Seen) -> Mapping[str, str]:
    """Return the words of a version by key; none where they were not opened."""
    said = drafted.opened.get("words")
    return said if isinstance(said, dict) else {}


def document(content: PlanDocument, said: Mapping[str, str]) -> pb.PlanDocument:
    """Write a whole plan with its words."""
    review_on = content.review_on.isoformat() if content.review_on else ""
    written = pb.PlanDocument(monitor=str(content.monitor), review_on=review_on)
    for section in SECTIONS:
        parts = getattr(written, section)
        for each in getattr(content, section):
            values = {f.name: _value(getattr(each, f.name)) for f in fields(each)}
            parts.add(**values, words=said.get(each.key, ""))
    return written


def _value(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case _:
            return value


def summary(of: Monitored) -> pb.PlanSummary:
    """Write a plan in force."""
    return pb.PlanSummary(
        case_id=str(of.case_id),
        child=str(of.child),
        version=of.version,
        state=of.state,
        active_from=of.active_from.isoformat(),
        review_by=of.review_by.isoformat(),
    )
