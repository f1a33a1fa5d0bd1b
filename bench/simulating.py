"""A year of simulated casework on a platform of its own: how long it takes, and what of the cores.

`python -m bench.simulating [--seed S] [--families N] [--months M]` says it, makes every read model
anew, and fails where one is not what its facts come to, a command was refused, or it took too long.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator  # as elsewhere, types are imported plainly
from dataclasses import dataclass

import psutil
import uvloop
from rich.console import Console

from tests.system.installation import Installation, installed
from throughline_cli import screens
from throughline_cli.comparing import compare
from throughline_cli.simulating.command import play, shown

GOAL_S = 60.0
"""For 300 families and twelve months on two cores that do nothing else."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU by what spent them."""

    by: dict[str, float]

    @classmethod
    def now(cls, installation: Installation) -> "Spent":
        """Read what every process of an installation, and this one, has spent so far."""
        by: dict[str, float] = {}
        for name, process in _processes(installation):
            try:
                times = process.cpu_times()
            except psutil.Error:
                continue
            by[name] = by.get(name, 0.0) + times.user + times.system
        return cls(by)

    def since(self, before: "Spent") -> str:
        """Say what was spent since, all of it and by part."""
        parts = {name: seconds - before.by.get(name, 0.0) for name, seconds in self.by.items()}
        listed = ", ".join(f"{name} {seconds:.1f}" for name, seconds in sorted(parts.items()))
        return f"{sum(parts.values()):.1f} s of CPU ({listed})"


def _processes(installation: Installation) -> Iterator[tuple[str, psutil.Process]]:
    yield "the players", psutil.Process()
    for each in installation.embedded.status():
        if each.pid is None:
            continue
        top = psutil.Process(each.pid)
        yield each.name, top
        yield from ((each.name, child) for child in top.children(recursive=True))


async def measure(seed: int, families: int, months: int) -> int:
    """Simulate once; return the exit status."""
    console = Console()
    async with installed() as installation:
        before, began = Spent.now(installation), time.perf_counter()
        played = await play(installation.platform, console, seed, families, months)
        took = time.perf_counter() - began
        spent = Spent.now(installation).since(before)
        console.print(shown(played))
        events = sum((await installation.events()).values())
        console.print(
            f"{families} families, {months} months: {took:.1f} s, {spent}; {events:,} events;"
            f" load {os.getloadavg()[0]:.1f}",
            highlight=False,
        )
        found = await compare(console, installation.embedded)
        console.print(screens.compared(found))
    well = took <= GOAL_S and not played.refused and all(each.same for each in found)
    return 0 if well else 1


def main() -> int:
    """Read what is asked for, and measure it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--families", type=int, default=300)
    parser.add_argument("--months", type=int, default=12)
    asked = parser.parse_args()
    return uvloop.run(measure(asked.seed, asked.families, asked.months))


if __name__ == "__main__":
    sys.exit(main())
