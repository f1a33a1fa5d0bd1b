"""Growth: the same writes at 10^5, 10^6 and 10^7 events in the table, in turn."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from bench.appending import FLOORS, TABLES, WARM_S, ours
from bench.filling import fill, streams_of
from bench.peers.starting import checked
from bench.pgbench import pgbench
from bench.plan import Plan
from bench.rounds import Measure, interleaved, table
from bench.servers import Site, counted, told

WRITERS = 16
MOST_S = 1.0
"""A cell adds to the table that it measures: the smallest is not to become another size."""


async def measure(site: Site, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return appends to fresh streams, and reading and going on with old ones, by size."""
    cells: dict[str, Measure] = {}
    seconds = min(plan.seconds, MOST_S)
    filled: dict[str, float] = {}
    async with AsyncExitStack() as opened:
        processes = []
        for size in plan.growth:
            name = f"bench_{size}"
            urls = await site.database(name)
            say(f"filling {size:,} events")
            filled[str(size)] = round(await fill(urls, size, say), 1)
            await told(urls.owner, TABLES.read_text(encoding="utf-8"))
            process = await opened.enter_async_context(ours(urls))
            processes.append((size, name, process))
            how = {"writers": WRITERS, "seconds": seconds, "streams": streams_of(size)}
            await process.ask(what="go-on", **how | {"seconds": WARM_S})
            cells[f"same/{size}"] = partial(
                pgbench, urls.handler, FLOORS / "same.sql", WRITERS, seconds
            )
            cells[f"append/{size}"] = partial(process.ask, what="append", **how)
            cells[f"go-on/{size}"] = partial(process.ask, what="go-on", **how)
        runs = await interleaved(cells, plan.repeats, say)
        rows = {}
        for size, name, process in processes:
            same = sum(each.done for each in runs[f"same/{size}"])
            found = await counted(site.superuser(name), "select count(*) from es.events")
            rows[str(size)] = checked(name, process.acknowledged + same + size, found)
    return {
        "writers": WRITERS,
        "seconds": seconds,
        "by": table(runs),
        "filled_s": filled,
        "rows": rows,
    }
