"""What a service does with a batch of records from others: commands first, then one transaction.

A record becomes commands with ids made from their cause, so a repeat is answered `duplicate`; then
`heard` and the writes to local read models are committed together; then the caller commits offsets.
A crash anywhere between repeats and changes nothing.

What cannot be applied parks its stream, and the others go on. A record whose stream cannot be read,
or that its owner never told, is a dead letter.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from chassis import crash, logs, telemetry
from chassis.acting import Act, Do, Heard
from chassis.failures import Conflicted, Unavailable
from chassis.gaps import NotTheOwners, missing_records
from chassis.outcome import Outcome, Read, Stream
from chassis.records import Arrived, Spoiled, Unreadable, read_record, traceparent_of
from chassis.roles import Role
from ledger import heard, parked
from ledger.decider import NotYet, Refusal
from ledger.envelope import Actor
from ledger.ids import caused_id
from ledger.writes import Write

if TYPE_CHECKING:
    from chassis.runtime import Runtime

AT_ONCE = 64
"""Streams of a batch that are worked on at the same time, for the writer to coalesce."""

TRANSIENT = (Unavailable, Conflicted, TimeoutError, OSError)
"""What is tried again with the whole batch; anything else parks the stream."""


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
        """Apply a batch; returns when its effects and `heard` are committed. Raises TRANSIENT."""
        outcome = Outcome(self.consumer)
        by_stream: dict[Stream, list[tuple[Read, Arrived]]] = defaultdict(list)
        by_key: dict[bytes, list[Stream]] = defaultdict(list)
        for record in records:
            try:
                found = _read(record)
            except Unreadable as unreadable:
                outcome.bury(record, unreadable.at)
                continue
            stream = (found.tenant, found.stream_id)
            if stream not in by_stream:
                by_key[record.key or b""].append(stream)
            by_stream[stream].append((found, record))
        async with self._runtime.worker_pool.acquire(timeout=5) as connection:
            known = await heard.known(connection, self.consumer, list(by_stream))
            waiting = await parked.parked_streams(connection, self.consumer, list(by_stream))
        ordered = _in_order(by_key, by_stream)
        async with asyncio.TaskGroup() as tasks:
            for lane in ordered:
                tasks.create_task(self._lane(lane, known, waiting, outcome))
        crash.point("react.after-commands")
        async with (
            self._runtime.worker_pool.acquire(timeout=5) as connection,
            connection.transaction(),
        ):
            await outcome.write(connection)
        crash.point("react.after-heard")

    async def _lane(
        self,
        lane: Sequence[tuple[Read, Arrived]],
        known: dict[Stream, int],
        waiting: set[Stream],
        outcome: Outcome,
    ) -> None:
        """Apply the records of one key in their order."""
        async with self._room:
            for found, record in lane:
                await self._one(found, record, known, waiting, outcome)

    async def _one(
        self,
        found: Read,
        record: Arrived,
        known: dict[Stream, int],
        waiting: set[Stream],
        outcome: Outcome,
    ) -> None:
        stream = (found.tenant, found.stream_id)
        if found.version <= known.get(stream, 0):
            return
        if stream in waiting:
            outcome.park(found, record)
            known[stream] = outcome.advanced[stream] = found.version
            return
        if found.version > known.get(stream, 0) + 1:
            try:
                missing = await missing_records(self._runtime, found, known.get(stream, 0))
            except NotTheOwners:
                outcome.bury(record, "ce_sequence")
                return
            for between, lost in missing:
                await self._apply(between, lost, waiting, outcome)
                known[stream] = between.version
        await self._apply(found, record, waiting, outcome)
        known[stream] = found.version

    async def _apply(
        self, found: Read, record: Arrived, waiting: set[Stream], outcome: Outcome
    ) -> None:
        stream = (found.tenant, found.stream_id)
        if stream in waiting:
            outcome.park(found, record)
        else:
            reason = await self.effect(found, record, outcome)
            if reason is not None:
                waiting.add(stream)
                outcome.park(found, record, reason)
        outcome.advanced[stream] = found.version

    async def effect(self, found: Read, record: Arrived, outcome: Outcome) -> str | None:
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
