"""The connection over which a process looks at its store, and hints others to look."""

from collections.abc import Callable
from datetime import datetime

import asyncpg

from ledger.connect import Connection

PATIENCE_S = 5.0
"""How long the store may take to answer."""

CHANNEL = "throughline"

_LOOK = """
select es.last_position() as position,
       (select case when first <= es.now() then first end
          from (select min(due_at) as first
                  from es.deadlines
                 where fired_at is null and met_at is null) open) as due
"""

_HINT = "select pg_notify($1, '')"

# A hint is not worth waiting for the disk, and lost with the server.
_SETTINGS = {"synchronous_commit": "off"}


class Lookout:
    """Looks at a store over a connection of its own, made again when it is lost.

    `hinted` is called when another process says that there is news. A hint may be lost, and a dead
    listener goes unnoticed: whoever needs to know looks again and again.
    """

    def __init__(self, dsn: str, hinted: Callable[[], None]) -> None:
        self._dsn = dsn
        self._hinted = hinted
        self._open: asyncpg.Connection[asyncpg.Record] | None = None

    async def look(self) -> tuple[int, datetime | None]:
        """Return where the log ends, and the longest overdue deadline if one is due."""
        row = await self._ask(_LOOK)
        if row is None:
            raise LookupError("no answer")
        return row["position"], row["due"]

    async def hint_others(self) -> None:
        """Say to the other processes of the service that there is news."""
        await self._ask(_HINT, CHANNEL)

    def close(self) -> None:
        """Let the connection go."""
        if self._open is not None:
            self._open.terminate()
            self._open = None

    async def _ask(self, statement: str, *arguments: str) -> asyncpg.Record | None:
        """Ask over the connection; one over which an asking failed is not used again."""
        try:
            return await (await self._connection()).fetchrow(statement, *arguments)
        except Exception:
            self.close()
            raise

    async def _connection(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._open is None or self._open.is_closed():
            self._open = await asyncpg.connect(
                self._dsn, timeout=PATIENCE_S, command_timeout=PATIENCE_S, server_settings=_SETTINGS
            )
            await self._open.add_listener(CHANNEL, self._heard)
        return self._open

    def _heard(self, connection: Connection, sender: int, _channel: str, _payload: object) -> None:
        if sender != connection.get_server_pid():
            self._hinted()
