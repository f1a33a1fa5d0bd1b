"""What is told of concerns and rotas: ids, codes, instants. Never a word of what was said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from casework.urgent import concern_events as told
from casework.urgent import rota_events
from casework.urgent.alert import Alert
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class ConcernRaised:
    """A child may be in danger: the workers in `tell` are to be told at once.

    `child`, `referral_id`: null while nobody knows. `unstaffed`: the posts (on-call, duty-manager)
    that the hour asks for and nobody stood for. A concern that was closed can be raised again.
    """

    concern_id: UUID
    child: UUID | None
    referral_id: UUID | None
    source: str
    out_of_hours: bool
    tell: tuple[UUID, ...]
    unstaffed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcernAcknowledged:
    """A person acts on the concern: nobody needs to be told again."""

    concern_id: UUID


@dataclass(frozen=True, slots=True)
class ConcernEscalated:
    """Somebody who was to answer has not: not-acknowledged, or authority-silent.

    The workers in `tell` are to be told at once. `step` counts from 1.
    """

    concern_id: UUID
    reason: str
    step: int
    tell: tuple[UUID, ...]
    unstaffed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcernClosed:
    """Nothing more is to be done about the concern here, with an outcome."""

    concern_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class OnCallStarted:
    """The worker stands for a post (on-call, duty-manager) until an instant."""

    post: str
    worker: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class OnCallUncovered:
    """Nobody stands for a post at an hour that must have somebody; `tell` are to be told."""

    post: str
    since: datetime
    tell: tuple[UUID, ...]


EVENTS: tuple[type, ...] = (
    ConcernRaised,
    ConcernAcknowledged,
    ConcernEscalated,
    ConcernClosed,
    OnCallStarted,
    OnCallUncovered,
)

Public: TypeAlias = (
    ConcernRaised
    | ConcernAcknowledged
    | ConcernEscalated
    | ConcernClosed
    | OnCallStarted
    | OnCallUncovered
)

NOT_ACKNOWLEDGED = "not-acknowledged"
AUTHORITY_SILENT = "authority-silent"


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a fact of the urgent path, if anything."""
    match recorded.event:
        case rota_events.OnCallStarted(post, worker, _, until):
            return OnCallStarted(post.value, worker, until)
        case rota_events.OnCallUncovered(post, since, tell):
            return OnCallUncovered(post.value, since, tell)
        case event:
            return _of_concern(event)


def _of_concern(event: object) -> Public | None:  # noqa: PLR0911 # a row an event
    match event:
        case told.ConcernRaised(concern_id, about, source=source, alert=alert):
            return _raised(concern_id, about.child, about.referral, source, alert)
        case told.ConcernReopened(concern_id, source, alert):
            return _raised(concern_id, None, None, source, alert)
        case told.ConcernEscalated(concern_id, step, _, alert):
            return _escalated(concern_id, NOT_ACKNOWLEDGED, step, alert)
        case told.LAOverdue(concern_id, alert=alert):
            return _escalated(concern_id, AUTHORITY_SILENT, 1, alert)
        case told.ConcernAcknowledged(concern_id):
            return ConcernAcknowledged(concern_id)
        case told.ConcernClosed(concern_id, outcome=outcome):
            return ConcernClosed(concern_id, outcome.value)
        case _:
            return None


def _raised(
    concern_id: UUID,
    child: UUID | None,
    referral: UUID | None,
    source: told.Source,
    alert: Alert,
) -> ConcernRaised:
    unstaffed = tuple(each.value for each in alert.unstaffed)
    return ConcernRaised(
        concern_id, child, referral, source.value, alert.out_of_hours, alert.tell, unstaffed
    )


def _escalated(concern_id: UUID, reason: str, step: int, alert: Alert) -> ConcernEscalated:
    unstaffed = tuple(each.value for each in alert.unstaffed)
    return ConcernEscalated(concern_id, reason, step, alert.tell, unstaffed)
