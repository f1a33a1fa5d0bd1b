"""Reading rows for a caller: the authority's only, and at least as fresh as he has seen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.edge.malformed import a_uuid
from chassis.failures import Unavailable
from chassis.followers.pulse import Pulse
from chassis.followers.sharing import Reached
from chassis.queries.positions import PositionToken
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection, Pool
from ledger.feed import Feed
from ledger.threads import PROJECTION as THREADS
from throughline.common.v1.common_pb2 import ReadContext

PATIENCE_S = 5.0
"""How long a reading waits to be as fresh as asked."""

BETWEEN_LOOKS_S = 0.005
"""Between two looks how far the read models have come: another process may keep them."""

# One exchange with the store for both: readings are what there is most of.
_BEGIN_SCOPED = "begin read only; select set_config('app.tenants', '{}', true)"

# Each goes by one key whatever the planner believes of the tables, which were empty when plans were
# made. Of a stream the positions, which have the order of the versions, are compared last. Of a
# thread each event's position is written as a range in order, since only one index has that order:
# by that of streams each would be looked for among all that its authority has.
_STREAM = """
select e.position, e.tenant, e.stream_id, e.version, e.event_id, e.command_id, e.type,
       e.schema_version, e.occurred_at, e.occurred_precision, e.recorded_at, e.payload, e.sealed,
       e.metadata, e.blinding, e.leaf_hash
  from (
       select *
         from es.events e
        where e.tenant = $1 and e.stream_id = $2
        order by e.version
        limit $4) e
 where e.position <= $3
 order by e.version
"""

_THREAD = """
select e.position, e.tenant, e.stream_id, e.version, e.event_id, e.command_id, e.type,
       e.schema_version, e.occurred_at, e.occurred_precision, e.recorded_at, e.payload, e.sealed,
       e.metadata, e.blinding, e.leaf_hash
  from es.threads t
 cross join lateral (
       select *
         from es.events e
        where e.tenant = t.tenant and e.position >= t.position and e.position <= t.position
        order by e.position
        limit 1) e
 where t.tenant = $1 and t.thread = $2 and t.position <= $3
 order by t.position
 limit $4
"""


@asynccontextmanager
async def scoped(pool: Pool, tenant: UUID) -> AsyncIterator[Connection]:
    """Give a connection that sees one authority's rows, in a transaction that only reads."""
    async with pool.acquire(timeout=ACQUIRE_S) as connection:
        # Only an id has such digits: nothing of a caller gets into the words.
        await connection.execute(_BEGIN_SCOPED.format(tenant.hex))
        try:
            yield connection
        finally:
            if not connection.is_closed():
                await connection.execute("commit")


@dataclass(frozen=True, slots=True)
class Rows:
    """A service's rows for its callers. `followers`: the checkpoints that its read models keep."""

    service: str
    pool: Pool
    feed: Feed
    pulse: Pulse
    followers: tuple[str, ...]
    reached: Reached

    @asynccontextmanager
    async def reading(self, context: ReadContext) -> AsyncIterator[Connection]:
        """Give a connection on the caller's authority, at least as fresh as its position token."""
        tenant = a_uuid("context.authority", context.authority)
        if context.position_token:
            token = PositionToken.decode(context.position_token, self.service)
            await self.seen(self.followers, token.position)
        async with scoped(self.pool, tenant) as connection:
            yield connection

    @asynccontextmanager
    async def complete(self, tenant: UUID) -> "AsyncIterator[Reading]":
        """Give a reading that holds everything committed, or in flight, when it was asked for."""
        position = await self.feed.last_position()
        await self.seen((THREADS.name,), position)
        async with scoped(self.pool, tenant) as connection:
            now = await connection.fetchval("select es.now()")
            yield Reading(connection, tenant, position, now)

    async def now(self) -> datetime:
        """Return the store's clock."""
        async with self.pool.acquire(timeout=ACQUIRE_S) as connection:
            at: datetime = await connection.fetchval("select es.now()")
            return at

    async def seen(self, names: tuple[str, ...], position: int) -> None:
        """Wait until the named followers have seen a position; Unavailable if too long."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while await self.reached.position(names) < position:  # noqa: ASYNC110 # another process
                    await asyncio.sleep(BETWEEN_LOOKS_S)
        except TimeoutError:
            raise Unavailable("the read model is behind") from None


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows of one authority, complete to a position of the log."""

    connection: Connection
    tenant: UUID
    position: int
    now: datetime

    async def stream(self, stream_id: UUID, limit: int) -> list[StoredEvent]:
        """Return the first events of a stream, at most `limit`."""
        return await self._events(_STREAM, stream_id, limit)

    async def thread(self, thread: UUID, limit: int) -> list[StoredEvent]:
        """Return the first events about a case or a person, at most `limit`."""
        return await self._events(_THREAD, thread, limit)

    async def _events(self, statement: str, about: UUID, limit: int) -> list[StoredEvent]:
        rows = await self.connection.fetch(statement, self.tenant, about, self.position, limit)
        # The columns stand in the order of the fields: to look each up by name takes twice as long.
        return [StoredEvent(*row) for row in rows]
