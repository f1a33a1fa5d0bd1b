"""What a service does with a batch of records from others: commands first, then one transaction.

A record becomes commands with ids made from their cause, so a repeat is answered `duplicate`; then
`heard` and the writes to local read models are committed together; then the caller commits offsets.
A crash anywhere between repeats and changes nothing.

What cannot be applied parks its stream, and the others go on. A record whose stream cannot be read,
or that its owner never told, is a dead letter.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from chassis import crash
from chassis.acting import Act, Do, Heard, When
from chassis.commands.shell import Shell
from chassis.failures import TRANSIENT, Unavailable
from chassis.inward.beforehand import Beforehand
from chassis.inward.gaps import GrpcOwners, NotTheOwners, Owners, missing_records
from chassis.inward.inbox import Inbox, PostgresInbox
from chassis.inward.outcome import Outcome, Read, Stream
from chassis.inward.reading import Spoiled, Unreadable, read_record
from chassis.outward.records import Arrived, traceparent_of
from chassis.roles import Role
from chassis.running import logs, telemetry
from ledger import heard, parked
from ledger.decider import NotYet, Refusal
from ledger.envelope import Actor
from ledger.ids import caused_id
from ledger.side_by_side import side_by_side
from ledger.writes import Write

if TYPE_CHECKING:
    from chassis.runtime import Runtime

AT_ONCE = 128
"""Keys of a batch that are worked on at the same time, for the writer to coalesce."""

GAP = "Gap"
"""Why a stream waits of which versions are missing that its owner could not be asked for."""

_log = logs.logger(__name__)


@dataclass(slots=True)
class _Item:
    """One record of a batch, with what it asks for, or why that cannot be told."""

    found: Read
    record: Arrived
    asks: Sequence[Do | Write] | Exception


class Hearing:
    """Applies records for one service, which is the consumer."""

    def __init__(
        self, runtime: "Runtime", inbox: Inbox | None = None, owners: Owners | None = None
    ) -> None:
        self._shell = runtime.shell
        self._inbox = inbox or PostgresInbox(runtime)
        self._owners = owners or GrpcOwners(runtime)
        self.consumer = runtime.service.name
        self._hear = defaultdict(list)
        for each in runtime.service.subscriptions:
            self._hear[each.service].append(each.hear)
        self._room = asyncio.Semaphore(AT_ONCE)
        # Kept while somebody uses it, or waits for it.
        self._turns: WeakValueDictionary[Stream, asyncio.Lock] = WeakValueDictionary()

    async def batch(self, records: Sequence[Arrived]) -> None:
        """Apply a batch; returns when its effects and `heard` are committed.

        Raises TRANSIENT and Overtaken, after which the same batch may be tried again.
        """
        lanes: dict[bytes, list[_Item]] = defaultdict(list)
        unreadable: list[tuple[Arrived, str]] = []
        for record in records:
            try:
                found = _read(record)
            except Unreadable as error:
                unreadable.append((record, error.at))
            else:
                lanes[record.key or b""].append(_Item(found, record, self._asked_by(found)))
        items = [each for lane in lanes.values() for each in lane]
        before = await self._inbox.before(_streams(items), self._commands(items))
        outcome = Outcome(self.consumer, before.known, set(before.waiting))
        for record, at in unreadable:
            outcome.bury(record, at)
        store = Beforehand(self._shell.store, before.accepted, frozenset(self._commands(items)))
        shell = replace(self._shell, store=store)
        for lane in lanes.values():
            lane.sort(key=_place)
        await side_by_side(self._lane(lane, outcome, shell) for lane in lanes.values())
        crash.point("react.after-commands")
        crash.point("react.before-heard")
        await self._inbox.write(outcome)
        crash.point("react.after-heard")

    async def again(self, record: parked.ParkedRecord, known: Mapping[Stream, int]) -> Outcome:
        """Apply a record that waited, and those before it that never came.

        Where it must go on waiting the outcome has a reason for its stream. Raises whatever keeps
        it from being applied.
        """
        outcome = Outcome(self.consumer, known)
        where = (record.topic, record.partition, record.offset)
        arrived = Arrived(*where, record.key, record.value, record.headers)
        found = read_record(record.key, record.value, record.headers)
        if found.version > outcome.heard_to(found) + 1:
            for between, lost in await missing_records(
                self._owners, found, outcome.heard_to(found)
            ):
                await self._apply(self._item(between, lost), outcome, self._shell)
        await self._apply(self._item(found, arrived), outcome, self._shell)
        return outcome

    def _item(self, found: Read, record: Arrived) -> _Item:
        return _Item(found, record, self._asked_by(found))

    def _asked_by(self, found: Read) -> Sequence[Do | Write] | Exception:
        """Return what a record asks for; it is a pure function's answer, whenever it is asked."""
        if isinstance(found, Spoiled):
            return ()
        try:
            return [each for hear in self._hear[found.service] for each in hear(found)]
        except Exception as error:  # noqa: BLE001 # poison of any kind parks, and says which
            return error

    def _commands(self, items: Iterable[_Item]) -> list[tuple[UUID, UUID]]:
        """Return the commands that follow from records, by authority and id."""
        return [
            (ask.tenant or each.found.tenant, self._command_id(ask, each.found))
            for each in items
            if isinstance(each.found, Heard) and not isinstance(each.asks, Exception)
            for ask in each.asks
            if isinstance(ask, Do)
        ]

    def _command_id(self, do: Do, found: Heard) -> UUID:
        return caused_id(self.consumer, found.event_id, type(do.command).__name__, do.target)

    async def _lane(self, lane: Sequence[_Item], outcome: Outcome, shell: Shell) -> None:
        """Apply the records of one key in their order."""
        async with self._room:
            for each in lane:
                if each.found.version > outcome.heard_to(each.found):
                    await self._one(each, outcome, shell)

    async def _one(self, item: _Item, outcome: Outcome, shell: Shell) -> None:
        found = item.found
        waits = (found.tenant, found.stream_id) in outcome.waiting
        if not waits and found.version > outcome.heard_to(found) + 1:
            try:
                missing = await missing_records(self._owners, found, outcome.heard_to(found))
            except NotTheOwners:
                outcome.bury(item.record, "ce_sequence")
                return
            except Unavailable:
                # Its owner is away, or cannot tell: the others do not wait for that.
                _log.warning("gap not filled", event_type=found.type, version=found.version)
                outcome.park(found, item.record, GAP)
                return
            for between, lost in missing:
                await self._apply(self._item(between, lost), outcome, shell)
        await self._apply(item, outcome, shell)

    async def _apply(self, item: _Item, outcome: Outcome, shell: Shell) -> None:
        found = item.found
        if (found.tenant, found.stream_id) in outcome.waiting:
            outcome.park(found, item.record)
        else:
            reason = await self._effect(item, outcome, shell)
            if reason is not None:
                outcome.park(found, item.record, reason)
        outcome.hear(found)

    async def _effect(self, item: _Item, outcome: Outcome, shell: Shell) -> str | None:
        """Do what one record asks for; answer why it must be parked, if it must."""
        found = item.found
        if isinstance(found, Spoiled):
            _log.error("record parked", error="Unreadable", event_type=found.type)
            return f"unreadable {found.at}"
        if isinstance(item.asks, Exception):
            return _poison(found, item.asks)
        with telemetry.continued(traceparent_of(item.record.headers), f"hear {found.type}"):
            try:
                for ask in item.asks:
                    if isinstance(ask, Do):
                        await self._do(ask, found, outcome, shell)
            except NotYet as not_yet:
                return not_yet.code
            except TRANSIENT:
                raise
            except Exception as error:  # noqa: BLE001 # poison of any kind parks, and says which
                return _poison(found, error)
            writes = [each for each in item.asks if isinstance(each, Write)]
            if writes:
                outcome.applied.append((found, item.record, writes))
            return None

    async def _do(self, do: Do, found: Heard, outcome: Outcome, shell: Shell) -> None:
        tenant = do.tenant or found.tenant
        act = Act(
            command_id=self._command_id(do, found),
            tenant=tenant,
            scope=frozenset([tenant]),
            actor=Actor(f"service:{self.consumer}", Role.SERVICE.value),
            command=do.command,
            occurred=found.occurred if do.when is When.OF_CAUSE else None,
            correlation_id=found.correlation_id,
            causation_id=found.event_id,
        )
        # Commands for one stream take turns: each would else make all others be decided again.
        turn = self._turns.setdefault((tenant, do.target), asyncio.Lock())
        try:
            async with turn:
                await shell.execute(act)
        except NotYet:
            raise
        except Refusal as refusal:
            outcome.refused.append(
                heard.Refused(self.consumer, tenant, found.event_id, act.command_id, refusal.code)
            )


def _poison(found: Heard, error: Exception) -> str:
    """Tell of a record that nothing can be done with; answer why."""
    _log.error("record parked", error=type(error).__name__, event_type=found.type)
    return type(error).__name__


def _streams(items: Iterable[_Item]) -> list[Stream]:
    return list({(each.found.tenant, each.found.stream_id) for each in items})


def _place(item: _Item) -> tuple[str, int]:
    """Where a record stands: those of a key are of one partition of each topic."""
    return item.record.topic, item.record.offset


def _read(record: Arrived) -> Read:
    """Read a record of the topic it came from. Raises Unreadable."""
    found = read_record(record.key, record.value, record.headers)
    if record.topic != f"throughline.{found.service}.v1":
        raise Unreadable("ce_source")
    return found
