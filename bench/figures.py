"""Figures: runs, their percentiles, and the spread of repeats. Standard library only."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one contender: operations done, how long it took, and the latency of one."""

    done: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.done / self.seconds if self.seconds else 0.0

    @classmethod
    def of(cls, latencies_s: Sequence[float], seconds: float, done: int | None = None) -> "Run":
        """Sum up a run; `done` where an operation is not what a latency was taken of."""
        ordered = sorted(latencies_s)
        at = [percentile(ordered, part) * 1e3 for part in (50, 95, 99)]
        return cls(len(ordered) if done is None else done, seconds, *at)

    def told(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Spread:
    """What repeats came to: minimum, median, maximum."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Sum up repeats."""
        return cls(min(values), median(values), max(values))

    def told(self) -> dict[str, float]:
        """Return it as JSON, four significant digits."""
        return {name: float(f"{value:.4g}") for name, value in asdict(self).items()}


def percentile(ordered: Sequence[float], part: float) -> float:
    """Return the value that so many per cent do not exceed (nearest rank); 0 of nothing."""
    if not ordered:
        return 0.0
    return ordered[max(0, ceil(len(ordered) * part / 100) - 1)]


def summed(runs: Sequence[Run]) -> dict[str, Any]:
    """Return the repeats of one cell as JSON: rate and latencies, each with its spread."""
    return {
        "repeats": len(runs),
        "rate": Spread.of([each.rate for each in runs]).told(),
        "p50_ms": Spread.of([each.p50_ms for each in runs]).told(),
        "p95_ms": Spread.of([each.p95_ms for each in runs]).told(),
        "p99_ms": Spread.of([each.p99_ms for each in runs]).told(),
    }
