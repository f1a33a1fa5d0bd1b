"""Appends: pgbench's bare row and the same writes, and ours through the writer, in turn."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

import asyncpg

from bench.servers import database, pgbench
from ledger.commands import Appended
from ledger.connect import handler_pool
from ledger.postgres import PostgresStore
from ledger.samples import command, part
from ledger.writer import Writer
from stack.databases import DatabaseUrls

TENANT = UUID(int=1)
SCRIPTS = Path(__file__).parent
FLOOR = (Path(__file__).parent / "floor.sql").read_text(encoding="utf-8")
WRITERS = (1, 16)
SECONDS = 3
REPEATS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Operations a second: minimum, median, maximum of the repeats."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, runs: list[float]) -> "Figures":
        """Sum up some runs."""
        return cls(min(runs), median(runs), max(runs))


async def measure() -> Mapping[str, Mapping[int, Figures]]:
    """Return the figures by what was measured and by writers."""
    async with database("bench") as urls:
        owner = await asyncpg.connect(urls.owner)
        await owner.execute(FLOOR)
        runs: dict[tuple[str, int], list[float]] = {}
        for _ in range(REPEATS):
            for writers in WRITERS:
                for name in ("bare", "same"):
                    rate = await pgbench(urls.handler, SCRIPTS / f"{name}.sql", writers, SECONDS)
                    runs.setdefault((name, writers), []).append(rate)
                runs.setdefault(("ledger", writers), []).append(await _ours(urls, writers))
        await _check(owner)
        await owner.close()
    names = ("bare", "same", "ledger")
    return {
        name: {writers: Figures.of(runs[name, writers]) for writers in WRITERS} for name in names
    }


async def _ours(urls: DatabaseUrls, writers: int) -> float:
    pool = await handler_pool(urls.handler, size=2)
    try:
        writer = Writer(PostgresStore(pool))
        until = perf_counter() + SECONDS
        began = perf_counter()
        done = await asyncio.gather(*(_write(writer, until) for _ in range(writers)))
        return sum(done) / (perf_counter() - began)
    finally:
        await pool.close()


async def _write(writer: Writer, until: float) -> int:
    done = 0
    while perf_counter() < until:
        answer = await writer.append(command(TENANT, part(uuid4())))
        if not isinstance(answer, Appended):
            raise TypeError(answer)
        done += 1
    return done


async def _check(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """See that what was counted is there: each event with its command and its stream."""
    await owner.execute("select set_config('app.tenants', $1, false)", str(TENANT))
    counted = await owner.fetchrow(
        "select (select count(*) from es.events) as events,"
        " (select count(*) from es.commands) as commands,"
        " (select count(*) from es.streams) as streams"
    )
    if counted is None or len({counted["events"], counted["commands"], counted["streams"]}) != 1:
        raise AssertionError(dict(counted or {}))
