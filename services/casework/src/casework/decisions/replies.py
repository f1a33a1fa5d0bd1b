"""Answers about proposals written: rows and facts as the contract says them."""

import re
from datetime import date

from casework.decisions.notices import Standing
from casework.opening import Seen
from casework.replies import occurred, stamp
from throughline.casework.v1 import decisions_pb2 as pb

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def summary(of: Standing) -> pb.NoticeSummary:
    """Write how a proposal stands."""
    return pb.NoticeSummary(
        notice_id=str(of.notice_id),
        case_id=str(of.case_id),
        child=str(of.child),
        proposal=of.proposal,
        state=of.state,
        addressee=str(of.addressee),
        addressed_as=of.addressed_as,
        assessment_id=str(of.assessment or ""),
        plan_version=of.plan_version,
        text_version=of.text_version,
        issued_on=a_day(of.issued_on),
        served_on=a_day(of.served_on),
        representations_until=a_day(of.last_day),
        representations=of.representations,
        late_representations=of.late_representations,
        satisfied_on=a_day(of.satisfied_on),
        decided_on=a_day(of.decided_on),
        outcome=of.outcome or "",
        ground=of.ground or "",
        from_day=a_day(of.from_day),
        urgent_provision_id=str(of.urgent or ""),
        decision_served_on=a_day(of.decision_served_on),
        service_failed=of.service_failed,
    )


def entry(seen: Seen) -> pb.NoticeEntry:
    """Write one thing that happened; words that were not opened stay out."""
    at = seen.fact.envelope
    return pb.NoticeEntry(
        event_id=str(at.event_id),
        occurred=occurred(at.occurred),
        recorded_at=stamp(at.recorded_at),
        kind=_WORD.sub("-", type(seen.fact.event).__name__).lower(),
        actor_id=at.actor.id,
        words=seen.words,
    )


def a_day(day: date | None) -> str:
    """Write a day; nothing where there is none."""
    return day.isoformat() if day else ""
