"""A rebuild of casework's chronology, beside COPY out of the same table; live reads meanwhile."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from bench import sessions
from bench.figures import Spread, percentile
from bench.peers.starting import checked
from bench.plan import Plan
from bench.processes import Watched
from bench.servers import Site, counted
from stack.databases import DatabaseUrls
from stack.environment import PREFIX
from stack.places import checkout
from stack.server_user import install_folder

NAME = "bench_casework"
SERVICE = "casework"
DATABASE = f"{PREFIX}DATABASE_"
PATIENCE_S = 600.0
END_S = 20.0
READ_EVERY_S = 0.01
STARTING_S = 3.0
"""What a process that fills needs before it does."""

ROWS = "select count(*) from read.chronology"
_CASE = "select * from read.chronology where tenant = $1 and case_id = $2"


async def measure(site: Site, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return seconds, events a second, memory, and the latency of live reads, before and during."""
    urls = await site.database(NAME, sessions.SOURCES)
    say(f"recording {plan.rebuilt:,} sessions")
    await sessions.record(urls, plan.rebuilt)
    # The first fills the table; what is measured has readers of a live one.
    await rebuilt(urls, plan.rebuilt)
    before = await _reads(urls, plan, asyncio.create_task(asyncio.sleep(plan.seconds)))
    work = asyncio.create_task(rebuilt(urls, plan.rebuilt))
    during = await _reads(urls, plan, work)
    seconds, middle, peak = await work
    copied = [await copied_out(urls) for _ in range(3)]
    return {
        "events": plan.rebuilt,
        "seconds": round(seconds, 2),
        "rate": round(plan.rebuilt / seconds),
        "copy_out_s": Spread.of(copied).told(),
        "memory_mib": {"half way": round(middle), "peak": round(peak)},
        "live_reads_ms": {"before": before, "during": during},
        "rows": checked("the rebuild", plan.rebuilt, await counted(urls.superuser, ROWS)),
    }


async def rebuilt(urls: DatabaseUrls, events: int) -> tuple[float, float, float]:
    """Rebuild as an operator does; return seconds from start to end of the command, and memory.

    Memory is that of all its processes: half way, and at most.
    """
    began = perf_counter()
    async with process(urls) as command:
        watched = Watched(command)
        watching = asyncio.create_task(_watch(watched))
        try:
            async with asyncio.timeout(PATIENCE_S):
                out, _ = await command.communicate()
        finally:
            watching.cancel()
    seconds = perf_counter() - began
    answer = json.loads(out.splitlines()[-1])
    if answer.get("events", 0) < events:
        raise AssertionError(answer)
    return seconds, watched.middle_mib, watched.peak_mib


@asynccontextmanager
async def process(urls: DatabaseUrls) -> AsyncIterator[asyncio.subprocess.Process]:
    """Give the command that rebuilds; it is ended with the body, if it has not ended before."""
    made = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", SERVICE, "rebuild", "chronology"),
        env=os.environ | {DATABASE + "OWNER": urls.owner, DATABASE + "WORKER": urls.worker},
        cwd=checkout(),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield made
    finally:
        if made.returncode is None:
            made.terminate()
            async with asyncio.timeout(END_S):
                await made.wait()


async def filling(command: asyncio.subprocess.Process) -> None:
    """Wait until a rebuild says that it fills. Raises RuntimeError where it ends before."""
    assert command.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        while line := await command.stdout.readline():
            if json.loads(line).get("phase") == "filling":
                return
    raise RuntimeError("the rebuild ended before it filled")


async def _watch(watched: Watched) -> None:
    while watched.process.returncode is None:
        watched.look()
        await asyncio.sleep(0.1)


async def _reads(urls: DatabaseUrls, plan: Plan, work: "asyncio.Task[Any]") -> dict[str, float]:
    """Read one case after the other until some work is done; return the latency of a read."""
    connection = await asyncpg.connect(urls.worker)
    cases, at, taken = sessions.cases_of(plan.rebuilt), 0, []
    try:
        while not work.done():
            began = perf_counter()
            rows = await connection.fetch(_CASE, sessions.TENANT, UUID(int=at % cases))
            taken.append(perf_counter() - began)
            assert rows, "a live read found nothing"
            at += 1
            await asyncio.sleep(READ_EVERY_S)
    finally:
        await connection.close()
    taken.sort()
    return {f"p{part}": round(percentile(taken, part) * 1e3, 3) for part in (50, 99)}


async def copied_out(urls: DatabaseUrls) -> float:
    """Return the seconds that COPY takes to read the same table out."""
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(install_folder() / "bin" / "psql", "-v", "ON_ERROR_STOP=1"),
        *("--command", "copy es.events to stdout", urls.superuser),
        stdout=subprocess.DEVNULL,
    )
    if await process.wait():
        raise RuntimeError("psql could not copy; its words are above")
    return perf_counter() - began
