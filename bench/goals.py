"""The goals, and whether a run reached them (docs/ARCHITECTURE.md §9)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

Found = Mapping[str, Any]

PEERS = ("eventsourcing", "message-db", "emmett")
TIMES = "\N{MULTIPLICATION SIGN}"
MILLION = 1_000_000
FLAT = 1.25
"""Memory at most, beside that half way through the work."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal. `least`: the figure is to be at least `bound`, else at most."""

    id: str
    what: str
    floor: str
    bound: float
    figure: Callable[[Found], float]
    least: bool = True
    unit: str = TIMES

    def met(self, figure: float) -> bool:
        """Whether a figure reaches it, as it is printed."""
        shown = round(figure, 2)
        return shown >= self.bound if self.least else shown <= self.bound


def middle(found: Found, *path: str, figure: str = "rate") -> float:
    """Return the middle of the repeats of one cell."""
    for each in path:
        found = found[each]
    return float(found[figure]["middle"])


def _appends(contender: str, writers: str) -> Callable[[Found], float]:
    return lambda found: middle(found, "appends", "by", contender, writers)


def against(contender: str, writers: str) -> Callable[[Found], float]:
    """Return our appends over another's."""
    return lambda found: _appends("ledger", writers)(found) / _appends(contender, writers)(found)


def against_best_peer(writers: str) -> Callable[[Found], float]:
    """Return our appends over those of the fastest peer that was there."""

    def figure(found: Found) -> float:
        there = [each for each in PEERS if each in found["appends"]["by"]]
        return min(against(each, writers)(found) for each in there)

    return figure


def grown(what: str, figure: str) -> Callable[[Found], float]:
    """Return a latency in the largest table over that in the smallest."""

    def ratio(found: Found) -> float:
        sizes = sorted(found["growth"]["by"][what], key=int)
        last, first = (
            middle(found, "growth", "by", what, n, figure=figure) for n in (sizes[-1], sizes[0])
        )
        return last / first

    return ratio


def called(figure: str) -> Callable[[Found], float]:
    """Return a figure of 16 clients' commands over that of the echo."""

    def ratio(found: Found) -> float:
        command, echo = (
            middle(found, "calls", "by", name, "16", figure=figure) for name in ("command", "echo")
        )
        return command / echo

    return ratio


def _flat(part: str) -> Callable[[Found], float]:
    return lambda found: (
        _mib(found[part]["memory_mib"]["peak"]) / _mib(found[part]["memory_mib"]["half way"])
    )


def _mib(told: Any) -> float:
    return float(told["middle"] if isinstance(told, Mapping) else told)


def _arrival(figure: str) -> Callable[[Found], float]:
    """Return a latency at 100 a second; without bound where some commands were not answered."""

    def latency(found: Found) -> float:
        run = found["arrivals"]["100"]
        return inf if run["unanswered"] else float(run[figure])

    return latency


def _rebuild_s(found: Found) -> float:
    return float(found["rebuild"]["seconds"]) * MILLION / float(found["rebuild"]["events"])


SAME, BARE = "the same writes by pgbench", "the bare row by pgbench"
PEER = "the fastest of the peers"
SMALLEST = "the smallest table"
ECHO = "bare grpc.aio echo"

GOALS = (
    *(
        Goal(f"same-{n}", f"appends, {n} writers", SAME, bound, against("same", n))
        for n, bound in (("16", 1.0), ("64", 2.0), ("256", 2.8))
    ),
    *(
        Goal(f"bare-{n}", f"appends, {n} writers", BARE, bound, against("bare", n))
        for n, bound in (("1", 0.6), ("16", 0.9), ("64", 1.1), ("256", 1.7))
    ),
    *(
        Goal(f"peers-{n}", f"appends, {n} writers", PEER, bound, against_best_peer(n))
        for n, bound in (("16", 4.0), ("64", 6.0))
    ),
    *(
        Goal(
            f"growth-{what}",
            f"{words}, largest table, p50",
            SMALLEST,
            1.3,
            grown(what, "p50_ms"),
            least=False,
        )
        for what, words in (("append", "append"), ("go-on", "load and append"))
    ),
    Goal(
        "relay",
        "relay, six partitions",
        "",
        30_000,
        lambda found: middle(found, "relay", figure="relay"),
        unit="events/s",
    ),
    Goal(
        "relay-bare",
        "relay",
        "bare aiokafka, same settings",
        0.6,
        lambda found: (
            middle(found, "relay", figure="relay") / middle(found, "relay", figure="aiokafka")
        ),
    ),
    Goal("relay-flat", "relay, most memory", "that half way", FLAT, _flat("relay"), least=False),
    Goal(
        "consumer",
        "consumer, one process",
        "",
        3_000,
        lambda found: float(found["consumers"]["by"]["commands"]["middle"]),
        unit="effects/s",
    ),
    Goal("rebuild", "rebuild of 1,000,000 events", "", 60, _rebuild_s, least=False, unit="s"),
    Goal(
        "rebuild-flat", "rebuild, most memory", "that half way", FLAT, _flat("rebuild"), least=False
    ),
    Goal("call", "command over gRPC, 16 clients, rate", ECHO, 0.35, called("rate")),
    Goal(
        "call-p99", "command over gRPC, 16 clients, p99", ECHO, 3.5, called("p99_ms"), least=False
    ),
    Goal(
        "arrival-p50",
        "in another service at 100/s, p50",
        "",
        15,
        _arrival("p50_ms"),
        least=False,
        unit="ms",
    ),
    Goal(
        "arrival-p99",
        "in another service at 100/s, p99",
        "",
        100,
        _arrival("p99_ms"),
        least=False,
        unit="ms",
    ),
    Goal(
        "history",
        "history of 1,000 sessions, p99",
        "",
        100,
        lambda found: middle(found, "history", "reading", figure="p99_ms"),
        least=False,
        unit="ms",
    ),
)


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal with the figure of a run; None where that was not measured."""

    goal: Goal
    figure: float | None

    @property
    def verdict(self) -> str:
        """Say ok, missed, or that it was not measured."""
        if self.figure is None:
            return "not measured"
        return "ok" if self.goal.met(self.figure) else "**missed**"


def reached(found: Found) -> Iterator[Reached]:
    """Hold a run against each goal."""
    for goal in GOALS:
        try:
            yield Reached(goal, goal.figure(found))
        except (KeyError, ValueError, ZeroDivisionError):
            # The part failed, or the run was made smaller.
            yield Reached(goal, None)
