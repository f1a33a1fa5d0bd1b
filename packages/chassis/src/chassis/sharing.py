"""One reading of the log for all followers of a process that stand at the same place."""

import asyncio

from chassis.pulse import Pulse
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
        self._reading: dict[tuple[Cursor, int], asyncio.Task[Page]] = {}

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor, at most `limit`."""
        if self._beat != self._pulse.beats or len(self._reading) >= KEPT:
            self._beat, self._reading = self._pulse.beats, {}
        key = (cursor, limit)
        reading = self._reading.get(key)
        if reading is None or (reading.done() and self._stale(reading)):
            reading = asyncio.create_task(self._feed.page(cursor, limit))
            self._reading[key] = reading
        return await asyncio.shield(reading)

    def _stale(self, reading: "asyncio.Task[Page]") -> bool:
        """Whether a reading failed, or found an append in flight that may have ended since."""
        return (
            reading.cancelled()
            or reading.exception() is not None
            or reading.result().seen_to < self._pulse.position
        )

    async def safe_position(self) -> int:
        """Return the position up to which everything has been decided."""
        return await self._feed.safe_position()

    async def last_position(self) -> int:
        """Return the last position given out, also to an append still in flight."""
        return await self._feed.last_position()
