"""Assessments that are being made, by the day on which they are due: a read model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.assessments.assessment_events import (
    AssessmentAbandoned,
    AssessmentCompleted,
    AssessmentOverdue,
    AssessmentRecounted,
    AssessmentStarted,
)
from casework.paging import EARLIEST, After
from casework.tasks.lists import Part, Reader
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write


class Listed(StrEnum):
    """Which assessments a list is of."""

    UNDERWAY = "underway"
    OVERDUE = "overdue"


_STARTED = Statement(
    "assessment started",
    """
    insert into read.assessments
        (tenant, assessment_id, case_id, child, kind, requested_on, due_on, overdue, joint)
    values ($1, $2, $3, $4, $5, $6, $7, false, $8)
    on conflict (tenant, assessment_id) do nothing
    """,
)
_OVERDUE = Statement(
    "assessment overdue",
    "update read.assessments set overdue = true where tenant = $1 and assessment_id = $2",
)
_RECOUNTED = Statement(
    "assessment recounted",
    """
    update read.assessments
       set due_on = $3, earlier = earlier || $4::date, overdue = false
     where tenant = $1 and assessment_id = $2
    """,
)
_ENDED = Statement(
    "assessment ended",
    "delete from read.assessments where tenant = $1 and assessment_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Keep what is not over."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case AssessmentStarted(case_id, child, assessment_id, kind) as began:
            days = (began.requested_on, began.due_on)
            return [_STARTED(tenant, assessment_id, case_id, child, kind.value, *days, began.joint)]
        case AssessmentOverdue(assessment_id=assessment_id):
            return [_OVERDUE(tenant, assessment_id)]
        case AssessmentRecounted(assessment_id=assessment_id, due_on=now, before=before):
            return [_RECOUNTED(tenant, assessment_id, now, before)]
        case (
            AssessmentCompleted(assessment_id=assessment_id)
            | AssessmentAbandoned(assessment_id=assessment_id)
        ):
            return [_ENDED(tenant, assessment_id)]
        case _:
            return []


PROJECTION = Projection("assessments", project, ("read.assessments",), By.STREAM)

BEGINNING = After(EARLIEST, UUID(int=0))

_ALL = """
select * from read.assessments
 where tenant = $1 and (due_on, assessment_id) > ($3, $4) and case_id <> all ($2::uuid[])
"""
_ORDER = " order by due_on, assessment_id limit $5"
_PAGES = {
    Listed.UNDERWAY: _ALL + _ORDER,
    Listed.OVERDUE: _ALL + " and overdue" + _ORDER,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An assessment that is being made. `earlier`: days on which it was due before."""

    assessment_id: UUID
    case_id: UUID
    child: UUID
    kind: str
    requested_on: date
    due_on: date
    overdue: bool
    joint: UUID | None
    earlier: Sequence[date]


async def page(rows: Connection, reader: Reader, which: Listed, part: Part) -> list[Standing]:
    """Return a part of a list: nothing of a family that the reader knows."""
    asked = (reader.tenant, reader.hidden, *part.begins, part.limit)
    found = await rows.fetch(_PAGES[which], *asked)
    return [_standing(row) for row in found]


def place(of: Standing) -> After[UUID]:
    """Return the place of an assessment in its list."""
    return After(datetime.combine(of.due_on, time(), UTC), of.assessment_id)


def _standing(row: Record) -> Standing:
    values = dict(row)
    values.pop("tenant")
    return Standing(**values)
