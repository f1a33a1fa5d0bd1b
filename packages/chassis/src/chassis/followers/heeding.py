"""Acting on a service's own log: what a page asks for is done, then the checkpoint moves.

An effect of its own cannot share a transaction with the checkpoint, so a crash between repeats it:
whoever acts does so by ids made from what he heeds, and done twice it changes nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from chassis.failures import PASSING
from chassis.followers.following import pause
from chassis.running import logs
from ledger import checkpoints
from ledger.checkpoints import Lease, Superseded
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection
from ledger.feed import Page

if TYPE_CHECKING:
    from chassis.runtime import Runtime

LOOK_EVERY_S = 0.5
REST_S = 1.0

_BEHIND = """
select count(*)
  from es.events e
 where e.position > (select coalesce(min(position), 0) from es.checkpoints where name = $1)
   and e.type = any ($2::text[])
"""

_log = logs.logger(__name__)

Act: TypeAlias = Callable[[Sequence[StoredEvent]], Awaitable[None]]
"""Does what events of a page, in their order, ask for."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """Which events of the own log are acted on, `page` read at once, under a checkpoint's name."""

    name: str
    types: frozenset[str]
    page: int

    async def follow(self, runtime: "Runtime", lease: Lease, act: Act) -> None:
        """Act from the checkpoint of a lease on, until the process is to end.

        What passes is waited for. Raises HistoryChanged at the beginning, Superseded.
        """
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            seen_to = (await checkpoints.resume(connection, lease)).seen_to
        while not runtime.stopping.is_set():
            beat = runtime.pulse.beats
            try:
                page = await self._page(runtime, lease, seen_to, act)
            except Superseded:
                raise
            except PASSING as error:
                _log.warning("acting waits", name=self.name, error=type(error).__name__)
                await pause(runtime.stopping, REST_S)
                continue
            seen_to = page.seen_to
            if not page.events:
                await runtime.pulse.grown(beat, patience_s=LOOK_EVERY_S)

    async def _page(self, runtime: "Runtime", lease: Lease, seen_to: int, act: Act) -> Page:
        """Act on the page after the checkpoint, which may have been set back to act anew."""
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            at = await checkpoints.load(connection, lease.name, lease.shard)
        if at.epoch != lease.epoch:
            raise Superseded(lease.name)
        page = await runtime.feed.page(at.cursor, self.page)
        if page.events or page.seen_to > seen_to:
            await act([each for each in page.events if each.type in self.types])
            async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
                end = page.end(at.cursor)
                await checkpoints.advance(connection, lease, at.cursor, end, page.seen_to)
        return page

    async def behind(self, connection: Connection) -> int:
        """Count the events that nobody has acted on yet."""
        return int(await connection.fetchval(_BEHIND, self.name, sorted(self.types)))
