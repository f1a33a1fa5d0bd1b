"""How complaints stand: a read model without words, for those who see to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.complaints.complaint import LOCAL, PANEL
from casework.complaints.complaint_events import (
    Awaited,
    Clock,
    ComplaintMade,
    ComplaintWithdrawn,
    PanelHeld,
    PanelReported,
    StageAnswered,
    StageBegun,
    StageExtended,
    StageOverdue,
)
from casework.paging import EARLIEST, After
from ledger.connect import Connection
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write


class Listed(StrEnum):
    """Which complaints a list is of."""

    RUNNING = "running"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


_MADE = Statement(
    "complaint made",
    """
    insert into read.complaints
        (tenant, complaint_id, about_case, notice, worker, handler, made_by, made_at, state, stage,
         awaited, due_on, latest_on, overdue)
    values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9, $10, $11, $12, false)
    on conflict (tenant, complaint_id) do nothing
    """,
)
_WAITS = Statement(
    "complaint waits",
    "update read.complaints set state = 'running', stage = $3, awaited = $4, due_on = $5,"
    " latest_on = $6, overdue = false, finding = null where tenant = $1 and complaint_id = $2",
)
_HANDLED = Statement(
    "complaint handled",
    "update read.complaints set handler = $3 where tenant = $1 and complaint_id = $2",
)
_EXTENDED = Statement(
    "complaint extended",
    "update read.complaints set due_on = $3, overdue = false"
    " where tenant = $1 and complaint_id = $2",
)
_OVERDUE = Statement(
    "complaint overdue",
    "update read.complaints set overdue = true where tenant = $1 and complaint_id = $2",
)
_ENDED = Statement(
    "complaint stage ended",
    "update read.complaints set state = $3, finding = $4, awaited = null, due_on = null,"
    " latest_on = null, overdue = false where tenant = $1 and complaint_id = $2",
)


def project(  # noqa: PLR0911 # a row an event
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Follow each complaint through its stages."""
    at = recorded.envelope
    match recorded.event:
        case ComplaintMade() as event:
            return [_made(at, event)]
        case StageBegun(complaint_id, stage, handler, _, clock):
            awaited = Awaited.PANEL if stage == PANEL else Awaited.ANSWER
            waits = _waits(at, complaint_id, stage, awaited, clock)
            return [waits, _HANDLED(at.tenant, complaint_id, handler)]
        case PanelHeld(complaint_id, clock=clock):
            return [_waits(at, complaint_id, PANEL, Awaited.REPORT, clock)]
        case PanelReported(complaint_id, clock=clock):
            return [_waits(at, complaint_id, PANEL, Awaited.REPLY, clock)]
        case StageExtended(complaint_id, due_on=due_on):
            return [_EXTENDED(at.tenant, complaint_id, due_on)]
        case StageOverdue(complaint_id):
            return [_OVERDUE(at.tenant, complaint_id)]
        case StageAnswered(complaint_id, finding=finding):
            return [_ENDED(at.tenant, complaint_id, Listed.ANSWERED.value, finding.value)]
        case ComplaintWithdrawn(complaint_id):
            return [_ENDED(at.tenant, complaint_id, Listed.WITHDRAWN.value, None)]
        case _:
            return []


def _made(at: Envelope, event: ComplaintMade) -> Write:
    matter, clock = event.matter, event.clock
    return _MADE(
        at.tenant,
        event.complaint_id,
        matter.case_id,
        matter.notice,
        matter.worker,
        event.handler,
        event.by,
        at.recorded_at,
        LOCAL,
        Awaited.ANSWER.value,
        clock.due_on,
        clock.latest_on,
    )


def _waits(at: Envelope, complaint_id: UUID, stage: int, awaited: Awaited, clock: Clock) -> Write:
    return _WAITS(at.tenant, complaint_id, stage, awaited.value, clock.due_on, clock.latest_on)


PROJECTION = Projection("complaints", project, ("read.complaints",), By.STREAM)

BEGINNING = After(EARLIEST, UUID(int=0))


@dataclass(frozen=True, slots=True)
class Standing:
    """A complaint as it stands."""

    complaint_id: UUID
    about_case: UUID | None
    notice: UUID | None
    worker: UUID | None
    handler: UUID
    made_by: UUID
    made_at: datetime
    state: str
    stage: int
    awaited: str | None
    due_on: date | None
    latest_on: date | None
    overdue: bool
    finding: str | None


_ONE = "select * from read.complaints where tenant = $1 and complaint_id = $2"
# Whoever a complaint is about does not find it, also where he manages.
_PAGE = """
select * from read.complaints
 where tenant = $1 and state = $2 and (made_at, complaint_id) > ($3, $4)
   and (worker is null or worker::text <> $5)
 order by made_at, complaint_id
 limit $6
"""


async def one(rows: Connection, tenant: UUID, complaint_id: UUID) -> Standing | None:
    """Return how a complaint stands, if there is such a one."""
    row = await rows.fetchrow(_ONE, tenant, complaint_id)
    return _standing(row) if row else None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which complaints, as who reads them."""

    tenant: UUID
    which: Listed
    reader: str


async def page(rows: Connection, asked: Asked, after: After[UUID], limit: int) -> list[Standing]:
    """Return complaints in a state that are not about the reader, oldest first."""
    found = await rows.fetch(
        _PAGE, asked.tenant, asked.which.value, after.at, after.tie, asked.reader, limit
    )
    return [_standing(row) for row in found]


def place(of: Standing) -> After[UUID]:
    """Return the place of a complaint in its list."""
    return After(of.made_at, of.complaint_id)


def _standing(row: Record) -> Standing:
    values = dict(row)
    values.pop("tenant")
    return Standing(**values)
