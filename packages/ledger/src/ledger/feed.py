"""The feed: every committed event of a service once, in order, none missed (ENGINE §3)."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from ledger.commands import StoredEvent
from ledger.connect import Pool


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


class Feed(Protocol):
    """A log that is read by position."""

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor, at most `limit`."""

    async def safe_position(self) -> int:
        """Return the position up to which everything has been decided: what a page reaches."""

    async def last_position(self) -> int:
        """Return the last position given out, also to an append still in flight."""


class PostgresFeed:
    """The feed of a service's database, read as its worker."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor, at most `limit`."""
        raise NotImplementedError

    async def safe_position(self) -> int:
        """Return the position up to which everything has been decided."""
        raise NotImplementedError

    async def last_position(self) -> int:
        """Return the last position given out, also to an append still in flight."""
        raise NotImplementedError
