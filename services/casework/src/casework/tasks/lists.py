"""Lists of work, a page at a time, each read by an index of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from asyncpg import Record

from casework.paging import EARLIEST, After
from casework.tasks.standing import NO_DAY
from ledger.connect import Connection

BEGINNING = After(EARLIEST, UUID(int=0))

_ONE = "select t.* from read.tasks t where t.tenant = $1 and t.task_id = $2"
_TODAY = "select (es.now() at time zone 'Europe/London')::date"
# Cases of a family that the reader knows ($2) are in no list of his; what is of no case is.
SEEN = " and coalesce(t.case_id <> all ($2::uuid[]), true)"
_HIDDEN = """
select c.case_id from read.cases c where c.tenant = $1 and c.child = any ($2::uuid[])
 union
select c.case_id from read.cases c where c.tenant = $1 and c.family_id = any ($2::uuid[])
"""
OF_WORKER = (
    """
select t.* from read.tasks t
 where t.tenant = $1 and t.worker = $3 and t.over_at is null and t.due <= $4
   and (t.due, t.task_id) > ($5, $6)
"""
    + SEEN
    + " order by t.due, t.task_id limit $7"
)
OVERDUE = (
    """
select t.* from read.tasks t
 where t.tenant = $1 and t.over_at is null and t.due < $3 and (t.due, t.task_id) > ($4, $5)
"""
    + SEEN
    + " order by t.due, t.task_id limit $6"
)
# Of each worker of the team the first of the page, from the index alone, then the first of all.
RISKS = (
    """
select t.*
  from (
       select first.task_id, first.due
         from read.team_members m
        cross join lateral (
              select t.task_id, t.due from read.tasks t
               where t.tenant = m.tenant and t.worker = m.worker and t.over_at is null
                 and t.due <= $5 and (t.due, t.task_id) > ($6, $7)
"""
    + SEEN
    + """
               order by t.due, t.task_id
               limit $8) first
        where m.tenant = $1 and m.team = $3 and $4 between m.from_day and m.last_day
        order by first.due, first.task_id
        limit $8) found
  join read.tasks t on t.tenant = $1 and t.task_id = found.task_id
 order by t.due, t.task_id
"""
)
OF_CASE = """
select t.* from read.tasks t
 where t.tenant = $1 and t.case_id = $2 and (t.due, t.task_id) > ($3, $4)
 order by t.due, t.task_id
 limit $5
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a list: in which authority, and which cases he is not to see."""

    tenant: UUID
    hidden: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is read."""

    after: After[UUID]
    limit: int

    @property
    def begins(self) -> tuple[date, UUID]:
        """The place after which it begins."""
        return self.after.at.date(), self.after.tie


@dataclass(frozen=True, slots=True)
class Standing:
    """A task as it stands. `due_on`: None where it has no day."""

    task_id: UUID
    case_id: UUID | None
    child: UUID | None
    kind: str
    about: str
    raised_at: datetime
    due_on: date | None
    earlier: tuple[date, ...]
    rule: str
    desk: str
    worker: UUID | None
    state: str
    step: int
    outcome: str | None
    open: bool

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over and it is open."""
        return self.open and self.due_on is not None and self.due_on < today


async def today(rows: Connection) -> date:
    """Return the day in London by the service's clock."""
    day: date = await rows.fetchval(_TODAY)
    return day


async def one(rows: Connection, tenant: UUID, task_id: UUID) -> Standing | None:
    """Return how a task stands, if there is such a one."""
    row = await rows.fetchrow(_ONE, tenant, task_id)
    return _standing(row) if row else None


async def reader_of(rows: Connection, tenant: UUID, known: Collection[UUID]) -> Reader:
    """Say who reads, given the children and families that he knows; nearly everybody knows none."""
    if not known:
        return Reader(tenant)
    found = await rows.fetch(_HIDDEN, tenant, list(known))
    return Reader(tenant, tuple(row["case_id"] for row in found))


async def of_worker(
    rows: Connection, reader: Reader, worker: UUID, through: date, part: Part
) -> list[Standing]:
    """Return the open tasks of a worker that are due by a day."""
    asked = (reader.tenant, reader.hidden, worker, through, *part.begins, part.limit)
    return _all(await rows.fetch(OF_WORKER, *asked))


async def overdue(rows: Connection, reader: Reader, day: date, part: Part) -> list[Standing]:
    """Return the open tasks of an authority that were due before a day."""
    asked = (reader.tenant, reader.hidden, day, *part.begins, part.limit)
    return _all(await rows.fetch(OVERDUE, *asked))


async def risks(
    rows: Connection, reader: Reader, team: str, days: tuple[date, date], part: Part
) -> list[Standing]:
    """Return the open tasks of whoever is in a team on the first day that are due by the second."""
    asked = (reader.tenant, reader.hidden, team, *days, *part.begins, part.limit)
    return _all(await rows.fetch(RISKS, *asked))


async def of_case(rows: Connection, tenant: UUID, case_id: UUID, part: Part) -> list[Standing]:
    """Return the tasks of a case, open or over."""
    return _all(await rows.fetch(OF_CASE, tenant, case_id, *part.begins, part.limit))


def place(of: Standing) -> After[UUID]:
    """Return the place of a task in its list."""
    return After(datetime.combine(of.due_on or NO_DAY, time.min, tzinfo=UTC), of.task_id)


def _all(rows: Sequence[Record]) -> list[Standing]:
    return [_standing(each) for each in rows]


def _standing(row: Record) -> Standing:
    return Standing(
        row["task_id"],
        row["case_id"],
        row["child"],
        row["kind"],
        row["about"],
        row["raised_at"],
        None if row["due"] == NO_DAY else row["due"],
        tuple(row["earlier"]),
        row["rule"],
        row["desk"],
        row["worker"],
        row["state"],
        row["step"],
        row["outcome"],
        row["over_at"] is None,
    )
