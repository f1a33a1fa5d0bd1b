"""How well people are matched, and how fast: `python -m bench.matching`.

10,000 referrals, 5 % of them of somebody who came before, with what forms get wrong; then one
match at a time among 100,000 people. Tags are real blind indexes, the table is in a real
PostgreSQL, asked by the role that answers requests, under row level security.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from statistics import median, quantiles
from uuid import UUID

import asyncpg

import referrals
from bench.match_people import CHOSEN_WITH, HELD_OUT, Crowd, Fault, Someone
from bench.servers import site
from ledger.connect import handler_pool, worker_pool
from referrals.people.matching import SHARED, Tag, candidates, keep, tags_of
from referrals.people.scoring import Finding
from vault.keys import FileRootKey
from vault.memory import MemoryKeyring
from vault.testing import Remembered
from vault.vault import Vault

TENANT = UUID(int=77)
MIGRATIONS = Path(referrals.__file__).parent / "migrations"
WARMING = 20


@dataclass(slots=True)
class Judged:
    """What came of proposals, against the truth."""

    planted: Counter[Fault] = field(default_factory=Counter)
    found: Counter[Fault] = field(default_factory=Counter)
    # Seen by whoever asks for the person, though too weak to be proposed.
    possible: int = 0
    wrong: int = 0
    wrongly_by: Counter[tuple[str, ...]] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """Of those who came before, the share that was proposed."""
        return self.found.total() / self.planted.total()

    @property
    def precision(self) -> float:
        """Of what was proposed, the share that was true."""
        proposed = self.found.total() + self.wrong
        return self.found.total() / proposed if proposed else 1.0


@dataclass(frozen=True, slots=True)
class Index:
    """The table of tags, as the role that fills it and the one that asks see it."""

    vault: Vault
    worker: "asyncpg.Pool[asyncpg.Record]"
    handler: "asyncpg.Pool[asyncpg.Record]"
    superuser: str

    async def add(self, someone: Someone) -> list[Tag]:
        """Keep somebody's tags, as the index does."""
        tags = await tags_of(self.vault, TENANT, someone.traits)
        async with self.worker.acquire() as connection, connection.transaction():
            await keep(connection, TENANT, someone.person, tags)
        return tags

    async def fill(self, people: Iterable[Someone]) -> int:
        """Put many people in at once; answer how many rows they have."""
        rows = [
            (TENANT, tag, each.person, kind.value)
            for each in people
            for kind, tag in set(await tags_of(self.vault, TENANT, each.traits))
        ]
        connection = await asyncpg.connect(self.superuser)
        try:
            await connection.copy_records_to_table(
                "person_tags",
                schema_name="read",
                records=rows,
                columns=["tenant", "tag", "person", "kind"],
            )
            await connection.execute("vacuum analyze read.person_tags")
        finally:
            await connection.close()
        return len(rows)

    async def asked(
        self, tags: Sequence[Tag], but: UUID | None = None
    ) -> list[tuple[UUID, Finding]]:
        """Ask who may be whoever has these tags, as a request does."""
        async with self.handler.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute("select set_config('app.tenants', $1, true)", str(TENANT))
            found = await candidates(connection, TENANT, tags, but)
        return [(each.person, each.finding) for each in found]

    async def plan(self, tags: Sequence[Tag]) -> str:
        """Return how the server goes about one question."""
        async with self.handler.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute("select set_config('app.tenants', $1, true)", str(TENANT))
            columns = ([tag for _, tag in tags], [kind.value for kind, _ in tags])
            rows = await connection.fetch(
                "explain (analyze, buffers) " + SHARED, TENANT, *columns, 50
            )
        return "\n".join(row[0] for row in rows)


async def judged(index: Index, crowd: Sequence[Someone]) -> Judged:
    """Let people come one after the other, and hold what is proposed against the truth."""
    result = Judged()
    truth = {each.person: each.same_as or each.person for each in crowd}
    for each in crowd:
        tags = await index.add(each)
        possible = await index.asked(tags, each.person)
        proposed = [(person, found) for person, found in possible if found.is_proposed]
        if each.fault is not None:
            result.planted[each.fault] += 1
            if any(truth[person] == each.same_as for person, _ in proposed):
                result.found[each.fault] += 1
            result.possible += any(truth[person] == each.same_as for person, _ in possible)
        for person, found in proposed:
            if truth[person] != truth[each.person]:
                result.wrong += 1
                result.wrongly_by[tuple(reason.value for reason in found.reasons)] += 1
    return result


async def timed(index: Index, people: Sequence[Someone]) -> list[float]:
    """Return how many milliseconds each match took, from traits to a weighed answer."""
    taken: list[float] = []
    for number, each in enumerate(people):
        begun = time.perf_counter()
        await index.asked(await tags_of(index.vault, TENANT, each.traits))
        if number >= WARMING:
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


@asynccontextmanager
async def index_on(worker: str, handler: str, superuser: str) -> AsyncIterator[Index]:
    """Give the table of tags of a database that has it."""
    vault = Vault(MemoryKeyring(), FileRootKey(token_bytes(32)), Remembered())
    workers, handlers = await worker_pool(worker, 2), await handler_pool(handler, 2)
    try:
        yield Index(vault, workers, handlers, superuser)
    finally:
        await workers.close()
        await handlers.close()


async def _measure(
    count: int, share: float, among: int, matches: int, seed: int, faults: Sequence[Fault]
) -> None:
    async with site() as servers:
        urls = await servers.database("matching", [("referrals", MIGRATIONS)])
        async with index_on(urls.worker, urls.handler, urls.superuser) as index:
            crowd = Crowd(seed)
            _tell(count, await judged(index, crowd.planted(count, share, faults)), faults)
            rows = await index.fill(crowd.people(among - count))
            again = [crowd.again(each, fault) for fault, each in _some(crowd, matches, faults)]
            taken = await timed(index, again)
            cuts = quantiles(taken, n=100)
            print(f"among {among} people, {rows} rows of tags added:")  # what it is for
            print(f"  a match: median {median(taken):.1f} ms, p99 {cuts[98]:.1f} ms")
            print(await index.plan(await tags_of(index.vault, TENANT, again[0].traits)))


def _some(crowd: Crowd, matches: int, faults: Sequence[Fault]) -> list[tuple[Fault, Someone]]:
    people = crowd.people(matches + WARMING)
    return [(faults[number % len(faults)], each) for number, each in enumerate(people)]


def _tell(count: int, result: Judged, faults: Sequence[Fault]) -> None:
    shares = f"recall {result.recall:.4f}, precision {result.precision:.4f}"
    lines = [
        f"{count} referrals, {result.planted.total()} of somebody who came before:",
        f"  {shares}, {result.wrong} proposed wrongly",
        f"  {result.possible} of them shown to whoever asks for the person",
        *(f"  {fault.value}: {result.found[fault]} of {result.planted[fault]}" for fault in faults),
        *(f"  wrongly: {times} x {', '.join(why)}" for why, times in result.wrongly_by.items()),
    ]
    print("\n".join(lines))  # what it is for


def main() -> None:
    """Measure as the command line asks."""
    asked = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__)
    asked.add_argument("--referrals", type=int, default=10_000)
    asked.add_argument("--share", type=float, default=0.05)
    asked.add_argument("--among", type=int, default=100_000)
    asked.add_argument("--matches", type=int, default=400)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--held-out",
        action="store_true",
        help="with errors that the scoring was not chosen with; give it a seed of its own",
    )
    options = asked.parse_args()
    faults = HELD_OUT if options.held_out else CHOSEN_WITH
    sizes = (options.referrals, options.share, options.among, options.matches)
    asyncio.run(_measure(*sizes, options.seed, faults))


if __name__ == "__main__":
    main()
