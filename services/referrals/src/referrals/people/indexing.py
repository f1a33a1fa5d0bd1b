"""Keeps the table of tags, and proposes who shares enough with somebody just described.

It follows the log as its one leader, with a checkpoint of its own: whichever way a child came in,
it sees it. What tags are made of is opened with its reading on record, as every building of a blind
index is. Done twice it changes nothing but that record.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.followers.heeding import Heeded
from chassis.running import logs
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection
from ledger.envelope import Actor, Envelope
from referrals.people.facts import (
    AddressRecorded,
    BecameEarlierIdentity,
    BecameOwnIdentity,
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
from vault.access import Access, SealBroken

if TYPE_CHECKING:
    from chassis.runtime import Runtime

PURPOSE: Final = "match-index"
AT_ONCE: Final = 8
"""People whose traits are opened side by side."""

_MOVES: Final = (
    ChildDescribed,
    NameRecorded,
    BirthDateRecorded,
    IdentifierRecorded,
    AddressRecorded,
    IdentityParted,
    BecameEarlierIdentity,
    BecameOwnIdentity,
)
"""After these a person's tags are other ones."""

HEEDED: Final = Heeded("match-index", frozenset(each.__name__ for each in _MOVES), 200)

_log = logs.logger(__name__)


@dataclass(frozen=True, slots=True)
class Moved:
    """A person whose tags are to be made again, and the event that says so last."""

    tenant: UUID
    person: UUID
    cause: Envelope


class Indexing:
    """Makes tags anew as facts about people are recorded."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._room = asyncio.Semaphore(AT_ONCE)

    async def index(self, facts: Sequence[StoredEvent]) -> None:
        """Make the tags of everybody whom facts are about, then propose who shares enough."""
        moved = self._moved(facts)
        tags = await asyncio.gather(*(self._tags_of(each) for each in moved))
        made = [(each, held) for each, held in zip(moved, tags, strict=True) if held is not None]
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            async with connection.transaction():
                for each, held in made:
                    await keep(connection, each.tenant, each.person, held)
            for each, held in made:
                await self._propose(connection, each, held)

    def _moved(self, events: Iterable[StoredEvent]) -> list[Moved]:
        """Return each person of a page once, with the last event that moved him."""
        moved: dict[tuple[UUID, UUID], Moved] = {}
        for stored in events:
            fact = self._runtime.service.registry.decode(stored)
            person = fact.event.person
            moved[stored.tenant, person] = Moved(stored.tenant, person, fact.envelope)
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
            propose = ProposeMatch(pair, found.finding)
            await HEEDED.carry_out(self._runtime, moved.cause, propose, match_stream(pair))


async def keep_index(runtime: "Runtime") -> None:
    """Keep the index as the one leader, whenever it is this process's turn, until it is to end."""
    await HEEDED.lead(runtime, Indexing(runtime).index)


def _actor() -> Actor:
    return Actor(f"service:{SERVICE}", "service")
