"""How concerns stand: a read model without words, so that none that waits is overlooked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.paging import EARLIEST, After
from casework.urgent.concern_events import (
    ConcernAcknowledged,
    ConcernClosed,
    ConcernEscalated,
    ConcernIdentified,
    ConcernRaised,
    ConcernReopened,
    LAAcknowledged,
    ReferredToLA,
)
from ledger.connect import Connection
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write


class Listed(StrEnum):
    """Which concerns a list is of."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


_RAISED = Statement(
    "concern raised",
    """
    insert into read.concerns
        (tenant, concern_id, child, referral_id, case_id, source, state, raised_at, out_of_hours,
         unstaffed, escalations)
    values ($1, $2, $3, $4, $5, $6, 'raised', $7, $8, $9, 0)
    on conflict (tenant, concern_id) do nothing
    """,
)
_IDENTIFIED = Statement(
    "concern identified",
    "update read.concerns set child = $3, referral_id = $4, case_id = $5"
    " where tenant = $1 and concern_id = $2",
)
_REOPENED = Statement(
    "concern reopened",
    "update read.concerns set state = 'raised', raised_at = $3, out_of_hours = $4, unstaffed = $5,"
    " escalations = 0, acknowledged_by = null, acknowledged_at = null, outcome = null"
    " where tenant = $1 and concern_id = $2",
)
_ACKNOWLEDGED = Statement(
    "concern acknowledged",
    "update read.concerns set state = 'acknowledged', acknowledged_by = $3, acknowledged_at = $4"
    " where tenant = $1 and concern_id = $2",
)
_ESCALATED = Statement(
    "concern escalated",
    "update read.concerns set escalations = $3, unstaffed = unstaffed or $4"
    " where tenant = $1 and concern_id = $2",
)
_CLOSED = Statement(
    "concern closed",
    "update read.concerns set state = 'closed', outcome = $3 where tenant = $1 and concern_id = $2",
)
_NOTIFIED = Statement(
    "concern authority notified",
    """
    insert into read.concern_answers (tenant, concern_id, authority, answer_by)
    values ($1, $2, $3, $4)
    on conflict (tenant, concern_id, authority) do update
       set answer_by = least(concern_answers.answer_by, excluded.answer_by)
    """,
    key=(0, 1, 2),
)
_ANSWERED = Statement(
    "concern authority answered",
    "delete from read.concern_answers where tenant = $1 and concern_id = $2 and authority = $3",
    key=(0, 1, 2),
)


def project(  # noqa: PLR0911 # a row an event
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Follow each concern through its life."""
    at = recorded.envelope
    match recorded.event:
        case ConcernRaised() as event:
            return [_raised(at, event)]
        case ConcernIdentified(concern_id, about):
            known = (about.child, about.referral, about.case_id)
            return [_IDENTIFIED(at.tenant, concern_id, *known)]
        case ConcernReopened(concern_id, _, alert):
            unstaffed = bool(alert.unstaffed)
            return [_REOPENED(at.tenant, concern_id, at.recorded_at, alert.out_of_hours, unstaffed)]
        case ConcernAcknowledged(concern_id, worker):
            return [_ACKNOWLEDGED(at.tenant, concern_id, worker, at.recorded_at)]
        case ConcernEscalated(concern_id, step, _, alert):
            return [_ESCALATED(at.tenant, concern_id, step, bool(alert.unstaffed))]
        case ConcernClosed(concern_id, outcome=outcome):
            return [_CLOSED(at.tenant, concern_id, outcome.value)]
        case ReferredToLA(concern_id, authority=authority, answer_by=day):
            return [_NOTIFIED(at.tenant, concern_id, authority, day)]
        case LAAcknowledged(concern_id, authority):
            return [_ANSWERED(at.tenant, concern_id, authority)]
        case _:
            return []


def _raised(at: Envelope, event: ConcernRaised) -> Write:
    return _RAISED(
        at.tenant,
        event.concern_id,
        event.about.child,
        event.about.referral,
        event.about.case_id,
        event.source.value,
        at.recorded_at,
        event.alert.out_of_hours,
        bool(event.alert.unstaffed),
    )


PROJECTION = Projection("concerns", project, ("read.concerns", "read.concern_answers"), By.STREAM)

BEGINNING = After(EARLIEST, UUID(int=0))


@dataclass(frozen=True, slots=True)
class Standing:
    """A concern as it stands."""

    concern_id: UUID
    child: UUID | None
    referral_id: UUID | None
    case_id: UUID | None
    source: str
    state: str
    raised_at: datetime
    out_of_hours: bool
    unstaffed: bool
    escalations: int
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    outcome: str | None
    answer_by: date | None


_STANDING = """
select c.*, (
       select min(a.answer_by) from read.concern_answers a
        where a.tenant = c.tenant and a.concern_id = c.concern_id) as answer_by
  from read.concerns c
"""
_ONE = _STANDING + " where c.tenant = $1 and c.concern_id = $2"
_PAGE = (
    _STANDING
    + """
 where c.tenant = $1 and c.state = $2 and (c.raised_at, c.concern_id) > ($3, $4)
 order by c.raised_at, c.concern_id
 limit $5
"""
)


async def one(rows: Connection, tenant: UUID, concern_id: UUID) -> Standing | None:
    """Return how a concern stands, if there is such a one."""
    row = await rows.fetchrow(_ONE, tenant, concern_id)
    return _standing(row) if row else None


async def page(
    rows: Connection, tenant: UUID, which: Listed, after: After[UUID], limit: int
) -> list[Standing]:
    """Return concerns in a state, in the order in which they were raised."""
    found = await rows.fetch(_PAGE, tenant, which.value, after.at, after.tie, limit)
    return [_standing(row) for row in found]


def place(of: Standing) -> After[UUID]:
    """Return the place of a concern in its list."""
    return After(of.raised_at, of.concern_id)


def _standing(row: Record) -> Standing:
    values = dict(row)
    values.pop("tenant")
    return Standing(**values)
