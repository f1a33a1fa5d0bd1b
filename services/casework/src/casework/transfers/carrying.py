"""The carrier: brings the copy of a record to the authority that holds the case now, once.

What is sealed with the one authority is opened at that moment, which is recorded there, and sealed
again under the keys of the other in the same breath; nothing of it stands anywhere in between. The
record behind stands still, so what is read is all there is. A carrier that dies is followed by
another, which begins anew: each command's id is made from the event by which the case arrived.
"""

import asyncio
import time
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from casework.streams import (
    SERVICE,
    concern_stream,
    incoming_transfer_stream,
    transfer_stream,
    transferred_record_stream,
)
from casework.transfers import incoming
from casework.transfers.codes import Part
from casework.transfers.commands import KeepCopy, NoteCopyComplete
from casework.transfers.incoming_list import CopyDue, copies_due
from casework.transfers.packet import Bound, chosen, entry, sealed_of
from casework.transfers.record import EntryCopied
from casework.urgent import concern
from casework.urgent.commands import RaiseConcern
from casework.urgent.concern_events import Source
from casework.urgent.concern_states import Acknowledged, Raised
from chassis.acting import Act
from chassis.failures import Conflicted, Unavailable
from chassis.followers.following import LeadershipLost
from chassis.roles import Role
from chassis.running import logs
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S
from ledger.envelope import Actor
from ledger.ids import caused_id
from ledger.personal import Plain
from ledger.store import READ_LIMIT
from vault.access import Access, KeyringUnavailable

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME: Final = "transfers-carrier"
ACTOR: Final = Actor(f"service:{SERVICE}", Role.SERVICE.value)
PURPOSE: Final = "transfer"
AT_ONCE: Final = 20
TOGETHER: Final = 100
"""Entries in one command."""

LOOK_EVERY_S = 0.5
REST_S = 15.0
STORE_PAUSE_S = 1.0

_STORE_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
    Unavailable,
)
_PASSING = (*_STORE_AWAY, Conflicted, KeyringUnavailable)

_log = logs.logger(__name__)


class Carrier:
    """Brings copies over, each to its end; one that fails rests and is tried again."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._shell = runtime.shell
        # Until when (monotonic seconds) a transfer is left alone.
        self._resting: dict[UUID, float] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Carry until told to stop."""
        pulse = self._runtime.pulse
        while not stopping.is_set():
            beat = pulse.beats
            try:
                await self.round()
            except _STORE_AWAY as error:
                _log.warning("transfers not read", error=type(error).__name__)
                await asyncio.sleep(STORE_PAUSE_S)
            await pulse.grown(beat, patience_s=LOOK_EVERY_S)

    async def round(self) -> None:
        """Carry over what is there to be carried."""
        now = time.monotonic()
        self._resting = {each: until for each, until in self._resting.items() if until > now}
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            found = await copies_due(connection, self._resting, AT_ONCE)
        for each in found:
            await self._one(each)

    async def _one(self, due: CopyDue) -> None:
        rest_s = STORE_PAUSE_S
        stream = incoming_transfer_stream(due.transfer_id)
        try:
            await self.carry(due)
        except _PASSING as error:
            _log.warning("transfer waits", stream_id=stream, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 # one transfer must not stop the others
            rest_s = REST_S
            _log.error("transfer not carried", stream_id=stream, **logs.described(error))
        # The read model follows the log by a moment: what was carried may still look due.
        self._resting[due.transfer_id] = time.monotonic() + rest_s

    async def carry(self, due: CopyDue) -> None:
        """Bring all that goes along, then note that it is whole."""
        state = await self._shell.state(
            due.tenant, incoming.DECIDER, incoming_transfer_stream(due.transfer_id)
        )
        if not isinstance(state, incoming.Received):
            return
        said = state.said
        categories = await self._shell.store.of_case(said.sent_by_authority, said.case_id)
        streams = chosen(categories, said.parts)
        entries = 0
        for stream, part in streams:
            entries += await self._stream(due, state, stream, part)
            if part is Part.SAFEGUARDING:
                await self._still_open(due, state, stream)
        leaf = await self._leaf(said.sent_by_authority, said.case_id, state.by)
        done = NoteCopyComplete(due.transfer_id, state.by, leaf, len(streams), entries)
        await self._do(due, done, "", incoming_transfer_stream(due.transfer_id))

    async def _stream(
        self, due: CopyDue, state: incoming.Received, stream: UUID, part: Part
    ) -> int:
        """Bring one stream; answer of how many entries."""
        said = state.said
        bound = Bound(due.transfer_id, said.case_id, said.child, part)
        copied = [
            each
            for stored in await self._all(said.sent_by_authority, stream)
            if (each := await self._entry(due, bound, stored)).part in said.parts
        ]
        target = transferred_record_stream(due.transfer_id, stream)
        for first in range(0, len(copied), TOGETHER):
            keep = KeepCopy(said.case_id, stream, tuple(copied[first : first + TOGETHER]))
            await self._do(due, keep, str(first), target)
        return len(copied)

    async def _entry(self, due: CopyDue, bound: Bound, stored: StoredEvent) -> EntryCopied:
        """Open what goes along of an entry, which is recorded first; what was shredded is none."""
        recorded = self._shell.registry.decode(stored)
        sealed = sealed_of(recorded.event)
        access = Access(
            ACTOR,
            PURPOSE,
            stored.tenant,
            case_id=bound.case_id,
            correlation_id=due.correlation_id,
        )
        values = await self._runtime.vault.open(list(sealed.values()), access)
        opened = {
            name: value
            for name, value in zip(sealed, values, strict=True)
            if isinstance(value, str)
        }
        return entry(bound, stored, recorded, opened)

    async def _all(self, tenant: UUID, stream: UUID) -> list[StoredEvent]:
        found: list[StoredEvent] = []
        while page := await self._shell.store.read(tenant, stream, len(found), READ_LIMIT):
            found += page
        return found

    async def _still_open(self, due: CopyDue, state: incoming.Received, stream: UUID) -> None:
        """Raise here, anew, a concern that was open there: nobody must think another acts on it."""
        said = state.said
        found = await self._shell.state(said.sent_by_authority, concern.DECIDER, stream)
        if not isinstance(found, Raised | Acknowledged):
            return
        words = "It was open where the case comes from: see what came with the case."
        concern_id = found.known.concern_id
        again = RaiseConcern(
            concern_id, said.child, None, said.case_id, Source.AGENCY, Plain(words)
        )
        await self._do(due, again, "", concern_stream(concern_id))

    async def _leaf(self, tenant: UUID, case_id: UUID, by: UUID) -> str:
        """Return the leaf hash of the event by which custody passed, as it stands in its log."""
        told = await self._all(tenant, transfer_stream(case_id))
        return next(each.leaf_hash.hex() for each in told if each.event_id == by)

    async def _do(self, due: CopyDue, command: object, part: str, target: UUID) -> None:
        kind = f"{type(command).__name__}{part}"
        await self._shell.execute(
            Act(
                command_id=caused_id(SERVICE, due.received_by, kind, target),
                tenant=due.tenant,
                scope=frozenset([due.tenant]),
                actor=ACTOR,
                command=command,
                correlation_id=due.correlation_id,
                causation_id=due.received_by,
            )
        )


async def carry_transfers(runtime: "Runtime") -> None:
    """Carry as the one leader, whenever it is this process's turn, until it is asked to end."""
    while not runtime.stopping.is_set():
        try:
            async with runtime.leadership(NAME):
                await Carrier(runtime).run(runtime.stopping)
        except* LeadershipLost:
            _log.warning("leadership lost", name=NAME)
