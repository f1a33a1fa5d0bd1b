"""Figures of following and loading, for benchmarks: COPY out, feed pages, cold loads.

Each takes what it needs from the table of events as it finds it, and changes nothing but snapshots.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from ledger.commands import Snapshot
from ledger.decider import Decider
from ledger.feed import BEGINNING, PostgresFeed
from ledger.looking import NO_FOLDS, load
from ledger.registry import Registry
from ledger.snapshots import codec_of, folded
from ledger.store import Store

S = TypeVar("S")

PAGE = 5_000
EVERYTHING = 2**62
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Followed:
    """Events read in pages: how many a second, and the process's memory on the way.

    `cpu_us`: this process's own time for one event; the server's is not in it.
    """

    events: int
    seconds: float
    cpu_us: float
    mib_at_a_tenth: float
    mib_at_the_end: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def resident_mib() -> float:
    """Return the memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


async def copied_out(worker_dsn: str, most: int = EVERYTHING) -> float:
    """Return how many events a second PostgreSQL itself gives, by COPY to this process.

    Up to the position `most`.
    """
    connection = await asyncpg.connect(worker_dsn)
    try:
        began = perf_counter()
        done = await connection.copy_from_query(
            "select * from es.events where position <= $1", most, output=_let_go, format="binary"
        )
        return int(done.split()[1]) / (perf_counter() - began)
    finally:
        await connection.close()


async def _let_go(_data: bytes) -> None:
    """Take what is copied, and keep nothing of it."""


async def followed(
    pool: "asyncpg.Pool[asyncpg.Record]", registry: Registry | None, most: int = EVERYTHING
) -> Followed:
    """Read the log in pages, as followers do, up to the position `most`.

    With a registry each event is decoded too.
    """
    feed, cursor, events = PostgresFeed(pool), BEGINNING, 0
    end = min(most, await feed.safe_position())
    at_a_tenth = 0.0
    began, cpu = perf_counter(), process_time()
    while cursor.position < end and (page := await feed.page(cursor, PAGE)).events:
        cursor, events = page.end(cursor), events + len(page.events)
        if registry is not None:
            for each in page.events:
                registry.decode(each)
        if not at_a_tenth and cursor.position >= end // 10:
            at_a_tenth = resident_mib()
    seconds, cpu = perf_counter() - began, process_time() - cpu
    cpu_us = 1e6 * cpu / max(events, 1)
    return Followed(events, seconds, cpu_us, at_a_tenth, resident_mib())


@dataclass(frozen=True, slots=True)
class Opened:
    """Milliseconds from asking for a stream to its state: the median of some tries."""

    whole_ms: float
    snapshot_ms: float


async def opened(
    store: Store,
    registry: Registry,
    decider: Decider[Any, S, Any],
    tenant: UUID,
    stream_id: UUID,
    tries: int = 21,
) -> Opened:
    """Measure a cold load of a stream, from all of its events and from a snapshot of its end."""
    codec = codec_of(decider)

    async def state(folds: Any) -> tuple[float, S]:
        took = []
        for _ in range(tries):
            began = perf_counter()
            loaded = await load(store, tenant, [stream_id], folds)
            made = folded(registry, decider, loaded[stream_id])
            took.append(perf_counter() - began)
        return 1e3 * sorted(took)[tries // 2], made

    whole_ms, made = await state(NO_FOLDS)
    head = (await load(store, tenant, [stream_id]))[stream_id]
    last = head.events[-1]
    kept = Snapshot(last.version, last.position, codec.fold_id, codec.encode(made))
    await store.keep_snapshot(tenant, stream_id, kept)
    snapshot_ms, again = await state({stream_id: codec.fold_id})
    if again != made:
        raise AssertionError("the snapshot gives another state")
    return Opened(whole_ms, snapshot_ms)
