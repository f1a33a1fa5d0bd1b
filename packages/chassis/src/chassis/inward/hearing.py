"""What a service does with a batch of records from others: commands first, then one transaction.

A record becomes commands with ids made from their cause, so a repeat is answered `duplicate`; then
`heard` and the writes to local read models are committed together; then the caller commits offsets.
A crash anywhere between repeats and changes nothing.

What cannot be applied parks its stream, and the others go on. A record whose stream cannot be read,
or that its owner never told, is a dead letter.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from chassis import crash
from chassis.acting import Act, Do, Heard
from chassis.failures import TRANSIENT, Unavailable
from chassis.inward.gaps import NotTheOwners, missing_records
from chassis.inward.outcome import Outcome, Read, Stream
from chassis.inward.reading import Spoiled, Unreadable, read_record
from chassis.outward.records import Arrived, traceparent_of
from chassis.roles import Role
from chassis.running import logs, telemetry
from ledger import heard, parked
from ledger.connect import ACQUIRE_S
from ledger.decider import NotYet, Refusal
from ledger.envelope import Actor
from ledger.ids import caused_id
from ledger.writes import Write

if TYPE_CHECKING:
    from chassis.runtime import Runtime

AT_ONCE = 64
"""Keys of a batch that are worked on at the same time, for the writer to coalesce."""

GAP = "Gap"
"""Why a stream waits of which versions are missing that its owner could not be asked for."""

_log = logs.logger(__name__)


class Hearing:
    """Applies records for one service, which is the consumer."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
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
        by_stream: dict[Stream, list[tuple[Read, Arrived]]] = defaultdict(list)
        by_key: dict[bytes, list[Stream]] = defaultdict(list)
        unreadable: list[tuple[Arrived, str]] = []
        for record in records:
            try:
                found = _read(record)
            except Unreadable as error:
                unreadable.append((record, error.at))
                continue
            stream = (found.tenant, found.stream_id)
            if stream not in by_stream:
                by_key[record.key or b""].append(stream)
            by_stream[stream].append((found, record))
        outcome = await self._begin(list(by_stream))
        for record, at in unreadable:
            outcome.bury(record, at)
        async with asyncio.TaskGroup() as tasks:
            for lane in _in_order(by_key, by_stream):
                tasks.create_task(self._lane(lane, outcome))
        crash.point("react.after-commands")
        async with (
            self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection,
            connection.transaction(),
        ):
            await outcome.write(connection)
            crash.point("react.before-heard")
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
                self._runtime, found, outcome.heard_to(found)
            ):
                await self._apply(between, lost, outcome)
        await self._apply(found, arrived, outcome)
        return outcome

    async def _begin(self, streams: list[Stream]) -> Outcome:
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            known = await heard.known(connection, self.consumer, streams)
            waiting = await parked.parked_streams(connection, self.consumer, streams)
        return Outcome(self.consumer, known, waiting)

    async def _lane(self, lane: Sequence[tuple[Read, Arrived]], outcome: Outcome) -> None:
        """Apply the records of one key in their order."""
        async with self._room:
            for found, record in lane:
                if found.version > outcome.heard_to(found):
                    await self._one(found, record, outcome)

    async def _one(self, found: Read, record: Arrived, outcome: Outcome) -> None:
        waits = (found.tenant, found.stream_id) in outcome.waiting
        if not waits and found.version > outcome.heard_to(found) + 1:
            try:
                missing = await missing_records(self._runtime, found, outcome.heard_to(found))
            except NotTheOwners:
                outcome.bury(record, "ce_sequence")
                return
            except Unavailable:
                # Its owner is away, or cannot tell: the others do not wait for that.
                _log.warning("gap not filled", event_type=found.type, version=found.version)
                outcome.park(found, record, GAP)
                return
            for between, lost in missing:
                await self._apply(between, lost, outcome)
        await self._apply(found, record, outcome)

    async def _apply(self, found: Read, record: Arrived, outcome: Outcome) -> None:
        if (found.tenant, found.stream_id) in outcome.waiting:
            outcome.park(found, record)
        else:
            reason = await self._effect(found, record, outcome)
            if reason is not None:
                outcome.park(found, record, reason)
        outcome.hear(found)

    async def _effect(self, found: Read, record: Arrived, outcome: Outcome) -> str | None:
        """Do what one record asks for; answer why it must be parked, if it must."""
        if isinstance(found, Spoiled):
            _log.error("record parked", error="Unreadable", event_type=found.type)
            return f"unreadable {found.at}"
        with telemetry.continued(traceparent_of(record.headers), f"hear {found.type}"):
            try:
                writes: list[Write] = []
                for hear in self._hear[found.service]:
                    for effect in hear(found):
                        if isinstance(effect, Write):
                            writes.append(effect)
                        else:
                            await self._do(effect, found, outcome)
            except NotYet as not_yet:
                return not_yet.code
            except TRANSIENT:
                raise
            except Exception as error:  # noqa: BLE001 # poison of any kind parks, and says which
                _log.error("record parked", error=type(error).__name__, event_type=found.type)
                return type(error).__name__
            if writes:
                outcome.applied.append((found, record, writes))
            return None

    async def _do(self, do: Do, found: Heard, outcome: Outcome) -> None:
        tenant = do.tenant or found.tenant
        kind = type(do.command).__name__
        act = Act(
            command_id=caused_id(self.consumer, found.event_id, kind, do.target),
            tenant=tenant,
            scope=frozenset([tenant]),
            actor=Actor(f"service:{self.consumer}", Role.SERVICE.value),
            command=do.command,
            occurred=found.occurred,
            correlation_id=found.correlation_id,
            causation_id=found.event_id,
        )
        # Commands for one stream take turns: each would else make all others be decided again.
        turn = self._turns.setdefault((tenant, do.target), asyncio.Lock())
        try:
            async with turn:
                await self._runtime.shell.execute(act)
        except NotYet:
            raise
        except Refusal as refusal:
            outcome.refused.append(
                heard.Refused(self.consumer, tenant, found.event_id, act.command_id, refusal.code)
            )


def _read(record: Arrived) -> Read:
    """Read a record of the topic it came from. Raises Unreadable."""
    found = read_record(record.key, record.value, record.headers)
    if record.topic != f"throughline.{found.service}.v1":
        raise Unreadable("ce_source")
    return found


def _in_order(
    by_key: dict[bytes, list[Stream]], by_stream: dict[Stream, list[tuple[Read, Arrived]]]
) -> list[list[tuple[Read, Arrived]]]:
    """Return a lane for each key: its streams' records in the order of the topic."""
    return [
        sorted(
            (each for stream in streams for each in by_stream[stream]),
            key=lambda pair: (pair[1].topic, pair[1].offset),
        )
        for streams in by_key.values()
    ]
