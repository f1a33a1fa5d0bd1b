"""What many in a process ask for at the same time, asked of the store once."""

import asyncio

from chassis.followers.following import IN_FLIGHT_S
from chassis.followers.pulse import Pulse
from ledger import checkpoints
from ledger.connect import ACQUIRE_S, Pool
from ledger.feed import Cursor, Feed, Page

KEPT = 16
"""Readings that are kept for a beat; followers that are behind each read for themselves."""


class SharedFeed:
    """A feed whose pages are read once a beat of the pulse, whoever asks.

    A page is as good for the next follower as for the first: it says itself what it has seen. It is
    never older than the beat in which it is asked for.
    """

    def __init__(self, feed: Feed, pulse: Pulse) -> None:
        self._feed = feed
        self._pulse = pulse
        self._beat = -1
        self._reading: dict[tuple[Cursor, int], _Reading] = {}

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor, at most `limit`."""
        if self._beat != self._pulse.beats or len(self._reading) >= KEPT:
            self._beat, self._reading = self._pulse.beats, {}
        key = (cursor, limit)
        reading = self._reading.get(key)
        if reading is None or reading.is_stale(self._pulse.position):
            reading = self._reading[key] = _Reading(self._feed, cursor, limit)
        return await asyncio.shield(reading.task)

    async def safe_position(self) -> int:
        """Return the position up to which everything has been decided."""
        return await self._feed.safe_position()

    async def last_position(self) -> int:
        """Return the last position given out, also to an append still in flight."""
        return await self._feed.last_position()


class _Reading:
    """One reading of a page, for whoever wants it."""

    def __init__(self, feed: Feed, cursor: Cursor, limit: int) -> None:
        self._begun = asyncio.get_running_loop().time()
        self.task = asyncio.create_task(feed.page(cursor, limit))
        # A failure is told to whoever waits; where nobody does any more it need not be told.
        self.task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def is_stale(self, position: int) -> bool:
        """Whether it failed, or found an append in flight that may have ended since."""
        if not self.task.done():
            return False
        if self.task.cancelled() or self.task.exception() is not None:
            return True
        age_s = asyncio.get_running_loop().time() - self._begun
        return self.task.result().seen_to < position and age_s >= IN_FLIGHT_S


class Reached:
    """How far followers have come: asked once at a time, however many wait for them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._asking: dict[tuple[str, ...], asyncio.Task[int]] = {}

    async def position(self, names: tuple[str, ...]) -> int:
        """Return the position that all of them have seen."""
        asking = self._asking.get(names)
        if asking is None or asking.done():
            asking = self._asking[names] = asyncio.create_task(self._ask(names))
            asking.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(asking)

    async def _ask(self, names: tuple[str, ...]) -> int:
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            return await checkpoints.seen_to(connection, names)
