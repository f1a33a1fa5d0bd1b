"""One leader per follower of the feed: a session lock outside every pool, and a new epoch."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import asyncpg

from ledger.checkpoints import Lease, take_over
from ledger.connect import STORE_AWAY, Connection

CONNECT_S = 10.0
"""How long reaching the database may take."""

HEARTBEAT_S = 5.0
"""How long the database may take to answer before the lock is taken for lost."""

# Sets these locks apart from the fences of appends, which carry another tag (0003_feed.sql).
_TAG = 29544
_TAG_SHIFT = 48
_DIGEST_BYTES = 6

_LOCK = "select pg_try_advisory_lock($1)"


async def _once() -> bool:
    return False


class Leadership:
    """Held until closed, or until its connection is lost: `lost` is then set.

    A leader that was paused may not know that it has lost; its lease's old epoch stops its writes.
    """

    def __init__(self, lease: Lease, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.lease = lease
        self.lost = asyncio.Event()
        self._connection = connection
        connection.add_termination_listener(self._on_termination)

    @classmethod
    async def seek(
        cls,
        dsn: str,
        name: str,
        shard: int = 0,
        owner: str = "",
        again: Callable[[], Awaitable[bool]] = _once,
        shards: int = 1,
    ) -> "Leadership | None":
        """Try to become the leader of a shard of `shards`; None while somebody else is.

        `again` is awaited after a try that failed; where it answers true there is another try, on
        the same connection.
        """
        connection = await asyncpg.connect(dsn, timeout=CONNECT_S, command_timeout=HEARTBEAT_S)
        try:
            while not await connection.fetchval(_LOCK, _lock_of(name, shard)):
                if not await again():
                    await connection.close(timeout=HEARTBEAT_S)
                    return None
            return cls(await take_over(connection, name, shard, owner, shards), connection)
        except BaseException:
            connection.terminate()
            raise

    async def holds(self) -> bool:
        """Ask over the lock's own connection whether the lock is still held."""
        try:
            return await self._connection.fetchval("select true") is True
        except STORE_AWAY:
            self.lost.set()
            return False

    async def close(self) -> None:
        """Let the next one lead."""
        self._connection.remove_termination_listener(self._on_termination)
        try:
            await self._connection.close(timeout=HEARTBEAT_S)
        except STORE_AWAY:
            self._connection.terminate()

    def _on_termination(self, _connection: Connection) -> None:
        self.lost.set()


def _lock_of(name: str, shard: int) -> int:
    digest = hashlib.sha256(f"{name}\0{shard}".encode()).digest()
    return (_TAG << _TAG_SHIFT) | int.from_bytes(digest[:_DIGEST_BYTES])
