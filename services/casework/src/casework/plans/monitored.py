"""Plans in force, by who monitors them and by when they are reviewed: a read model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.paging import EARLIEST, After
from casework.plans.plan_events import (
    MonitorNominated,
    PlanActivated,
    PlanEnded,
    PlanPaused,
    PlanResumed,
)
from casework.reviews.review_events import ReviewScheduled
from casework.tasks.lists import Part, Reader
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_ACTIVATED = Statement(
    "plan activated",
    """
    insert into read.plans
        (tenant, case_id, child, version, state, active_from, monitor, review_by)
    values ($1, $2, $3, $4, 'active', $5, $6, $7)
    on conflict (tenant, case_id) do update
       set version = excluded.version, state = 'active', active_from = excluded.active_from,
           monitor = excluded.monitor, review_by = least(plans.review_by, excluded.review_by)
    """,
)
_STATE = Statement(
    "plan paused or resumed", "update read.plans set state = $3 where tenant = $1 and case_id = $2"
)
_MONITOR = Statement(
    "plan monitor", "update read.plans set monitor = $3 where tenant = $1 and case_id = $2"
)
_REVIEW = Statement(
    "plan review", "update read.plans set review_by = $3 where tenant = $1 and case_id = $2"
)
_ENDED = Statement("plan ended", "delete from read.plans where tenant = $1 and case_id = $2")


def project(  # noqa: PLR0911 # a row an event
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Keep what is in force, also while it is paused."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case PlanActivated(case_id, child, version, from_day, monitor, review_by):
            return [_ACTIVATED(tenant, case_id, child, version, from_day, monitor, review_by)]
        case PlanPaused(case_id):
            return [_STATE(tenant, case_id, "paused")]
        case PlanResumed(case_id):
            return [_STATE(tenant, case_id, "active")]
        case MonitorNominated(case_id, monitor=monitor):
            return [_MONITOR(tenant, case_id, monitor)]
        case PlanEnded(case_id):
            return [_ENDED(tenant, case_id)]
        case ReviewScheduled(case_id, next_due=day):
            return [_REVIEW(tenant, case_id, day)]
        case _:
            return []


PROJECTION = Projection("plans", project, ("read.plans",), By.CASE)

LIST = "plans"
BEGINNING = After(EARLIEST, UUID(int=0))

_PAGE = """
select case_id, child, version, state, active_from, review_by from read.plans
 where tenant = $1 and monitor = $3 and (review_by, case_id) > ($4, $5)
   and case_id <> all ($2::uuid[])
 order by review_by, case_id
 limit $6
"""


@dataclass(frozen=True, slots=True)
class Monitored:
    """A plan in force."""

    case_id: UUID
    child: UUID
    version: int
    state: str
    active_from: date
    review_by: date


async def page(rows: Connection, reader: Reader, monitor: UUID, part: Part) -> list[Monitored]:
    """Return plans that a worker monitors: nothing of a family that the reader knows."""
    asked = (reader.tenant, reader.hidden, monitor, *part.begins, part.limit)
    found = await rows.fetch(_PAGE, *asked)
    return [_monitored(row) for row in found]


def place(of: Monitored) -> After[UUID]:
    """Return the place of a plan in its list."""
    return After(datetime.combine(of.review_by, time(), UTC), of.case_id)


def _monitored(row: Record) -> Monitored:
    return Monitored(**dict(row))
