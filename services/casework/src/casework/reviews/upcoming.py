"""The review that is next in each case with a plan in force, by its day: a read model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.paging import EARLIEST, After
from casework.reviews.review_events import (
    ReviewOverdue,
    ReviewsCeased,
    ReviewScheduled,
    ReviewStarted,
)
from casework.tasks.lists import Part, Reader
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write


class Listed(StrEnum):
    """Which reviews a list is of."""

    DUE = "due"
    OVERDUE = "overdue"


_SCHEDULED = Statement(
    "review scheduled",
    """
    insert into read.reviews
        (tenant, case_id, child, number, trigger, due_on, overdue, underway)
    values ($1, $2, $3, $4, $5, $6, false, false)
    on conflict (tenant, case_id) do update
       set number = excluded.number, trigger = excluded.trigger, due_on = excluded.due_on,
           overdue = reviews.overdue and reviews.number = excluded.number,
           underway = reviews.underway and reviews.number = excluded.number
    """,
)
_OVERDUE = Statement(
    "review overdue", "update read.reviews set overdue = true where tenant = $1 and case_id = $2"
)
_STARTED = Statement(
    "review started", "update read.reviews set underway = true where tenant = $1 and case_id = $2"
)
_CEASED = Statement("reviews ceased", "delete from read.reviews where tenant = $1 and case_id = $2")


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Keep the one that is next."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case ReviewScheduled(case_id, child, number, trigger, next_due=day):
            return [_SCHEDULED(tenant, case_id, child, number, trigger.value, day)]
        case ReviewOverdue(case_id):
            return [_OVERDUE(tenant, case_id)]
        case ReviewStarted(case_id):
            return [_STARTED(tenant, case_id)]
        case ReviewsCeased(case_id):
            return [_CEASED(tenant, case_id)]
        case _:
            return []


PROJECTION = Projection("reviews", project, ("read.reviews",), By.STREAM)

BEGINNING = After(EARLIEST, UUID(int=0))

_ALL = """
select * from read.reviews
 where tenant = $1 and (due_on, case_id) > ($3, $4) and case_id <> all ($2::uuid[])
"""
_ORDER = " order by due_on, case_id limit $5"
_PAGES = {Listed.DUE: _ALL + _ORDER, Listed.OVERDUE: _ALL + " and overdue" + _ORDER}


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A review that is due."""

    case_id: UUID
    child: UUID
    number: int
    trigger: str
    due_on: date
    overdue: bool
    underway: bool


async def page(rows: Connection, reader: Reader, which: Listed, part: Part) -> list[Upcoming]:
    """Return a part of a list: nothing of a family that the reader knows."""
    asked = (reader.tenant, reader.hidden, *part.begins, part.limit)
    found = await rows.fetch(_PAGES[which], *asked)
    return [_upcoming(row) for row in found]


def place(of: Upcoming) -> After[UUID]:
    """Return the place of a review in its list."""
    return After(datetime.combine(of.due_on, time(), UTC), of.case_id)


def _upcoming(row: Record) -> Upcoming:
    values = dict(row)
    values.pop("tenant")
    return Upcoming(**values)
