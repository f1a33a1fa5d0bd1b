"""Appends: the floors by pgbench and COPY, the peers, and ours, in turn."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.fetching import Fetched
from bench.figures import Spread
from bench.lines import Measurer, measurer
from bench.peers.starting import Peer, checked, peers
from bench.pgbench import pgbench
from bench.plan import Plan
from bench.rounds import Measure, interleaved, table
from bench.servers import Site, counted, told
from stack.databases import DatabaseUrls
from stack.server_user import install_folder

NAME = "bench"
FLOORS = Path(__file__).parent / "floors"
TABLES = FLOORS / "tables.sql"
OURS = (sys.executable, "-m", "bench.ledger_writers")
COPIED = 50_000
WARM_S = 1.0

EVENTS = "select count(*) from es.events"
WHOLE = """
select count(*) from es.events e
  join es.commands c on c.tenant = e.tenant and c.command_id = e.command_id
  join es.streams s on s.tenant = e.tenant and s.stream_id = e.stream_id and s.version = 1
"""
"""Events that have their command and stand in their stream's row."""

Say = Callable[[str], None]


@asynccontextmanager
async def ours(urls: DatabaseUrls, warm_s: float = WARM_S) -> AsyncIterator[Measurer]:
    """Give our writers over a database, warmed up."""
    async with measurer("ledger", OURS, os.environ | {"DATABASE": urls.handler}) as process:
        await process.ask(what="append", writers=16, seconds=warm_s)
        yield process


@dataclass(frozen=True, slots=True)
class Contenders:
    """Who appends, over which databases."""

    urls: DatabaseUrls
    superuser: str
    ledger: Measurer
    peers: list[Peer]

    def cells(self, plan: Plan) -> dict[str, Measure]:
        """Return what is measured, by contender and writers."""
        cells: dict[str, Measure] = {}
        for writers in plan.writers:
            for floor in ("bare", "same"):
                script = FLOORS / f"{floor}.sql"
                cells[f"{floor}/{writers}"] = partial(
                    pgbench, self.urls.handler, script, writers, plan.seconds
                )
            cells[f"ledger/{writers}"] = partial(
                self.ledger.ask, what="append", writers=writers, seconds=plan.seconds
            )
            for peer in self.peers:
                cells[f"{peer.name}/{writers}"] = partial(peer.run, writers, plan.seconds)
        return cells

    async def check(self, same: int) -> dict[str, dict[str, int]]:
        """Return the rows of each; `same` events are the floor's, in our tables."""
        acknowledged = self.ledger.acknowledged + same
        whole = await counted(self.superuser, WHOLE)
        checked("the ledger, whole", whole, await counted(self.superuser, EVENTS))
        found = {"ledger and same writes": checked("the ledger", acknowledged, whole)}
        for peer in self.peers:
            found[peer.name] = await peer.check()
        return found


async def measure(site: Site, found: Fetched, plan: Plan, say: Say) -> dict[str, Any]:
    """Return the figures of all contenders by writers, the rows found, and COPY's rate."""
    urls = await site.database(NAME)
    await told(urls.owner, TABLES.read_text(encoding="utf-8"))
    async with ours(urls) as ledger, peers(site, found) as others:
        contenders = Contenders(urls, site.superuser(NAME), ledger, others)
        runs = await interleaved(contenders.cells(plan), plan.repeats, say)
        same = sum(run.done for name, of in runs.items() if name.startswith("same/") for run in of)
        rows = await contenders.check(same)
        copied = [await copy(site.superuser(NAME)) for _ in range(plan.repeats)]
    return {"by": table(runs), "rows": rows, "copy": Spread.of(copied).told(), "copied": COPIED}


async def copy(url: str) -> float:
    """Return how many bare rows a second COPY takes in."""
    await told(url, "truncate bench_copied")
    rows = f"select * from bench_bare limit {COPIED}"
    # Through a pipe, so that what is read does not count as what is written.
    data = await _psql(url, f"copy ({rows}) to stdout", b"")
    began = perf_counter()
    await _psql(url, "copy bench_copied from stdin", data)
    seconds = perf_counter() - began
    return await counted(url, "select count(*) from bench_copied") / seconds


async def _psql(url: str, statement: str, data: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(install_folder() / "bin" / "psql", "--quiet", "-v", "ON_ERROR_STOP=1"),
        *("--command", statement, url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(data)
    if process.returncode:
        raise RuntimeError("psql could not copy; its words are above")
    return out
