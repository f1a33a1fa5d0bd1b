"""Acting on a service's own log: what a page asks for is done, then the checkpoint moves.

An effect of its own cannot share a transaction with the checkpoint, so a crash between repeats it:
whoever acts does so by ids made from what he heeds, and done twice it changes nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from chassis.acting import Act
from chassis.failures import PASSING
from chassis.followers.following import lead, pause
from chassis.roles import Role
from chassis.running import logs
from ledger import checkpoints
from ledger.checkpoints import Lease, Superseded
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection
from ledger.decider import Refusal
from ledger.envelope import Actor, Envelope
from ledger.feed import Page
from ledger.ids import caused_id

if TYPE_CHECKING:
    from chassis.runtime import Runtime

LOOK_EVERY_S = 0.5
AT_LEAST_S = 0.1
"""Between two pages however much is appended, since each costs a commit, unless one was full."""

REST_S = 1.0

_BEHIND = """
select count(*)
  from es.events e
 where e.position > (select coalesce(min(position), 0) from es.checkpoints where name = $1)
   and e.type = any ($2::text[])
"""

_log = logs.logger(__name__)

Heed: TypeAlias = Callable[[Sequence[StoredEvent]], Awaitable[None]]
"""Does what events of a page, in their order and one at least, ask for."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """Which events of the own log are acted on, `page` read at once, under a checkpoint's name."""

    name: str
    types: frozenset[str]
    page: int

    async def lead(self, runtime: "Runtime", heed: Heed) -> None:
        """Act as the one leader, whenever it is this process's turn, until it is to end."""

        async def follow(lease: Lease) -> None:
            await self.follow(runtime, lease, heed)

        await lead(runtime, self.name, follow)

    async def follow(self, runtime: "Runtime", lease: Lease, heed: Heed) -> None:
        """Act from the checkpoint of a lease on, until the process is to end.

        What passes is waited for. Raises HistoryChanged at the beginning, Superseded.
        """
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            seen_to = (await checkpoints.resume(connection, lease)).seen_to
        while not runtime.stopping.is_set():
            beat = runtime.pulse.beats
            try:
                page = await self._page(runtime, lease, seen_to, heed)
            except Superseded:
                raise
            except PASSING as error:
                _log.warning("acting waits", name=self.name, error=type(error).__name__)
                await pause(runtime.stopping, REST_S)
                continue
            seen_to = page.seen_to
            if len(page.events) < self.page:
                await pause(runtime.stopping, AT_LEAST_S)
                await runtime.pulse.grown(beat, patience_s=LOOK_EVERY_S)

    async def _page(self, runtime: "Runtime", lease: Lease, seen_to: int, heed: Heed) -> Page:
        """Act on the page after the checkpoint, which may have been set back to act anew."""
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            at = await checkpoints.load(connection, lease.name, lease.shard)
        if at.epoch != lease.epoch:
            raise Superseded(lease.name)
        page = await runtime.feed.page(at.cursor, self.page)
        if page.events or page.seen_to > seen_to:
            heeded = [each for each in page.events if each.type in self.types]
            if heeded:
                await heed(heeded)
            async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
                end = page.end(at.cursor)
                await checkpoints.advance(connection, lease, at.cursor, end, page.seen_to)
        return page

    async def carry_out(
        self, runtime: "Runtime", cause: Envelope, command: object, stream: UUID
    ) -> None:
        """Carry out what an event asks for, as the service; again it is the same act.

        What refuses it has come about since the event, and is the later word.
        """
        act = Act(
            command_id=caused_id(self.name, cause.event_id, type(command).__name__, stream),
            tenant=cause.tenant,
            scope=frozenset([cause.tenant]),
            actor=Actor(f"service:{runtime.service.name}", Role.SERVICE.value),
            command=command,
            correlation_id=cause.correlation_id,
            causation_id=cause.event_id,
        )
        try:
            await runtime.shell.execute(act)
        except Refusal as refusal:
            _log.info("not acted", name=self.name, event_id=cause.event_id, refusal=refusal.code)

    async def behind(self, connection: Connection) -> int:
        """Count the events that nobody has acted on yet."""
        return int(await connection.fetchval(_BEHIND, self.name, sorted(self.types)))
