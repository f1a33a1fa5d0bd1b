"""The feed: every committed event of a service once, in order, none missed (ENGINE §3)."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Pool


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last event a reader has had; both parts, since a fail-over may give positions anew."""

    position: int = 0
    event_id: UUID | None = None


BEGINNING = Cursor()


@dataclass(frozen=True, slots=True)
class Page:
    """Events after a cursor, in order. Nothing at or below `seen_to` will ever come later."""

    events: tuple[StoredEvent, ...]
    seen_to: int

    def end(self, cursor: Cursor) -> Cursor:
        """Return where a reader stands after this page."""
        if not self.events:
            return cursor
        return Cursor(self.events[-1].position, self.events[-1].event_id)

    def up_to(self, position: int | None) -> "Page":
        """Return the part of this page up to a position; None: all of it."""
        if position is None or self.seen_to <= position:
            return self
        return Page(tuple(each for each in self.events if each.position <= position), position)


class Feed(Protocol):
    """A log that is read by position."""

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor, at most `limit`."""

    async def safe_position(self) -> int:
        """Return the position up to which everything has been decided: what a page reaches."""

    async def last_position(self) -> int:
        """Return the last position given out, also to an append still in flight."""


_SAFE = "select es.safe_position()"
_LAST = "select es.last_position()"
_EVENTS = """
select position, tenant, stream_id, version, event_id, command_id, type, schema_version,
       occurred_at, occurred_precision, recorded_at, payload, sealed, metadata, blinding, leaf_hash
  from es.events
 where position > $1 and position <= $2
 order by position
 limit $3
"""


class PostgresFeed:
    """The feed of a service's database, read as its worker, never inside a transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor, at most `limit`.

        The order is the correctness: first how far it is safe to read, and then, by a statement of
        its own with a newer snapshot, the rows.
        """
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            safe: int = await connection.fetchval(_SAFE)
            if safe <= cursor.position:
                return Page((), safe)
            rows = await connection.fetch(_EVENTS, cursor.position, safe, limit)
        # The columns stand in the order of the fields: to look each up by name takes twice as long.
        events = tuple(StoredEvent(*row) for row in rows)
        return Page(events, events[-1].position if len(events) == limit else safe)

    async def safe_position(self) -> int:
        """Return the position up to which everything has been decided."""
        return await self._number(_SAFE)

    async def last_position(self) -> int:
        """Return the last position given out, also to an append still in flight."""
        return await self._number(_LAST)

    async def _number(self, statement: str) -> int:
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            number: int = await connection.fetchval(statement)
            return number
