"""Each list of casework's work with 20,000 cases in a real database: its latency, and its plan.

`python -m bench.worklists` prints what it measured, and fails where a list takes longer than its
goal at the 99th percentile or reads a large table from end to end.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from bench.figures import Run
from bench.servers import site
from bench.worklist_rows import OURS, TEAMS, fill, somebody_known, workers
from casework.__main__ import SERVICE
from casework.allocations import caseload
from casework.cases import standing
from casework.cases.stage import Stage
from casework.paging import After
from casework.tasks import lists, waiting
from chassis.main import EVIDENCE
from chassis.queries.reading import scoped
from ledger.connect import Connection, Pool, handler_pool

GOAL_MS: Final = 30.0
PAGE: Final = 50
WARM: Final = 20
FIRST_PAGE: Final = 0.5
KNOWS_SOMEBODY: Final = 0.1
DATABASE: Final = "bench_worklists"
LARGE: Final = {"cases", "tasks", "stages", "caseload", "sessions", "case_referrals"}
"""Tables that grow with the cases."""

_TODAY = date(2026, 9, 1)
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)

Ask = Callable[[Connection], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Dice:
    """What readers ask for: any worker, any team, any page of a list."""

    chance: Random
    workers: list[UUID]
    known: tuple[UUID, ...] = tuple(somebody_known(n) for n in range(3))

    def reader(self) -> lists.Reader:
        """Draw a reader, who may know some families."""
        knows = self.chance.random() < KNOWS_SOMEBODY
        return lists.Reader(OURS, self.known if knows else ())

    def part(self, first: date) -> lists.Part:
        """Draw a page: mostly the first, else any later one."""
        if self.chance.random() < FIRST_PAGE:
            return lists.Part(lists.BEGINNING, PAGE)
        at = datetime(first.year, first.month, first.day, tzinfo=UTC)
        at += timedelta(days=self.chance.randrange(200))
        return lists.Part(After(at, UUID(int=self.chance.getrandbits(128))), PAGE)

    def after(self) -> After[UUID]:
        """Draw where a page of cases begins."""
        return self.part(_FIRST.date()).after

    def worker(self) -> UUID:
        """Draw somebody who leads cases."""
        return self.chance.choice(self.workers)


def asked(dice: Dice) -> Iterator[tuple[str, Ask]]:
    """Draw one request of each list."""
    due = partial(dice.part, date(2026, 1, 1))
    through = _TODAY + timedelta(days=dice.chance.randrange(30))
    team, reader, worker = dice.chance.choice(TEAMS), dice.reader(), dice.worker()
    stage = dice.chance.choice([each for each in Stage if each not in waiting.OVER])
    part, cases_part = due(), lists.Part(dice.after(), PAGE)
    days = (_TODAY, through)
    after = dice.after()
    unallocated = standing.Listed.UNALLOCATED
    yield "my work", lambda rows: lists.of_worker(rows, reader, worker, through, part)
    yield "my team's risks", lambda rows: lists.risks(rows, reader, team, days, part)
    yield "overdue", lambda rows: lists.overdue(rows, reader, _TODAY, part)
    yield "unallocated", lambda rows: standing.page(rows, OURS, unallocated, after, PAGE)
    yield "waiting by stage", lambda rows: waiting.waiting(rows, reader, stage, cases_part)
    yield "counts by stage", lambda rows: waiting.counted(rows, reader)
    yield "families I know", lambda rows: lists.reader_of(rows, OURS, dice.known)
    yield "my cases", lambda rows: caseload.of_worker(rows, OURS, worker, after, PAGE)


class Explaining:
    """Stands where a connection would: keeps how each statement is carried out for anybody."""

    def __init__(self, rows: Connection) -> None:
        self._rows = rows
        self.plans: list[Any] = []

    async def fetch(self, statement: str, *arguments: object) -> list[object]:
        """Keep the plan for these arguments."""
        found = await self._rows.fetchval("explain (format json) " + statement, *arguments)
        self.plans.append(json.loads(found))
        return []


def scanned(plan: Any) -> set[str]:
    """Return the large tables that a plan reads from end to end."""
    match plan:
        case {"Node Type": "Seq Scan", "Relation Name": str() as name} if name in LARGE:
            return {name}
        case dict():
            return {each for value in plan.values() for each in scanned(value)}
        case list():
            return {each for value in plan for each in scanned(value)}
        case _:
            return set()


async def plans(rows: Connection, dice: Dice) -> dict[str, set[str]]:
    """Return, by list, what it reads from end to end, whatever is asked of it."""
    found: dict[str, set[str]] = {}
    for name, ask in [each for _ in range(20) for each in asked(dice)]:
        explaining = Explaining(rows)
        await ask(explaining)  # type: ignore[arg-type] # only fetch is called
        found.setdefault(name, set()).update(*(scanned(each) for each in explaining.plans))
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """What a list took: its readers, and the database's processor, which knows no neighbours."""

    run: Run
    server_ms: float


async def measured(pool: Pool, dice: Dice, rounds: int) -> dict[str, Measured]:
    """Ask for each list so many times, as a reader does: scope and rows in one transaction."""
    found = {}
    for place, (name, _) in enumerate(list(asked(dice))):
        requests = [list(asked(dice))[place][1] for _ in range(rounds)]
        async with pool.acquire() as connection:
            backend = await connection.fetchval("select pg_backend_pid()")
        used, taken = processor_ms(backend), []
        for ask in requests:
            begun = perf_counter()
            async with scoped(pool, OURS) as rows:
                await ask(rows)
            taken.append(perf_counter() - begun)
        each_ms = (processor_ms(backend) - used) / rounds
        found[name] = Measured(Run.of(taken, sum(taken)), each_ms)
    return found


def processor_ms(process: int) -> float:
    """Return the processor's time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return 1e3 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def run(cases: int, rounds: int, seed: int) -> bool:
    """Fill, measure, read the plans, say it; answer whether all is as it must be."""
    async with site() as made:
        urls = await made.database(DATABASE, [EVIDENCE, (SERVICE.name, SERVICE.migrations)])
        await fill(urls.superuser, cases)
        dice = Dice(Random(seed), await workers(urls.superuser))  # noqa: S311 # from its seed
        pool = await handler_pool(urls.handler, 1)
        try:
            await measured(pool, dice, WARM)
            runs = await measured(pool, dice, rounds)
            async with scoped(pool, OURS) as rows:
                read_whole = await plans(rows, dice)
        finally:
            await pool.close()
    sys.stdout.write(f"{cases} cases, {rounds} requests of each list\n")
    sys.stdout.write("list                   p50 ms   p95 ms   p99 ms  server ms  reads whole\n")
    for name, each in runs.items():
        whole = ", ".join(sorted(read_whole[name])) or "no large table"
        times = f"{each.run.p50_ms:8.2f} {each.run.p95_ms:8.2f} {each.run.p99_ms:8.2f}"
        sys.stdout.write(f"{name:20} {times} {each.server_ms:10.2f}  {whole}\n")
    in_time = all(each.run.p99_ms <= GOAL_MS for each in runs.values())
    return in_time and not any(read_whole.values())


def main() -> None:
    """Measure, and fail where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(not asyncio.run(run(given.cases, given.rounds, given.seed)))


if __name__ == "__main__":
    main()
