"""The other ways through the store: races lost, repeats, several events, several streams, loads."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from bench.appending import ours
from bench.filling import fill, streams_of
from bench.lines import Measurer
from bench.peers.starting import checked
from bench.plan import Plan
from bench.rounds import Measure, interleaved, table
from bench.seen import TAIL
from bench.servers import Site, counted

NAME = "bench_paths"
FILLED = 10_000
WRITERS = 16
APPENDING = {"append": 1, "several-events": 10, "several-streams": 3}
"""Events a command."""

REFUSED = ("conflict", "duplicate")
LOADS = ("load", "load-with-snapshot")
LOADERS = 1
"""Who loads for a command waits for it: latency counts, so one at a time."""


async def measure(site: Site, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return each path's rate and latency; and that of a load by the stream's length."""
    urls = await site.database(NAME)
    await fill(urls, FILLED, say)
    async with ours(urls) as process:
        warmed = process.acknowledged
        cells = _paths(process, plan) | await _loads(process, plan)
        runs = await interleaved(cells, plan.repeats, say)
        written = sum(
            each.done * events for path, events in APPENDING.items() for each in runs[f"{path}/"]
        )
        expected = FILLED + warmed + sum(plan.loads) + written
        found = await counted(site.superuser(NAME), "select count(*) from es.events")
    by = table(runs)
    loads = {name: by.pop(name) for name in LOADS}
    return {
        "writers": WRITERS,
        "by": {name: cell[""] for name, cell in by.items()},
        "events_a_command": APPENDING,
        "loads": loads,
        "rows": checked("paths", expected, found),
    }


def _paths(process: Measurer, plan: Plan) -> dict[str, Measure]:
    how = {"writers": WRITERS, "seconds": plan.seconds, "streams": streams_of(FILLED)}
    return {f"{path}/": partial(process.ask, what=path, **how) for path in (*APPENDING, *REFUSED)}


async def _loads(process: Measurer, plan: Plan) -> dict[str, Measure]:
    cells: dict[str, Measure] = {}
    for events in plan.loads:
        stream = {"stream": str(UUID(int=events)), "events": events}
        await process.ask(what="prepare", **stream)
        how = {"writers": LOADERS, "seconds": plan.seconds, **stream}
        cells[f"load/{events}"] = partial(process.ask, what="load", **how)
        if events > TAIL:
            cells[f"load-with-snapshot/{events}"] = partial(
                process.ask, what="load-with-snapshot", **how
            )
    return cells
