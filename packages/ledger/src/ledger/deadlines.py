"""Deadlines that recorded facts set, move and end; each falls due once, by the store's clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ledger.connect import Connection

_SET = """
insert into es.deadlines as d (tenant, kind, stream_id, due_at, set_by)
select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[])
    on conflict (tenant, kind, stream_id) do update
   set due_at = excluded.due_at, set_by = excluded.set_by, fired_at = null, met_at = null
"""

_MEET = """
update es.deadlines d
   set met_at = es.now()
  from unnest($1::uuid[], $2::text[], $3::uuid[]) w (tenant, kind, stream_id)
 where d.tenant = w.tenant and d.kind = w.kind and d.stream_id = w.stream_id
   and d.met_at is null and d.fired_at is null
"""

_DUE = """
select tenant, kind, stream_id, due_at, set_by from es.deadlines
 where fired_at is null and met_at is null and due_at <= es.now()
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
 where fired_at is null and met_at is null and due_at <= es.now()
"""

_NEXT_DUE = "select min(due_at) from es.deadlines where fired_at is null and met_at is null"


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


async def apply(connection: Connection, changes: Iterable[Change]) -> None:
    """Apply changes in their order: of several for one deadline the last one counts."""
    last = {(each.tenant, each.kind, each.stream_id): each for each in changes}
    ordered = [last[key] for key in sorted(last)]
    to_set = [each for each in ordered if each.due_at is not None]
    to_meet = [each for each in ordered if each.due_at is None]
    if to_set:
        await connection.execute(
            _SET,
            *_keys(to_set),
            [each.due_at for each in to_set],
            [each.set_by for each in to_set],
        )
    if to_meet:
        await connection.execute(_MEET, *_keys(to_meet))


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


def _keys(changes: Iterable[Change]) -> tuple[list[UUID], list[str], list[UUID]]:
    rows = list(changes)
    return (
        [each.tenant for each in rows],
        [each.kind for each in rows],
        [each.stream_id for each in rows],
    )
