"""Cases that wait at a stage of the pathway, and how many at each: read from two read models."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.cases.stage import Stage
from casework.paging import After
from casework.tasks.lists import Part, Reader
from ledger.connect import Connection

# The page first, from the index alone; then its cases.
WAITING = """
select page.case_id, c.child, page.stage, page.since, c.lead, c.allocate_by, c.overdue
  from (
       select s.case_id, s.stage, s.since
         from read.stages s
        where s.tenant = $1 and s.stage = $3 and (s.since, s.case_id) > ($4, $5)
          and s.case_id <> all ($2::uuid[])
        order by s.since, s.case_id
        limit $6) page
  join read.cases c on c.tenant = $1 and c.case_id = page.case_id
 order by page.since, page.case_id
"""
# Whoever knows a family is not told that its case is counted.
COUNTED = """
select s.stage, count(*) as cases, min(s.since) as longest_since
  from read.stages s
 where s.tenant = $1 and s.stage = any ($3::text[])
   and s.case_id <> all ($2::uuid[])
 group by s.stage
"""
OVER = frozenset({Stage.CLOSED, Stage.TRANSFERRED_OUT})
"""Stages at which nothing waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case at a stage, since when, and who leads it or until when somebody is to be named."""

    case_id: UUID
    child: UUID
    stage: str
    since: datetime
    lead: UUID | None
    allocate_by: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases stand at a stage, and since when the one that has stood there longest."""

    stage: str
    cases: int
    longest_since: datetime


async def waiting(rows: Connection, reader: Reader, stage: Stage, part: Part) -> list[Waiting]:
    """Return the cases at a stage, the one that has been there longest first."""
    after = part.after
    asked = (reader.tenant, reader.hidden, stage.value, after.at, after.tie, part.limit)
    return [Waiting(**dict(row)) for row in await rows.fetch(WAITING, *asked)]


async def counted(rows: Connection, reader: Reader) -> list[Counted]:
    """Return how many cases stand at each stage at which something waits, by the pathway."""
    stages = [each.value for each in Stage if each not in OVER]
    found = await rows.fetch(COUNTED, reader.tenant, reader.hidden, stages)
    counts = [Counted(**dict(row)) for row in found]
    return sorted(counts, key=lambda each: stages.index(each.stage))


def place(of: Waiting) -> After[UUID]:
    """Return the place of a case in its list."""
    return After(of.since, of.case_id)
