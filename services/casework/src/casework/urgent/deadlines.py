"""What the urgent path waits for: an acknowledgement, an authority's answer, somebody on duty."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casework.falling import FallDue
from casework.streams import concern_stream
from casework.urgent import concern_events as told
from casework.urgent import rota_events
from casework.urgent.commands import (
    NoteAuthoritySilent,
    NoteCover,
    NotePlanned,
    NoteUnacknowledged,
)
from casework.urgent.rule import end_of, is_wanted, next_wanted, rule_on
from chassis.acting import Do, Due, Met
from ledger.clock import london_day
from ledger.envelope import Recorded

ACKNOWLEDGEMENT = "concern-acknowledgement"
COVER = "on-call-cover"
PLANNED = "on-call-planned/"
"""Followed by the instant at which a planned shift begins."""
ANSWER = "authority-answer/"
"""Followed by the authority's code: several may be waited for at once."""


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set a deadline where somebody must act, or end it."""
    stream_id = recorded.envelope.stream_id
    match recorded.event:
        case rota_events.OnCallPlanned(starts_at=starts_at):
            return [Due(PLANNED + starts_at.isoformat(), stream_id, starts_at)]
        case rota_events.OnCallPlanDropped(starts_at=starts_at):
            return [Met(PLANNED + starts_at.isoformat(), stream_id)]
        case rota_events.OnCallStarted(until=until) | rota_events.OnCallMoved(until=until):
            return [Due(COVER, stream_id, until)]
        case rota_events.OnCallEnded(post, _, at) | rota_events.OnCallRanOut(post, _, at):
            # Where somebody must stand already, the gap is recorded in the same breath.
            if is_wanted(post, at):
                return [Met(COVER, stream_id)]
            return [Due(COVER, stream_id, next_wanted(post, at))]
        case event:
            return _of_concern(event, recorded.envelope.recorded_at)


def _of_concern(  # noqa: PLR0911 # a row an event
    event: object, now: datetime
) -> Sequence[Due | Met]:
    match event:
        case told.ConcernRaised(concern_id) | told.ConcernReopened(concern_id):
            within = rule_on(london_day(now)).acknowledge
            return [Due(ACKNOWLEDGEMENT, concern_stream(concern_id), now + within)]
        case told.ConcernEscalated(concern_id, step, due):
            rule = rule_on(london_day(due))
            if step >= rule.ladder:
                return []
            return [Due(ACKNOWLEDGEMENT, concern_stream(concern_id), due + rule.again)]
        case told.ConcernAcknowledged(concern_id):
            return [Met(ACKNOWLEDGEMENT, concern_stream(concern_id))]
        case told.ReferredToLA(concern_id, authority=authority, answer_by=day):
            return [Due(ANSWER + authority, concern_stream(concern_id), end_of(day))]
        case told.LAAcknowledged(concern_id, authority):
            return [Met(ANSWER + authority, concern_stream(concern_id))]
        case _:
            return []


def _unacknowledged(_kind: str, stream_id: UUID, due: datetime) -> Do:
    return Do(NoteUnacknowledged(stream_id, due), target=stream_id)


def _uncovered(_kind: str, stream_id: UUID, due: datetime) -> Do:
    return Do(NoteCover(stream_id, due), target=stream_id)


def _planned(_kind: str, stream_id: UUID, due: datetime) -> Do:
    return Do(NotePlanned(stream_id, due), target=stream_id)


def _silent(kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    authority = kind.removeprefix(ANSWER)
    return Do(NoteAuthoritySilent(stream_id, authority, last_day), target=stream_id)


FALLING: Mapping[str, FallDue] = {
    ACKNOWLEDGEMENT: _unacknowledged,
    COVER: _uncovered,
    PLANNED: _planned,
    ANSWER: _silent,
}
