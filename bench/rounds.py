"""Repeats in which the contenders alternate, so that none has the quieter hour."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from bench.figures import Run, summed

T = TypeVar("T")

Measure = Callable[[], Awaitable[Run]]


def turned(of: Sequence[T], by: int) -> list[T]:
    """Return a sequence that begins `by` places later, those before at its end."""
    at = by % len(of) if of else 0
    return [*of[at:], *of[:at]]


async def interleaved(
    cells: Mapping[str, Measure], repeats: int, say: Callable[[str], None]
) -> dict[str, list[Run]]:
    """Measure each cell once a repeat, in an order that turns by one from repeat to repeat."""
    runs: dict[str, list[Run]] = {name: [] for name in cells}
    for repeat in range(repeats):
        for name in turned(list(cells), repeat):
            runs[name].append(await cells[name]())
        say(f"repeat {repeat + 1} of {repeats}")
    return runs


def table(runs: Mapping[str, Sequence[Run]]) -> dict[str, dict[str, object]]:
    """Return the runs of cells named "what/which" as JSON by what, then by which."""
    told: dict[str, dict[str, object]] = {}
    for name, of_cell in runs.items():
        what, _, which = name.partition("/")
        told.setdefault(what, {})[which] = summed(of_cell)
    return told
