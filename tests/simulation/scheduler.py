"""An event loop without a world: time is only counted, and who goes next is drawn from a seed.

One callback is run at a time. Time moves, to the next thing that waits for it, only when nothing
else can go on: so an hour of pauses takes no time, and a run is the same whenever it is repeated.
"""

import asyncio
import heapq
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections import deque

MOST_STEPS = 400_000
LONGEST_S = 4 * 3600.0


class Stuck(Exception):  # noqa: N818 # named for what is found
    """The run comes to no end."""


class SteppedLoop(asyncio.BaseEventLoop):
    """Runs whatever is ready in an order drawn from a seed, from a given time on.

    `when_idle` is called each time that nothing is ready, before time moves.
    """

    def __init__(self, seed: int, begins_s: float, when_idle: Callable[[], None]) -> None:
        super().__init__()
        # Those of asyncio's own, which its types do not tell of.
        self._ready: deque[asyncio.Handle]
        self._scheduled: list[Any]
        self._random = Random(seed)  # noqa: S311 # to draw an order, nothing secret
        self._at = self._began = begins_s
        self._when_idle = when_idle
        self.steps = 0
        self.set_exception_handler(lambda _loop, _context: None)

    def time(self) -> float:
        """Return the seconds counted so far."""
        return self._at

    def _run_once(self) -> None:
        if not self._ready:
            self._when_idle()
        if not self._ready:
            self._move_time()
        while self._scheduled and self._scheduled[0].when() <= self._at:
            due = heapq.heappop(self._scheduled)
            due._scheduled = False
            self._ready.append(due)
        if not self._ready:
            return
        number = self._random.randrange(len(self._ready))
        self._ready.rotate(-number)
        handle = self._ready.popleft()
        self._ready.rotate(number)
        if not handle.cancelled():
            self.steps += 1
            handle._run()
        if self.steps > MOST_STEPS or self._at - self._began > LONGEST_S:
            raise Stuck(f"after {self.steps} steps and {self._at - self._began:.0f} s")

    def _move_time(self) -> None:
        while self._scheduled and self._scheduled[0].cancelled():
            heapq.heappop(self._scheduled)._scheduled = False
        if not self._scheduled:
            raise Stuck("nothing is ready, and nothing waits for its time")
        self._at = max(self._at, self._scheduled[0].when())

    def _process_events(self, _events: object) -> None:
        """Take note of nothing: there are no sockets."""

    def _write_to_self(self) -> None:
        """Wake nobody: there are no threads."""
