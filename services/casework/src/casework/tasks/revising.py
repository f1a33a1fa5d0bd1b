"""Raises a task for each decision that a late or corrected fact might have changed.

It follows the log as its one leader, with a checkpoint of its own, so that a room that records a
fact need not know who has decided what. Done twice it changes nothing: one pair of decision and
fact raises one task.
"""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import asyncpg

from casework.streams import SERVICE, case_stream
from casework.tasks import knowledge, recounting
from casework.tasks.commands import LookAgain
from chassis.acting import Act
from chassis.failures import TRANSIENT
from chassis.followers.following import LeadershipLost, pause
from chassis.roles import Role
from chassis.running import logs
from ledger.checkpoints import Lease, Superseded, advance, resume
from ledger.connect import ACQUIRE_S, Connection
from ledger.decider import Refusal
from ledger.envelope import Actor, Recorded
from ledger.ids import caused_id

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME: Final = "late-facts"
ACTOR: Final = Actor(f"service:{SERVICE}", Role.SERVICE.value)
PAGE: Final = 500
LONGEST_CASE: Final = 20_000
"""Events of one case that are looked through."""

LOOK_EVERY_S: Final = 0.5
REST_S: Final = 1.0

_FACTS: Final = sorted(each.__name__ for each in knowledge.FACTS)
_OF_INTEREST: Final = frozenset(each.__name__ for each in (*knowledge.FACTS, *knowledge.RESTS_ON))
_BEHIND = """
select count(*)
  from es.events e
 where e.position > (select coalesce(min(position), 0) from es.checkpoints where name = $1)
   and e.type = any ($2::text[])
"""
_PASSING = (
    *TRANSIENT,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
)

_log = logs.logger(__name__)


class Revising:
    """Follows the log from the checkpoint of a lease."""

    def __init__(self, runtime: "Runtime", lease: Lease) -> None:
        self._runtime = runtime
        self._lease = lease
        self._seen_to = 0

    async def run(self) -> None:
        """Follow until the process is asked to end. What passes is waited for."""
        stopping, pulse = self._runtime.stopping, self._runtime.pulse
        await recounting.recount(self._runtime)
        while not stopping.is_set():
            beat = pulse.beats
            try:
                done = await self.step()
            except Superseded:
                raise
            except _PASSING as error:
                _log.warning("late facts wait", error=type(error).__name__)
                await pause(stopping, REST_S)
                continue
            if not done:
                await pulse.grown(beat, patience_s=LOOK_EVERY_S)

    async def step(self) -> bool:
        """Take one page; answer whether there was anything in it."""
        registry = self._runtime.service.registry
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            since = (await resume(connection, self._lease)).cursor
        page = await self._runtime.feed.page(since, PAGE)
        if not page.events and page.seen_to <= self._seen_to:
            return False
        for stored in page.events:
            if stored.type in _FACTS:
                await self._look(registry.decode(stored))
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            await advance(connection, self._lease, since, page.end(since), page.seen_to)
        self._seen_to = page.seen_to
        return bool(page.events)

    async def _look(self, fact: Recorded[Any]) -> None:
        case_id = fact.envelope.case_id
        if case_id is None or not knowledge.is_late(fact):
            return
        found = knowledge.taken_before(fact, await self._history(fact.envelope.tenant, case_id))
        if found:
            await self._raise(fact, case_id, [each.envelope.event_id for each in found])

    async def _history(self, tenant: UUID, case_id: UUID) -> list[Recorded[Any]]:
        registry = self._runtime.service.registry
        async with self._runtime.rows.complete(tenant) as reading:
            stored = await reading.thread(case_id, LONGEST_CASE)
        return [registry.decode(each) for each in stored if each.type in _OF_INTEREST]

    async def _raise(self, fact: Recorded[Any], case_id: UUID, decisions: list[UUID]) -> None:
        at, stream = fact.envelope, case_stream(case_id)
        try:
            await self._runtime.shell.execute(
                Act(
                    command_id=caused_id(NAME, at.event_id, LookAgain.__name__, stream),
                    tenant=at.tenant,
                    scope=frozenset([at.tenant]),
                    actor=ACTOR,
                    command=LookAgain(case_id, at.event_id, tuple(decisions)),
                    correlation_id=at.correlation_id,
                    causation_id=at.event_id,
                )
            )
        except Refusal as refusal:
            # The case went to another authority meanwhile: its people see the fact there.
            _log.info("late fact not raised", event_id=at.event_id, refusal=refusal.code)


async def flag_late_facts(runtime: "Runtime") -> None:
    """Flag as the one leader, whenever it is this process's turn, until it is to end."""
    while not runtime.stopping.is_set():
        try:
            async with runtime.leadership(NAME) as lease:
                await Revising(runtime, lease).run()
        except* (LeadershipLost, Superseded):
            _log.warning("leadership lost", name=NAME)


async def behind(connection: Connection) -> int:
    """Count the facts of which nobody has looked yet whether they came late."""
    return int(await connection.fetchval(_BEHIND, NAME, _FACTS))
