"""How far each follower of the feed has come, and who may say so: one leader, one epoch."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.connect import Connection
from ledger.feed import BEGINNING, Cursor


class Superseded(Exception):  # noqa: N818 # named for what has happened
    """Another leader has taken over, or the checkpoint was moved: what was done is void."""


class HistoryChanged(Exception):  # noqa: N818 # named for what has happened
    """The store no longer holds the event at the checkpoint: it lost its tail. A person decides."""


class CutOtherwise(Exception):  # noqa: N818 # named for what was found
    """The follower has another number of shards: to lead one of these would miss events."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write one checkpoint, until a later epoch."""

    name: str
    shard: int
    epoch: int
    owner: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last event handled, and the position up to which there is nothing more to handle."""

    cursor: Cursor = BEGINNING
    seen_to: int = 0
    epoch: int = 0


_LOAD = """
select position, event_id, seen_to, epoch from es.checkpoints where name = $1 and shard = $2
"""

_STILL_THERE = "select exists (select from es.events where position = $1 and event_id = $2)"

_ADVANCE = """
update es.checkpoints
   set position = $6, event_id = $7, seen_to = greatest(seen_to, $8)
 where name = $1 and shard = $2 and epoch = $3
   and position = $4 and event_id is not distinct from $5
"""

_ADVANCE_ALL = """
update es.checkpoints c
   set position = $6, event_id = $7, seen_to = greatest(c.seen_to, $8)
  from unnest($1::text[], $2::integer[], $3::bigint[]) as l (name, shard, epoch)
 where c.name = l.name and c.shard = l.shard and c.epoch = l.epoch
   and c.position = $4 and c.event_id is not distinct from $5
"""

_TAKE_OVER = """
insert into es.checkpoints (name, shard, shards, epoch, owner)
select $1, $2, $4, 1, $3
 where not exists (select from es.checkpoints where name = $1 and shards <> $4)
on conflict (name, shard) do update set epoch = checkpoints.epoch + 1, owner = excluded.owner
 where checkpoints.shards = excluded.shards
returning epoch
"""

_SEEN = """
select coalesce(min(coalesce(c.seen_to, 0)), 0)
  from unnest($1::text[]) wanted (name) left join es.checkpoints c using (name)
"""

_SEEN_BY = "select name, min(seen_to) as seen_to from es.checkpoints group by name"


async def load(connection: Connection, name: str, shard: int = 0) -> Checkpoint:
    """Return a checkpoint; one that was never written stands at the beginning."""
    row = await connection.fetchrow(_LOAD, name, shard)
    if row is None:
        return Checkpoint()
    return Checkpoint(Cursor(row["position"], row["event_id"]), row["seen_to"], row["epoch"])


async def take_over(
    connection: Connection, name: str, shard: int, owner: str, shards: int = 1
) -> Lease:
    """Begin a new epoch of a checkpoint; whoever led before writes nothing more.

    Called by who holds the lock of the leadership (leadership.py). Raises CutOtherwise where the
    follower is cut into other than `shards` shards (cutting.py).
    """
    epoch = await connection.fetchval(_TAKE_OVER, name, shard, owner, shards)
    if epoch is None:
        raise CutOtherwise(f"{name} is not cut into {shards}")
    return Lease(name, shard, epoch, owner)


async def resume(connection: Connection, lease: Lease) -> Checkpoint:
    """Return the checkpoint of a lease for going on. Raises Superseded, HistoryChanged."""
    found = await load(connection, lease.name, lease.shard)
    if found.epoch != lease.epoch:
        raise Superseded(lease.name)
    at = found.cursor
    if at.event_id and not await connection.fetchval(_STILL_THERE, at.position, at.event_id):
        raise HistoryChanged(f"{lease.name}: the event at position {at.position} is another one")
    return found


async def advance(
    connection: Connection, lease: Lease, since: Cursor, to: Cursor, seen_to: int
) -> None:
    """Move a checkpoint from where its leader left it. Raises Superseded.

    In a transaction it comes *first*: whoever switches a rebuilt table in holds the checkpoint
    while it waits for the table.
    """
    done = await connection.execute(
        _ADVANCE,
        lease.name,
        lease.shard,
        lease.epoch,
        since.position,
        since.event_id,
        to.position,
        to.event_id,
        seen_to,
    )
    if done != "UPDATE 1":
        raise Superseded(lease.name)


async def advance_all(
    connection: Connection, leases: Sequence[Lease], since: Cursor, to: Cursor, seen_to: int
) -> None:
    """Move several checkpoints, that all stand at one place, in one exchange. Raises Superseded."""
    done = await connection.execute(
        _ADVANCE_ALL,
        [each.name for each in leases],
        [each.shard for each in leases],
        [each.epoch for each in leases],
        since.position,
        since.event_id,
        to.position,
        to.event_id,
        seen_to,
    )
    if done != f"UPDATE {len(leases)}":
        raise Superseded(", ".join(each.name for each in leases))


async def seen_to(connection: Connection, names: Sequence[str]) -> int:
    """Return the position that all the named followers have seen; 0 if one never began."""
    position: int = await connection.fetchval(_SEEN, list(names))
    return position


async def seen_by(connection: Connection) -> dict[str, int]:
    """Return the position that each follower has seen; one that never began is missing."""
    return {row["name"]: row["seen_to"] for row in await connection.fetch(_SEEN_BY)}
