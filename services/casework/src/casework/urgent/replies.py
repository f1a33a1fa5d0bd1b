"""Answers of the urgent path written: rows, facts and rotas as the contract says them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.replies import occurred, stamp
from casework.urgent import rota_states
from casework.urgent.alert import Alert
from casework.urgent.concerns import Standing
from casework.urgent.rule import Post, is_wanted
from ledger.envelope import Recorded
from throughline.casework.v1 import concerns_pb2, rota_pb2

MOST_SHIFTS = 50
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def post_now(post: Post, state: rota_states.Rota, at: datetime) -> rota_pb2.PostNow:
    """Write who stands for a post at an instant, its latest shifts and those to come."""
    stands, wanted = rota_states.stands_at(state, at), is_wanted(post, at)
    return rota_pb2.PostNow(
        post=post.value,
        worker_id=str(stands or ""),
        wanted=wanted,
        unstaffed=wanted and stands is None,
        shifts=[_shift(each) for each in rota_states.shifts(state)[-MOST_SHIFTS:]],
        planned=[_shift(each) for each in state.planned if each.until > at],
    )


def _shift(of: rota_states.Shift) -> rota_pb2.Shift:
    return rota_pb2.Shift(
        worker_id=str(of.worker), starts_at=stamp(of.starts_at), until=stamp(of.until)
    )


def summary(of: Standing) -> concerns_pb2.ConcernSummary:
    """Write how a concern stands."""
    return concerns_pb2.ConcernSummary(
        concern_id=str(of.concern_id),
        child=str(of.child or ""),
        referral_id=str(of.referral_id or ""),
        case_id=str(of.case_id or ""),
        source=of.source,
        state=of.state,
        raised_at=stamp(of.raised_at),
        out_of_hours=of.out_of_hours,
        unstaffed=of.unstaffed,
        escalations=of.escalations,
        acknowledged_by=of.acknowledged_by or "",
        acknowledged_at=stamp(of.acknowledged_at) if of.acknowledged_at else None,
        answer_by=of.answer_by.isoformat() if of.answer_by else "",
        outcome=of.outcome or "",
    )


def entry(recorded: Recorded[Any], words: str) -> concerns_pb2.ConcernEntry:
    """Write one thing that was done; words that were not opened stay out."""
    at, event = recorded.envelope, recorded.event
    return concerns_pb2.ConcernEntry(
        event_id=str(at.event_id),
        occurred=occurred(at.occurred),
        recorded_at=stamp(at.recorded_at),
        kind=_WORD.sub("-", type(event).__name__).lower(),
        actor_id=at.actor.id,
        told=[str(each) for each in _told(event)],
        whom=str(getattr(event, "authority", None) or getattr(event, "body", None) or ""),
        words=words,
    )


def _told(event: Any) -> Sequence[UUID]:
    alert = getattr(event, "alert", None)
    return alert.tell if isinstance(alert, Alert) else ()
