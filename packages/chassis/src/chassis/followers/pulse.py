"""One poller a process: says when the log may have grown, so that followers need not each ask.

Polling is the truth. A local append wakes at once, and needs no look; other processes are hinted to
look, and hint us.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.running import logs
from ledger.connect import STORE_AWAY

EVERY_S = 0.05
"""Between two polls where nobody hints."""

AT_LEAST_S = 0.01
"""Between two polls whatever happens: at most 100 a second, and as many hints to others."""

_log = logs.logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the log ends, and the longest overdue deadline if one is due."""

    position: int = -1
    due: datetime | None = None


async def nobody_else() -> None:
    """Hint nobody: there is no other process."""


class Pulse:
    """Followers wait for `grown`; whoever appends in this process calls `wake`."""

    def __init__(
        self,
        look: Callable[[], Awaitable[Seen]],
        hint_others: Callable[[], Awaitable[None]] = nobody_else,
    ) -> None:
        self._look = look
        self._hint_others = hint_others
        self._beat = asyncio.Event()
        self._woken = asyncio.Event()
        self._news = False
        self._unsure = True
        self.due: datetime | None = None
        self.position = -1
        self.beats = 0

    def wake(self, position: int | None = None) -> None:
        """Let every follower look now: an append here has reached a position, or who knows what."""
        if position is None or position > self.position:
            self._set(Seen(position or self.position, self.due))
            self._news = True
            self._unsure |= position is None
            self._woken.set()

    def hinted(self) -> None:
        """Look now: another process has news."""
        self._unsure = True
        self._woken.set()

    async def grown(self, since: int, patience_s: float = 1.0) -> None:
        """Return at the first beat after number `since`, or after the patience."""
        if self.beats != since:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._beat.wait()

    async def run(self) -> None:
        """Poll until cancelled. A store that is away is asked again at the next beat."""
        loop = asyncio.get_running_loop()
        looked_at = loop.time()
        while True:
            # Before the look: who wakes during it may know of more than it sees.
            self._woken.clear()
            try:
                await self._hint()
                if self._unsure or loop.time() - looked_at >= EVERY_S - AT_LEAST_S:
                    looked_at = loop.time()
                    await self._poll()
            except STORE_AWAY:
                self._unsure = True
            except Exception as error:  # noqa: BLE001 # without a pulse the whole process stands still
                self._unsure = True
                _log.error("pulse missed", **logs.described(error))
            await asyncio.sleep(AT_LEAST_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S - AT_LEAST_S):
                    await self._woken.wait()

    async def _hint(self) -> None:
        if self._news:
            self._news = False
            await self._hint_others()

    async def _poll(self) -> None:
        self._unsure = False
        before = self.position
        seen = await self._look()
        if before != self.position:
            # An append was told of meanwhile, and the look may be older than that.
            seen = Seen(max(seen.position, self.position), seen.due)
        if seen != Seen(self.position, self.due):
            self._set(seen)

    def _set(self, seen: Seen) -> None:
        self.position, self.due = seen.position, seen.due
        self.beats += 1
        self._beat.set()
        self._beat = asyncio.Event()
