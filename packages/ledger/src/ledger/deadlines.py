"""Deadlines that recorded facts set, move and end; each falls due once, by the store's clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ledger.connect import Connection
from ledger.writes import Statement, Write
from ledger.writing import send

# The clock is read once, as a subquery: else it would be asked for every open deadline.
_DUE = """
select tenant, kind, stream_id, due_at, set_by from es.deadlines
 where fired_at is null and met_at is null and due_at <= (select es.now())
 order by due_at, tenant, kind, stream_id
 limit $1
"""

# A deadline that was moved while it fired is another one, still to come.
_FIRED = """
update es.deadlines set fired_at = es.now()
 where tenant = $1 and kind = $2 and stream_id = $3 and due_at = $4 and set_by = $5
   and fired_at is null
"""

_COUNT_DUE = """
select count(*) from es.deadlines
 where fired_at is null and met_at is null and due_at <= (select es.now())
"""

_NEXT_DUE = "select min(due_at) from es.deadlines where fired_at is null and met_at is null"


_SET = Statement(
    "set deadline",
    """
    insert into es.deadlines as d (tenant, kind, stream_id, due_at, set_by)
    values ($1, $2, $3, $4, $5)
        on conflict (tenant, kind, stream_id) do update
       set due_at = excluded.due_at, set_by = excluded.set_by, fired_at = null, met_at = null
    """,
    key=(0, 1, 2),
)
_MEET = Statement(
    "meet deadline",
    """
    update es.deadlines set met_at = es.now()
     where tenant = $1 and kind = $2 and stream_id = $3 and met_at is null and fired_at is null
    """,
    key=(0, 1, 2),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a recorded fact does to a deadline: sets it (again: moves it), or ends it (None)."""

    tenant: UUID
    kind: str
    stream_id: UUID
    due_at: datetime | None
    set_by: UUID


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline that is open. `set_by`: the event that set it."""

    tenant: UUID
    kind: str
    stream_id: UUID
    due_at: datetime
    set_by: UUID


def write(change: Change) -> Write:
    """Return what a change writes."""
    if change.due_at is None:
        return _MEET(change.tenant, change.kind, change.stream_id)
    return _SET(change.tenant, change.kind, change.stream_id, change.due_at, change.set_by)


async def apply(connection: Connection, changes: Iterable[Change]) -> None:
    """Apply changes in their order."""
    await send(connection, [write(each) for each in changes])


async def due(connection: Connection, limit: int) -> list[Deadline]:
    """Return what has fallen due and has not fired, the longest overdue first."""
    return [Deadline(**dict(row)) for row in await connection.fetch(_DUE, limit)]


async def fired(connection: Connection, deadline: Deadline) -> None:
    """Remember that a deadline has fired, unless it was moved meanwhile."""
    await connection.execute(
        _FIRED,
        deadline.tenant,
        deadline.kind,
        deadline.stream_id,
        deadline.due_at,
        deadline.set_by,
    )


async def count_due(connection: Connection) -> int:
    """Return how many have fallen due and have not fired."""
    count: int = await connection.fetchval(_COUNT_DUE)
    return count


async def next_due(connection: Connection) -> datetime | None:
    """Return the earliest instant at which an open deadline falls due."""
    at: datetime | None = await connection.fetchval(_NEXT_DUE)
    return at
