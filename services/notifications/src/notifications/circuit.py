"""A circuit to a server that may be away: after a failure nobody asks until a pause is over."""

import time
from collections.abc import Callable

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0


class Circuit:
    """Closed while the other side answers; open for a growing pause after each failure."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pause_s = FIRST_PAUSE_S
        self._open_until = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether the other side may be asked."""
        return self._clock() >= self._open_until

    def answered(self) -> None:
        """Note that the other side is there."""
        self._pause_s = FIRST_PAUSE_S
        self._open_until = 0.0

    def failed(self) -> None:
        """Note that the other side is away. Failures of calls made at once count as one."""
        if self.is_closed:
            self._open_until = self._clock() + self._pause_s
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
