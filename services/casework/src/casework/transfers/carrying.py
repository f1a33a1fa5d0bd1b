"""The carrier: brings the copy of a record to the authority that holds the case now, once.

What is sealed with the one authority is opened at that moment, which is recorded there, and sealed
again under the keys of the other in the same breath; nothing of it stands anywhere in between. The
record behind stands still, so what is read is all there is. A carrier that dies is followed by
another, which begins anew: each command's id is made from the event by which the case arrived.
"""

from typing import TYPE_CHECKING, Final
from uuid import UUID

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
from chassis.followers.errands import Errands
from chassis.roles import Role
from ledger.commands import StoredEvent
from ledger.envelope import Actor
from ledger.ids import caused_id
from ledger.personal import Plain
from ledger.store import READ_LIMIT
from vault.access import Access

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME: Final = "transfers-carrier"
ACTOR: Final = Actor(f"service:{SERVICE}", Role.SERVICE.value)
PURPOSE: Final = "transfer"
TOGETHER: Final = 100
"""Entries in one command."""


class Carrier:
    """Brings copies over, each to its end."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._shell = runtime.shell

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


def errands(runtime: "Runtime") -> Errands[CopyDue]:
    """Return the copies that are to be brought, as errands of this process."""
    return Errands(
        runtime,
        NAME,
        copies_due,
        lambda due: due.transfer_id,
        incoming_transfer_stream,
        Carrier(runtime).carry,
    )


async def carry_transfers(runtime: "Runtime") -> None:
    """Carry as the one leader, whenever it is this process's turn, until it is asked to end."""
    await errands(runtime).go_on()
