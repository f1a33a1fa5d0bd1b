"""Our own side: writers through `Writer` over `PostgresStore`, in a process as a service has one.

Asked by lines of JSON: {"what": "append", "writers": 16, "seconds": 1}. What it can be asked is
told by `ASKED`.
"""

import asyncio
import gc
import hashlib
import os
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import uvloop

from bench.figures import Run
from bench.seen import SEEN, TAIL, Seen, codec
from bench.speaking import answer_all
from ledger.commands import (
    Answer,
    AppendCommand,
    Appended,
    Conflict,
    Duplicate,
    Loaded,
    Snapshot,
)
from ledger.connect import handler_pool
from ledger.looking import Wanted
from ledger.postgres import PostgresStore
from ledger.samples import REGISTRY, command, head_after, part
from ledger.snapshots import folded
from ledger.store import Store
from ledger.writer import Writer

TENANT = UUID(int=1)
SCOPE = frozenset([TENANT])
EVENTS_A_COMMAND = 10
STREAMS_A_COMMAND = 3

MADE_A_WRITER = 3_000
MADE_IN_ALL = 35_000
"""Commands made beforehand for each second of measuring; past them, they are made as they go."""

MADE_FOR_S = 4.0
AHEAD = timedelta(seconds=2.5)
"""How long a run is for which commands are made beforehand, and how far ahead they are dated: the
store takes what is dated within five seconds of its clock. Longer runs make theirs as they go."""


def filled(number: int) -> UUID:
    """Return the id of a stream that `filling` made."""
    return UUID(bytes=hashlib.md5(f"bench{number}".encode(), usedforsecurity=False).digest())


@dataclass(frozen=True, slots=True)
class Ours:
    """The store under measure, and what it was asked beside writers and seconds."""

    store: Store
    writer: Writer
    asked: Mapping[str, Any]
    made: Iterator[AppendCommand]

    async def append(self) -> int:
        """Write one event of a fresh stream."""
        return _stood(await self.writer.append(next(self.made, None) or _fresh()))

    async def several_events(self) -> int:
        """Write ten events of a fresh stream in one command."""
        made = part(uuid4(), count=EVENTS_A_COMMAND)
        return _stood(await self.writer.append(command(TENANT, made)))

    async def several_streams(self) -> int:
        """Write one event each of three fresh streams in one command."""
        parts = [part(uuid4()) for _ in range(STREAMS_A_COMMAND)]
        return _stood(await self.writer.append(command(TENANT, *parts)))

    async def conflict(self) -> int:
        """Send a command that was made on a version that is no more."""
        answer = await self.writer.append(command(TENANT, part(filled(self._some()))))
        return _is(answer, Conflict)

    async def duplicate(self) -> int:
        """Send a command that was accepted before."""
        repeated = command(TENANT, part(uuid4()), command_id=UUID(int=self._some()))
        return _is(await self.writer.append(repeated), Duplicate)

    async def load(self) -> int:
        """Read one stream and fold it."""
        return await self._load({})

    async def load_with_snapshot(self) -> int:
        """Read one stream from its snapshot on, and fold it."""
        return await self._load({UUID(self.asked["stream"]): codec().fold_id})

    async def _load(self, folds: Mapping[UUID, str]) -> int:
        stream = UUID(self.asked["stream"])
        loaded = await self._looked(stream, folds)
        assert (loaded[stream].snapshot is not None) == bool(folds)
        assert folded(REGISTRY, SEEN, loaded[stream]) == Seen(self.asked["events"])
        return 1

    async def go_on(self) -> int:
        """Read one of the streams there are, and append one event to it; 0 where it lost a race."""
        stream = filled(self._some())
        head = (await self._looked(stream, {}))[stream].head
        assert head.version > 0, stream
        answer = await self.writer.append(command(TENANT, part(stream, head)))
        return 0 if isinstance(answer, Conflict) else _stood(answer)

    async def _looked(self, stream: UUID, folds: Mapping[UUID, str]) -> Mapping[UUID, Loaded]:
        wanted = Wanted({stream: 0}, folds, [uuid4()])
        return (await self.store.look(TENANT, SCOPE, wanted)).streams

    def _some(self) -> int:
        return random.randrange(self.asked["streams"])  # noqa: S311 # nobody need not guess it


ASKED: Mapping[str, Callable[[Ours], Awaitable[int]]] = {
    "append": Ours.append,
    "several-events": Ours.several_events,
    "several-streams": Ours.several_streams,
    "conflict": Ours.conflict,
    "duplicate": Ours.duplicate,
    "load": Ours.load,
    "load-with-snapshot": Ours.load_with_snapshot,
    "go-on": Ours.go_on,
}


def _stood(answer: Answer) -> int:
    return _is(answer, Appended)


def _is(answer: Answer, kind: type) -> int:
    if not isinstance(answer, kind):
        raise TypeError(answer)
    return 1


def _fresh(at: datetime | None = None) -> AppendCommand:
    return command(TENANT, part(uuid4(), at=at))


def made_beforehand(asked: Mapping[str, Any]) -> list[AppendCommand]:
    """Make the commands of `append`, as every contender's events are made; else none."""
    if asked["what"] != "append" or asked["seconds"] > MADE_FOR_S:
        return []
    a_second = min(MADE_IN_ALL, MADE_A_WRITER * asked["writers"])
    at = datetime.now(UTC) + AHEAD
    return [_fresh(at) for _ in range(round(a_second * asked["seconds"]))]


async def run(store: Store, writer: Writer, asked: Mapping[str, Any]) -> Run:
    """Have so many writers do it over and over, each waiting for its answer."""
    do = ASKED[asked["what"]]
    ours = Ours(store, writer, asked, iter(made_beforehand(asked)))
    # What waits to be written is no garbage, and a service would not hold it.
    gc.freeze()
    taken: list[float] = []
    done = 0

    async def write(until: float) -> None:
        nonlocal done
        while (began := perf_counter()) < until:
            did = await do(ours)
            done += did
            taken.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(write(began + asked["seconds"]) for _ in range(asked["writers"])))
    seconds = perf_counter() - began
    gc.unfreeze()
    return Run.of(taken, seconds, done)


async def prepare(store: Store, asked: Mapping[str, Any]) -> Run:
    """Make a stream of so many events, for `load`."""
    stream, left, began = UUID(asked["stream"]), asked["events"], perf_counter()
    made = part(stream, count=1)
    _stood((await store.append([command(TENANT, made)]))[0])
    left -= 1
    while left:
        count = min(left, 500)
        made = part(stream, head_after(made), count=count)
        _stood((await store.append([command(TENANT, made)]))[0])
        left -= count
    await _keep_snapshot(store, stream, asked["events"])
    return Run.of([perf_counter() - began], perf_counter() - began, asked["events"])


async def _keep_snapshot(store: Store, stream: UUID, events: int) -> None:
    """Keep a snapshot of a stream that is long enough for one."""
    version = events - TAIL
    if version > 0:
        [last] = await store.read(TENANT, stream, version - 1, limit=1)
        state = codec().encode(Seen(version))
        made = Snapshot(version, last.position, codec().fold_id, state)
        await store.keep_snapshot(TENANT, stream, made)


async def main() -> None:
    """Answer what is asked."""
    pool = await handler_pool(os.environ["DATABASE"])
    store = PostgresStore(pool)
    writer = Writer(store)

    async def answer(asked: Mapping[str, Any]) -> Run:
        if asked["what"] == "prepare":
            return await prepare(store, asked)
        return await run(store, writer, asked)

    await answer_all(answer)
    await writer.close()
    await pool.close()


if __name__ == "__main__":
    uvloop.run(main())
