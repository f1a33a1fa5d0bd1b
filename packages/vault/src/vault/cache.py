"""Unwrapped keys, kept for a short time and in a bounded number."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from time import monotonic
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

CACHE_SECONDS: Final = 60.0


class KeyCache(Generic[K, V]):
    """Holds a value for `seconds` from when its loading *began*, and at most `limit` values.

    The oldest go first: all live equally long, so insertion order is the order of expiry.
    """

    def __init__(
        self, limit: int, seconds: float = CACHE_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._limit, self._seconds, self._clock = limit, seconds, clock
        # An ordered dict: its first key is found at once however many have gone before it.
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._drops = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return f"KeyCache({len(self._kept)} of {self._limit})"

    def get(self, name: K) -> V | None:
        """Return a value that is still fresh."""
        kept = self._kept.get(name)
        if kept is None:
            return None
        if kept[0] <= self._clock():
            del self._kept[name]
            return None
        return kept[1]

    def loading(self) -> tuple[float, int]:
        """Return the ticket that `put` takes; ask for it before the values are read."""
        return self._clock() + self._seconds, self._drops

    def put(self, ticket: tuple[float, int], values: Iterable[tuple[K, V]]) -> None:
        """Keep values, unless something was dropped since their loading began."""
        until, drops = ticket
        # What was read before a shred must not come back into the cache after it.
        if drops != self._drops:
            return
        for name, value in values:
            self._kept.pop(name, None)
            self._kept[name] = (until, value)
        self._let_go()

    def drop(self, names: Iterable[K]) -> None:
        """Forget these at once."""
        self._drops += 1
        for name in names:
            self._kept.pop(name, None)

    def _let_go(self) -> None:
        now = self._clock()
        while self._kept:
            oldest = next(iter(self._kept))
            if len(self._kept) <= self._limit and self._kept[oldest][0] > now:
                return
            del self._kept[oldest]
