"""Into how many shards a projection's log is cut, and how that is changed.

The checkpoints of a projection say of how many they are. To cut anew, all shards are led by one who
brings them to one place; from there as many as are wanted go on.
"""

import zlib
from collections.abc import Sequence

from ledger.checkpoints import Lease, Superseded
from ledger.connect import Connection
from ledger.feed import Cursor
from ledger.projecting import ProjectionRunner

_LOCK_SPACE = 29546

_HOLD = "select pg_advisory_xact_lock($1::integer, $2::integer)"
_SHARDS = "select max(shards) from es.checkpoints where name = $1"
_STANDING = """
select shard, epoch, position, event_id, seen_to from es.checkpoints where name = $1 for update
"""
_DROP = "delete from es.checkpoints where name = $1"
_MAKE = """
insert into es.checkpoints (name, shard, shards, position, event_id, seen_to, epoch, owner)
select $1, shard, $2, $3, $4, $5, $6, $7 from generate_series(0, $2 - 1) shard
"""


async def hold(connection: Connection, name: str) -> None:
    """Let nobody else cut a projection, or move all of its checkpoints, in this transaction."""
    number = zlib.crc32(name.encode()) & 0x7FFFFFFF
    await connection.execute(_HOLD, _LOCK_SPACE, number)


async def cut(connection: Connection, name: str, shards: int) -> int:
    """Make the checkpoints of a projection that has none; return how many shards it has."""
    async with connection.transaction():
        await hold(connection, name)
        found: int | None = await connection.fetchval(_SHARDS, name)
        if found is None:
            await connection.execute(_MAKE, name, shards, 0, None, 0, 0, "")
    return found or shards


async def level(runners: Sequence[ProjectionRunner]) -> Cursor:
    """Bring the shards of a projection to where the furthest stands. Raises what a step raises."""
    places = [await each.place() for each in runners]
    furthest = max(places, key=lambda place: place.position)
    for each in runners:
        while (await each.place()).position < furthest.position:
            await each.step(until=furthest.position)
    return furthest


async def cut_anew(connection: Connection, leases: Sequence[Lease], shards: int) -> None:
    """Put other shards in the place of those that are led, which stand level. Raises Superseded."""
    name, owner = leases[0].name, leases[0].owner
    async with connection.transaction():
        await hold(connection, name)
        rows = await connection.fetch(_STANDING, name)
        led = {(each.shard, each.epoch) for each in leases}
        places = {(row["position"], row["event_id"]) for row in rows}
        if {(row["shard"], row["epoch"]) for row in rows} != led or len(places) != 1:
            raise Superseded(name)
        position, event_id = places.pop()
        seen_to = min(row["seen_to"] for row in rows)
        # A later epoch than any lease: who led one of the old shards writes nothing more.
        epoch = max(row["epoch"] for row in rows) + 1
        await connection.execute(_DROP, name)
        await connection.execute(_MAKE, name, shards, position, event_id, seen_to, epoch, owner)
