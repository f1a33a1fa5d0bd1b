"""What workers carry and what they were offered: asked of the read model."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from casework.allocations.allocation_events import Part
from casework.allocations.weight import Formula, share
from casework.paging import After
from ledger.connect import Connection

BEGINNING: Final = After(datetime(9999, 12, 31, tzinfo=UTC), UUID(int=0))
"""The place before the newest."""

_CASES = """
select p.case_id, p.part, coalesce(w.weight, $3) as weight
  from read.case_parts p
  left join read.case_weights w on w.tenant = p.tenant and w.case_id = p.case_id
 where p.tenant = $1 and p.worker = $2
 order by p.case_id
"""
_LOADS = """
select p.worker, p.part, coalesce(w.weight, $2) as weight, count(*)::integer as cases
  from read.case_parts p
  left join read.case_weights w on w.tenant = p.tenant and w.case_id = p.case_id
 where p.tenant = $1
 group by p.worker, p.part, coalesce(w.weight, $2)
"""


@dataclass(frozen=True, slots=True)
class Share:
    """A case that a worker works on, what it weighs and what of it he carries."""

    case_id: UUID
    part: Part
    weight: int
    carries: int


def carried(weight: int, part: Part, formula: Formula) -> int:
    """Return what a part carries of a case's weight, in tenths of a point."""
    percent = {Part.CO_WORKER: formula.co_worker, Part.CONSULTANT: formula.consultant}
    return share(weight, percent.get(part, 100))


async def shares(rows: Connection, tenant: UUID, worker: UUID, formula: Formula) -> list[Share]:
    """Return the cases that a worker works on."""
    found = await rows.fetch(_CASES, tenant, worker, formula.unweighed)
    return [
        Share(row["case_id"], part, row["weight"], carried(row["weight"], part, formula))
        for row in found
        for part in (Part(row["part"]),)
    ]


async def loads(rows: Connection, tenant: UUID, formula: Formula) -> dict[UUID, int]:
    """Return what each worker of an authority carries, who carries anything."""
    carries: dict[UUID, int] = {}
    for row in await rows.fetch(_LOADS, tenant, formula.unweighed):
        each = carried(row["weight"], Part(row["part"]), formula) * row["cases"]
        carries[row["worker"]] = carries.get(row["worker"], 0) + each
    return carries


LIST = "offers"

_OFFERS = """
select * from read.offers
 where tenant = $1 and worker = $2 and (offered_at, offer_id) < ($3, $4)
 order by offered_at desc, offer_id desc
 limit $5
"""
_OF_CASE = """
select * from read.offers where tenant = $1 and case_id = $2 order by offered_at limit $3
"""
MOST_OF_CASE = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """What a worker was asked to take on, and what came of it."""

    offer_id: UUID
    case_id: UUID
    worker: UUID
    part: str
    reason: str
    reach: str
    weight: int
    offered_at: datetime
    answer_by: date
    answer: str
    answer_reason: str | None


async def offers(
    rows: Connection, tenant: UUID, worker: UUID, before: After[UUID], limit: int
) -> list[Offered]:
    """Return what a worker was offered, newest first, after a place of the list."""
    found = await rows.fetch(_OFFERS, tenant, worker, before.at, before.tie, limit)
    return [_offered(row) for row in found]


async def offers_of_case(rows: Connection, tenant: UUID, case_id: UUID) -> list[Offered]:
    """Return what was offered of a case, oldest first."""
    return [_offered(row) for row in await rows.fetch(_OF_CASE, tenant, case_id, MOST_OF_CASE)]


def place(of: Offered) -> After[UUID]:
    """Return the place of an offer in its list."""
    return After(of.offered_at, of.offer_id)


_NAMES: Final = (
    "offer_id",
    "case_id",
    "worker",
    "part",
    "reason",
    "reach",
    "weight",
    "offered_at",
    "answer_by",
    "answer",
    "answer_reason",
)


def _offered(row: Record) -> Offered:
    return Offered(*(row[name] for name in _NAMES))
