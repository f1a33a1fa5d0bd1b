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
from ledger.postgres import stored_event
from ledger.threads import PROJECTION as THREADS
from throughline.common.v1.common_pb2 import ReadContext

PATIENCE_S = 5.0
"""How long a reading waits to be as fresh as asked."""

BETWEEN_LOOKS_S = 0.005
"""Between two looks how far the read models have come: another process may keep them."""

_SCOPE = "select set_config('app.tenants', $1, true)"

_STREAM = """
select e.* from es.events e
 where e.tenant = $1 and e.stream_id = $2 and e.position > $3 and e.position <= $4
 order by e.position limit $5
"""

_THREAD = """
select e.* from es.threads t join es.events e on e.tenant = t.tenant and e.position = t.position
 where t.tenant = $1 and t.thread = $2 and t.position > $3 and t.position <= $4
 order by t.position limit $5
"""


@asynccontextmanager
async def scoped(pool: Pool, tenant: UUID) -> AsyncIterator[Connection]:
    """Give a connection that sees one authority's rows, in a transaction that only reads."""
    async with (
        pool.acquire(timeout=ACQUIRE_S) as connection,
        connection.transaction(readonly=True),
    ):
        await connection.execute(_SCOPE, str(tenant))
        yield connection


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

    async def stream(self, stream_id: UUID, after: int, limit: int) -> list[StoredEvent]:
        """Return the events of a stream after a position."""
        rows = await self.connection.fetch(
            _STREAM, self.tenant, stream_id, after, self.position, limit
        )
        return [stored_event(row) for row in rows]

    async def thread(self, thread: UUID, after: int, limit: int) -> list[StoredEvent]:
        """Return the events about a case or a person after a position."""
        rows = await self.connection.fetch(
            _THREAD, self.tenant, thread, after, self.position, limit
        )
        return [stored_event(row) for row in rows]
