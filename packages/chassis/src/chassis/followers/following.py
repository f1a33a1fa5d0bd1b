"""Following the log as its one leader: a page, its effects, the checkpoint in one transaction."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from chassis import crash
from chassis.followers.pulse import Pulse
from chassis.running import logs
from ledger import checkpoints
from ledger.checkpoints import Lease, Superseded
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection, Pool
from ledger.leadership import Leadership

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Apply = Callable[[Connection, Sequence[StoredEvent]], Awaitable[None]]

PAGE = 1_000
"""Events in one reading; the same for all, so that they can share it."""

RETRY_S = 0.2
"""Between two tries to lead; a leader that was killed is gone as soon as its connection is."""

HELD_EVERY_S = 5.0
"""Between two questions whether the lock is held; a connection that ends tells so by itself."""

IN_FLIGHT_S = 0.005
"""Between two looks at a log whose end is not decided yet."""

_log = logs.logger(__name__)


class LeadershipLost(Exception):  # noqa: N818 # named for what has happened
    """The lock's connection is gone: another may lead already."""


class NotLed(LeadershipLost):
    """The process is to end, and its turn to lead had not come."""


def owner() -> str:
    """Name this process for whoever reads the checkpoints."""
    return f"{socket.gethostname()}:{os.getpid()}"


async def pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait; answer whether to go on: not once the process is to end."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
    return not stopping.is_set()


@asynccontextmanager
async def leading(
    dsn: str, name: str, stopping: asyncio.Event, shard: int = 0, shards: int = 1
) -> AsyncIterator[Lease]:
    """Wait to lead a shard of a name; the body is cancelled, as LeadershipLost, if that ends.

    Raises NotLed where the process is to end before, CutOtherwise where it has other shards.
    """
    again = partial(pause, stopping, RETRY_S)
    held = await Leadership.seek(dsn, name, shard, owner(), again, shards)
    if held is None:
        raise NotLed(name)
    limit = asyncio.timeout(None)
    try:
        async with limit:
            watch = asyncio.create_task(_watch(held, limit))
            try:
                yield held.lease
            finally:
                watch.cancel()
    except TimeoutError:
        if limit.expired():
            raise LeadershipLost(name) from None
        raise
    finally:
        await held.close()


async def _watch(held: Leadership, limit: asyncio.Timeout) -> None:
    """End the body once the lock is no longer held, or its connection no longer answers."""
    while not held.lost.is_set():
        if await pause(held.lost, HELD_EVERY_S):
            await held.holds()
    limit.reschedule(0)


async def lead(runtime: "Runtime", name: str, body: Callable[[Lease], Awaitable[None]]) -> None:
    """Do something as the one leader, whenever it is this process's turn, until it is to end."""
    while not runtime.stopping.is_set():
        try:
            async with runtime.leadership(name) as lease:
                await body(lease)
        except* (LeadershipLost, Superseded):
            _log.warning("leadership lost", name=name)


async def wait_for_news(pulse: Pulse, since: int, seen_to: int) -> None:
    """Return when the log may have more than a page that was not full.

    At once where there was a beat meanwhile; soon while an append is still in flight.
    """
    if pulse.beats == since and seen_to < pulse.position:
        await asyncio.sleep(IN_FLIGHT_S)
    else:
        await pulse.grown(since)


async def follow(
    runtime: "Runtime", pool: Pool, name: str, apply: Apply, rest_s: float = 0.0
) -> None:
    """Apply each page of the log with its checkpoint, until the process is asked to end.

    Where nobody waits for what is made of it, a rest after each page makes the pages larger and
    their transactions fewer.
    """
    async with runtime.leadership(name) as lease:
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            checkpoint = await checkpoints.resume(connection, lease)
        cursor, seen_to = checkpoint.cursor, checkpoint.seen_to
        while not runtime.stopping.is_set():
            beat = runtime.pulse.beats
            page = await runtime.feed.page(cursor, PAGE)
            if page.events or page.seen_to > seen_to:
                end = page.end(cursor)
                async with (
                    pool.acquire(timeout=ACQUIRE_S) as connection,
                    connection.transaction(),
                ):
                    await checkpoints.advance(connection, lease, cursor, end, page.seen_to)
                    await apply(connection, page.events)
                crash.point(f"{name}.after-commit")
                cursor, seen_to = end, page.seen_to
            if page.events and rest_s:
                await pause(runtime.stopping, rest_s)
            elif len(page.events) < PAGE:
                await wait_for_news(runtime.pulse, beat, page.seen_to)
