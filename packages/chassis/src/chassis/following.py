"""Following the log as its one leader: a page, its effects, the checkpoint in one transaction."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

from chassis.pulse import Pulse
from ledger import checkpoints
from ledger.checkpoints import Lease
from ledger.commands import StoredEvent
from ledger.connect import Connection, Pool
from ledger.leadership import Leadership

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Apply = Callable[[Connection, Sequence[StoredEvent]], Awaitable[None]]

RETRY_S = 0.2
"""Between two tries to lead; a leader that was killed is gone as soon as its connection is."""

HELD_EVERY_S = 2.0


class LeadershipLost(Exception):  # noqa: N818 # named for what has happened
    """The lock's connection is gone: another may lead already."""


def owner() -> str:
    """Name this process for whoever reads the checkpoints."""
    return f"{socket.gethostname()}:{os.getpid()}"


@asynccontextmanager
async def leading(dsn: str, name: str) -> AsyncIterator[Lease]:
    """Wait to be the leader of a name; the body is cancelled, as LeadershipLost, if that ends."""
    while (held := await Leadership.seek(dsn, name, owner=owner())) is None:  # noqa: ASYNC110 # another process
        await asyncio.sleep(RETRY_S)
    body, lost = asyncio.current_task(), asyncio.Event()
    watch = asyncio.create_task(_watch(held))

    def end_body(ended: "asyncio.Task[None]") -> None:
        if not ended.cancelled() and body is not None:
            lost.set()
            body.cancel()

    watch.add_done_callback(end_body)
    try:
        yield held.lease
    except asyncio.CancelledError:
        if not lost.is_set() or body is None:
            raise
        body.uncancel()
        raise LeadershipLost(name) from None
    finally:
        watch.remove_done_callback(end_body)
        watch.cancel()
        await held.close()


async def _watch(held: Leadership) -> None:
    """Return when the lock is no longer held, or its connection no longer answers."""
    with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        while await held.holds():  # noqa: ASYNC110 # only the server knows
            await asyncio.sleep(HELD_EVERY_S)


async def until_stopped(stopping: asyncio.Event, step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step until the process is asked to end; the step in hand is finished."""
    while not stopping.is_set():
        await step()


async def wait_for_news(pulse: Pulse, since: int, seen_to: int) -> None:
    """Return when the log may have more: at once-ish while an append is still in flight."""
    if seen_to < pulse.position:
        await asyncio.sleep(0.002)
    else:
        await pulse.grown(since)


async def follow(
    runtime: "Runtime", pool: Pool, name: str, apply: Apply, page_size: int = 1_000
) -> None:
    """Apply each page of the log with its checkpoint, until the process is asked to end."""
    async with leading(runtime.settings.database_worker, name) as lease:
        async with runtime.worker_pool.acquire(timeout=5) as connection:
            checkpoint = await checkpoints.resume(connection, lease)
        cursor, seen_to = checkpoint.cursor, checkpoint.seen_to
        while not runtime.stopping.is_set():
            beat = runtime.pulse.beats
            page = await runtime.feed.page(cursor, page_size)
            if page.events or page.seen_to > seen_to:
                end = page.end(cursor)
                async with (
                    pool.acquire(timeout=5) as connection,
                    connection.transaction(),
                ):
                    await checkpoints.advance(connection, lease, cursor, end, page.seen_to)
                    await apply(connection, page.events)
                cursor, seen_to = end, page.seen_to
            if not page.events:
                await wait_for_news(runtime.pulse, beat, page.seen_to)
