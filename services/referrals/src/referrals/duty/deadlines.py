"""When a span of who owes a child the service is over, the next one begins by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from chassis.acting import Do, Due, Met
from ledger.clock import start_of_day
from ledger.envelope import Recorded
from referrals.duty.line import Span, with_one_holder
from referrals.duty.timeline import ResponsibilityChanged, ResponsibilityDetermined

SPAN: Final = "duty-span"


@dataclass(frozen=True, slots=True)
class SpanFellOver:
    """The last day of a span of this stream is over."""

    stream: UUID
    due_at: datetime


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the deadline at the start of the day on which another authority owes it; or end it."""
    stream = recorded.envelope.stream_id
    match recorded.event:
        case ResponsibilityDetermined(spans=spans, determined_on=today):
            return [_due(stream, _last_day(spans, today))]
        case ResponsibilityChanged(to_day=last):
            return [_due(stream, last)]
        case _:
            return []


def fall_due(stream_id: UUID, due_at: datetime) -> Do:
    """Note who owes it from now on."""
    return Do(SpanFellOver(stream_id, due_at), stream_id)


def _last_day(spans: tuple[Span, ...], today: date) -> date | None:
    if not spans:
        return None
    _, last = with_one_holder(spans, max(today, spans[0].from_day))
    return last


def _due(stream: UUID, last: date | None) -> Due | Met:
    if last is None:
        return Met(SPAN, stream)
    return Due(SPAN, stream, start_of_day(last + timedelta(days=1)))
