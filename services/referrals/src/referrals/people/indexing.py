"""Keeps the table of tags, and proposes who shares enough with somebody just described.

It follows the log as its one leader, with a checkpoint of its own: whichever way a child came in,
it sees it. What tags are made of is opened with its reading on record, as every building of a blind
index is. Done twice it changes nothing but that record.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from chassis.acting import Act
from chassis.failures import TRANSIENT
from chassis.followers.following import LeadershipLost, pause
from chassis.running import logs
from ledger.checkpoints import Lease, Superseded, advance, resume
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection
from ledger.envelope import Actor
from ledger.feed import Page
from ledger.ids import caused_id
from referrals.people.facts import (
    AddressRecorded,
    BecameEarlierIdentity,
    BirthDateRecorded,
    IdentifierRecorded,
    IdentityParted,
    NameRecorded,
)
from referrals.people.match import Pair, ProposeMatch
from referrals.people.matching import Tag, candidates, keep, tags_of
from referrals.people.person import (
    PERSON,
    Child,
)
from referrals.people.said import ChildDescribed
from referrals.people.traits import opened_traits, sealed_traits
from referrals.streams import SERVICE, match_stream, person_stream
from vault.access import Access, KeyringUnavailable, ReadRefused, SealBroken

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME: Final = "match-index"
PURPOSE: Final = "match-index"
PAGE: Final = 200
AT_ONCE: Final = 8
"""People whose traits are opened side by side."""

LOOK_EVERY_S: Final = 0.5
REST_S: Final = 1.0

_MOVES: Final = (
    ChildDescribed,
    NameRecorded,
    BirthDateRecorded,
    IdentifierRecorded,
    AddressRecorded,
    IdentityParted,
    BecameEarlierIdentity,
)
"""After these a person's tags are other ones."""

_NAMES: Final = frozenset(each.__name__ for each in _MOVES)

_BEHIND = """
select count(*)
  from es.events e
 where e.position > (select coalesce(min(position), 0) from es.checkpoints where name = $1)
   and e.type = any ($2::text[])
"""

_PASSING = (
    *TRANSIENT,
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
    KeyringUnavailable,
    ReadRefused,
)

_log = logs.logger(__name__)


@dataclass(frozen=True, slots=True)
class Moved:
    """A person whose tags are to be made again, and the event that says so last."""

    tenant: UUID
    person: UUID
    cause: UUID


class Indexing:
    """Follows the log from the checkpoint of a lease."""

    def __init__(self, runtime: "Runtime", lease: Lease) -> None:
        self._runtime = runtime
        self._lease = lease
        self._seen_to = 0
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Follow until the process is asked to end. What passes is waited for."""
        stopping, pulse = self._runtime.stopping, self._runtime.pulse
        while not stopping.is_set():
            beat = pulse.beats
            try:
                done = await self.step()
            except Superseded:
                raise
            except _PASSING as error:
                _log.warning("match index waits", error=type(error).__name__)
                await pause(stopping, REST_S)
                continue
            if not done:
                await pulse.grown(beat, patience_s=LOOK_EVERY_S)

    async def step(self) -> bool:
        """Take one page; answer whether there was anything in it."""
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            since = (await resume(connection, self._lease)).cursor
        page = await self._runtime.feed.page(since, PAGE)
        if not page.events and page.seen_to <= self._seen_to:
            return False
        moved = self._moved(page.events)
        tags = await asyncio.gather(*(self._tags_of(each) for each in moved))
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            made = [
                (each, held) for each, held in zip(moved, tags, strict=True) if held is not None
            ]
            for each, held in made:
                async with connection.transaction():
                    await keep(connection, each.tenant, each.person, held)
            for each, held in made:
                await self._propose(connection, each, held)
            await self._advance(connection, page)
        return bool(page.events)

    async def _advance(self, connection: Connection, page: Page) -> None:
        since = (await resume(connection, self._lease)).cursor
        await advance(connection, self._lease, since, page.end(since), page.seen_to)
        self._seen_to = page.seen_to

    def _moved(self, events: Iterable[StoredEvent]) -> list[Moved]:
        """Return each person of a page once, with the last event that moved him."""
        moved: dict[tuple[UUID, UUID], Moved] = {}
        for stored in events:
            if stored.type in _NAMES:
                person = self._runtime.service.registry.decode(stored).event.person
                found = Moved(stored.tenant, person, stored.event_id)
                moved[stored.tenant, person] = found
        return list(moved.values())

    async def _tags_of(self, moved: Moved) -> list[Tag] | None:
        """Open what a child's tags are made of, on record, and make them; None: as they were."""
        async with self._room:
            stream = person_stream(moved.person)
            state = await self._runtime.shell.state(moved.tenant, PERSON, stream)
            sealed = sealed_traits(state.known) if isinstance(state, Child) else None
            if sealed is None or not isinstance(state, Child):
                return []
            access = Access(_actor(), PURPOSE, moved.tenant, case_id=state.case)
            try:
                values = await self._runtime.vault.open(sealed.values, access)
            except SealBroken:
                # One altered row must not keep everybody else from being found.
                _log.error("match index cannot open", stream_id=stream)
                return None
            traits = opened_traits(sealed, values)
            return await tags_of(self._runtime.vault, moved.tenant, traits)

    async def _propose(self, connection: Connection, moved: Moved, tags: list[Tag]) -> None:
        for found in await candidates(connection, moved.tenant, tags, but=moved.person):
            if not found.finding.is_proposed:
                break
            pair = Pair.of(moved.person, found.person)
            stream = match_stream(pair)
            await self._runtime.shell.execute(
                Act(
                    command_id=caused_id(NAME, moved.cause, ProposeMatch.__name__, stream),
                    tenant=moved.tenant,
                    scope=frozenset([moved.tenant]),
                    actor=_actor(),
                    command=ProposeMatch(pair, found.finding),
                    causation_id=moved.cause,
                )
            )


async def keep_index(runtime: "Runtime") -> None:
    """Keep the index as the one leader, whenever it is this process's turn, until it is to end."""
    while not runtime.stopping.is_set():
        try:
            async with runtime.leadership(NAME) as lease:
                await Indexing(runtime, lease).run()
        except* (LeadershipLost, Superseded):
            _log.warning("leadership lost", name=NAME)


async def behind(connection: Connection) -> int:
    """Count the events after which somebody's tags are still to be made."""
    return int(await connection.fetchval(_BEHIND, NAME, sorted(_NAMES)))


def _actor() -> Actor:
    return Actor(f"service:{SERVICE}", "service")
