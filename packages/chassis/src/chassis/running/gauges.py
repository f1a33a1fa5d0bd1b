"""Figures that others observe: how far what is behind what. Set by roles, read by metrics."""

from collections.abc import Iterator
from dataclasses import dataclass, field

FEED_LAG = "throughline.feed.lag"
RELAY_LAG = "throughline.relay.lag"
CONSUMER_LAG = "throughline.consumer.lag"
PARKED_STREAMS = "throughline.parked.streams"

DESCRIBED = {
    FEED_LAG: "Positions between the safe end of the log and what a follower has seen",
    RELAY_LAG: "Positions between the safe end of the log and what Kafka acknowledged",
    CONSUMER_LAG: "Records between a partition's end and what was heard of it",
    PARKED_STREAMS: "Streams that wait because a record of theirs could not be applied",
}
MAX_SERIES = 1_000
"""Different (gauge, name, shard) that are kept; the names are those of our own parts."""


@dataclass(slots=True)
class Gauges:
    """The last value of each (gauge, name, shard)."""

    _values: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def set(self, gauge: str, value: int, name: str = "", shard: int = 0) -> None:
        """Set a value. `gauge` is one of this module's names."""
        if gauge not in DESCRIBED:
            raise KeyError(gauge)
        key = (gauge, name, shard)
        if key in self._values or len(self._values) < MAX_SERIES:
            self._values[key] = value

    def values(self, gauge: str) -> Iterator[tuple[int, str, int]]:
        """Return (value, name, shard) of each series of a gauge."""
        for (each, name, shard), value in list(self._values.items()):
            if each == gauge:
                yield value, name, shard


GAUGES = Gauges()
"""Those of this process; a process has one set of metrics."""
