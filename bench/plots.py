"""The plots of a run, as SVG. Run by the Python of the environment that `fetching` makes.

`python -m bench.plots docs/benchmarks.json docs/benchmarks`. Each plot is stamped with what it
shows, so that one that is out of date can be told without drawing it.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from bench.stamps import SHOWS, stamp

Part = Mapping[str, Any]
SIZE = (7.2, 4.2)


def rates(part: Part, words: str, across: str) -> Any:
    """Draw rates with their spread, a line a contender, both axes logarithmic."""
    figure, axes = plt.subplots(figsize=SIZE)
    for name, cells in part["by"].items():
        at = sorted(cells, key=int)
        middle = [cells[n]["rate"]["middle"] for n in at]
        below = [cells[n]["rate"]["middle"] - cells[n]["rate"]["low"] for n in at]
        above = [cells[n]["rate"]["high"] - cells[n]["rate"]["middle"] for n in at]
        how = {"linewidth": 2.5} if name in {"ledger", "command"} else {}
        places = [int(n) for n in at]
        axes.errorbar(places, middle, [below, above], label=name, marker="o", capsize=3, **how)
    _finish(axes, words, across, places)
    return figure


def latencies(part: Part, words: str, across: str) -> Any:
    """Draw p50 and p99, a colour a contender, both axes logarithmic."""
    figure, axes = plt.subplots(figsize=SIZE)
    for number, (name, cells) in enumerate(part["by"].items()):
        at = sorted(cells, key=int)
        places = [int(n) for n in at]
        for percentile, line in (("p50_ms", "-"), ("p99_ms", ":")):
            middle = [cells[n][percentile]["middle"] for n in at]
            label = name if line == "-" else None
            axes.plot(places, middle, line, color=f"C{number}", marker="o", label=label)
    _finish(axes, f"{words} (p50; dotted: p99)", across, places)
    return figure


def _finish(axes: Any, words: str, across: str, places: list[int]) -> None:
    axes.set(xscale="log", yscale="log", ylabel=words, xlabel=across)
    axes.set_xticks(places, [f"{each:,}" for each in places])
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small")


PLOTS: Mapping[str, Callable[[Part], Any]] = {
    "appends": lambda part: rates(part, "commands a second", "writers"),
    "latency": lambda part: latencies(part, "ms a command", "writers"),
    "growth": lambda part: latencies(part, "ms", "events in the table"),
    "calls": lambda part: rates(part, "calls a second", "clients"),
}


def main(figures: Path, folder: Path) -> None:
    """Draw what the figures have."""
    found = json.loads(figures.read_bytes())
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "throughline"
    folder.mkdir(exist_ok=True)
    for name, draw in PLOTS.items():
        key = SHOWS[name]
        if key in found:
            about = {"Date": None, "Description": stamp(found[key]["by"])}
            draw(found[key]).savefig(folder / f"{name}.svg", bbox_inches="tight", metadata=about)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
