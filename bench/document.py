"""docs/benchmarks.md from docs/benchmarks.json: generated, and checked like the others."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.goals import TIMES, Found, Reached, reached
from bench.machine import QUIET
from bench.tables import SECTIONS, table
from stack.places import checkout

DOCS = checkout() / "docs"
FIGURES = DOCS / "benchmarks.json"
PAGE = DOCS / "benchmarks.md"
PLOTS = DOCS / "benchmarks"
REMARKS = Path(__file__).parent / "remarks.json"

HEAD = """\
# Benchmarks

Written by `make bench` from [benchmarks.json](benchmarks.json); how it measures, and how fair that
is, stands in [bench/README.md](../bench/README.md). All contenders ran on the same servers in the
same hours, in turn. **The ratios are what counts**: the numbers are this machine's."""


def page(found: Found, remarks: Mapping[str, Mapping[str, str]]) -> str:
    """Return the document."""
    parts = [HEAD, *_circumstances(found), *_goals(found, remarks["missed"])]
    for section in SECTIONS:
        if section.key in found:
            parts += section.lines(found[section.key])
        elif section.key in found.get("failed", {}):
            parts += [f"## {section.title}", f"Not measured: {found['failed'][section.key]}"]
    parts += _profiles(found.get("profiles", {}), remarks["profiles"])
    return "\n\n".join(parts) + "\n"


def current() -> str:
    """Return the document of the figures and remarks that are checked in."""
    return page(json.loads(FIGURES.read_bytes()), json.loads(REMARKS.read_bytes()))


def busy(found: Found) -> bool:
    """Whether others used the machine when the run began."""
    return float(found["machine"]["cores_at_work_before"]) > QUIET


def _circumstances(found: Found) -> Iterator[str]:
    at, plan = found["machine"], found["plan"]
    settings = ", ".join(f"`{name}` {value}" for name, value in at["settings"].items())
    yield (
        f"Measured {found['measured_at']} (`BENCH={plan['name']}`, {found['minutes']} minutes) on"
        f" {at['cores']} cores ({at['processor']}), {at['memory_gib']} GiB, {at['system']};"
        f" Python {at['python']}, PostgreSQL {at['postgresql']} ({settings}); clients and servers"
        f" together. Cores at work just before: {at['cores_at_work_before']}."
        f" {plan['repeats']} interleaved repeats of {plan['seconds']} s a cell; a cell says the"
        " median (lowest to highest)."
    )
    if busy(found):
        yield "> **The machine was not quiet**: others used it. Take no number from this run."
    for each in found.get("said", ()):
        yield f"> {each}."


def _goals(found: Found, missed: Mapping[str, str]) -> Iterator[str]:
    yield "## Goals"
    rows = list(reached(found))
    yield table(
        ("what", "beside", "goal", "found", ""),
        [_goal_row(each) for each in rows],
    )
    late = [each for each in rows if each.verdict == "**missed**"]
    if late:
        yield "Why what was missed was missed:"
        unknown = "not known: the machine was not quiet." if busy(found) else "not known yet."
        yield "\n".join(
            f"* {each.goal.what}{_beside(each)}: {missed.get(each.goal.id, unknown)}"
            for each in late
        )


def _beside(each: Reached) -> str:
    return f" (beside {each.goal.floor})" if each.goal.floor else ""


def _goal_row(each: Reached) -> Sequence[str]:
    goal = each.goal
    sign = "≥" if goal.least else "≤"
    shown = "" if each.figure is None else _in_unit(each.figure, goal.unit)
    return (goal.what, goal.floor, f"{sign} {_in_unit(goal.bound, goal.unit)}", shown, each.verdict)


def _in_unit(figure: float, unit: str) -> str:
    if unit == TIMES:
        return f"{figure:.2f}{unit}"
    return f"{figure:,.0f} {unit}" if abs(figure) >= 1000 else f"{figure:,.1f} {unit}"  # noqa: PLR2004 # readable


def _profiles(profiles: Mapping[str, Any], remarks: Mapping[str, str]) -> Iterator[str]:
    if not profiles:
        return
    yield "## Where the time goes"
    yield (
        "Samples of each path at full load, apart from the figures (`py-spy`, threads that run;"
        " `server` by `perf`): own time of a function, and time in it and what it calls."
    )
    for name, profile in profiles.items():
        yield f"### {name}"
        if remark := remarks.get(name):
            yield remark
        if reason := profile.get("not_taken"):
            yield f"Not taken: {reason}"
            continue
        yield table(("own time", "%"), _shares(profile["self"]))
        if profile["total"]:
            yield table(("with what it calls", "%"), _shares(profile["total"]))


def _shares(top: Sequence[Sequence[Any]]) -> list[tuple[str, str]]:
    return [(f"`{str(name).replace('|', '∣')}`", f"{share:.1f}") for name, share in top]  # noqa: RUF001 # a bar would end the cell
