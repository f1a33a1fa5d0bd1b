"""One poller a process: says when the log may have grown, so that followers need not each ask.

Polling is the truth; a local append wakes at once.
"""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

EVERY_S = 0.02
"""Between two polls: at most 50 a second, whatever the number of followers."""


class Pulse:
    """Followers wait for `grown`; whoever appends in this process calls `wake`."""

    def __init__(self, last_position: Callable[[], Awaitable[int]]) -> None:
        self._last_position = last_position
        self._beat = asyncio.Event()
        self._woken = asyncio.Event()
        self.position = -1
        self.beats = 0

    def wake(self) -> None:
        """Let every follower look now."""
        self._woken.set()

    async def grown(self, since: int, patience_s: float = 0.25) -> None:
        """Return at the first beat after number `since`, or after the patience."""
        if self.beats != since:
            return
        try:
            async with asyncio.timeout(patience_s):
                await self._beat.wait()
        except TimeoutError:
            return

    async def run(self) -> None:
        """Poll until cancelled. A store that is away is asked again at the next beat."""
        while True:
            try:
                position = await self._last_position()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                position = self.position
            if position != self.position:
                self.position = position
                self.beats += 1
                self._beat.set()
                self._beat = asyncio.Event()
            self._woken.clear()
            try:
                async with asyncio.timeout(EVERY_S):
                    await self._woken.wait()
            except TimeoutError:
                continue
