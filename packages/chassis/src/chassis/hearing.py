"""What a service does with a batch of records from others: commands first, then one transaction.

A record becomes commands with ids made from their cause, so a repeat is answered `duplicate`; then
`heard` and the writes to local read models are committed together; then the caller commits offsets.
A crash anywhere between repeats and changes nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from chassis import crash, logs, telemetry
from chassis.acting import Act, Do, Heard
from chassis.failures import Conflicted, Unavailable
from chassis.gaps import missing_records
from chassis.records import Arrived, Unreadable, to_heard, traceparent_of
from chassis.roles import Role
from ledger import heard, parked
from ledger.connect import Connection
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

Stream = tuple[UUID, UUID]

_log = logs.logger(__name__)


@dataclass(slots=True)
class Outcome:
    """What a batch came to, to be written in one transaction."""

    writes: list[Write] = field(default_factory=list)
    advanced: dict[Stream, int] = field(default_factory=dict)
    refused: list[heard.Refused] = field(default_factory=list)
    to_park: list[parked.ParkedRecord] = field(default_factory=list)
    reasons: dict[Stream, str] = field(default_factory=dict)
    dead: list[parked.DeadLetter] = field(default_factory=list)


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
        outcome = Outcome()
        by_stream: dict[Stream, list[tuple[Heard, Arrived]]] = defaultdict(list)
        by_key: dict[bytes, list[Stream]] = defaultdict(list)
        for record in records:
            try:
                found = to_heard(record.key, record.value, record.headers)
            except Unreadable as unreadable:
                outcome.dead.append(_dead(record, unreadable.at))
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
            await self.write(connection, outcome)
        crash.point("react.after-heard")

    async def _lane(
        self,
        lane: Sequence[tuple[Heard, Arrived]],
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
        found: Heard,
        record: Arrived,
        known: dict[Stream, int],
        waiting: set[Stream],
        outcome: Outcome,
    ) -> None:
        stream = (found.tenant, found.stream_id)
        if found.version <= known.get(stream, 0):
            return
        if stream in waiting:
            outcome.to_park.append(_to_park(self.consumer, found, record))
            known[stream] = outcome.advanced[stream] = found.version
            return
        if found.version > known.get(stream, 0) + 1:
            for between, lost in await missing_records(self._runtime, found, known.get(stream, 0)):
                await self._apply(between, lost, waiting, outcome)
                known[stream] = between.version
        await self._apply(found, record, waiting, outcome)
        known[stream] = found.version

    async def _apply(
        self, found: Heard, record: Arrived, waiting: set[Stream], outcome: Outcome
    ) -> None:
        stream = (found.tenant, found.stream_id)
        if stream in waiting:
            outcome.to_park.append(_to_park(self.consumer, found, record))
        else:
            reason = await self.effect(found, record, outcome)
            if reason is not None:
                waiting.add(stream)
                outcome.to_park.append(_to_park(self.consumer, found, record))
                outcome.reasons[stream] = reason
        outcome.advanced[stream] = found.version

    async def effect(self, found: Heard, record: Arrived, outcome: Outcome) -> str | None:
        """Do what one record asks for; answer why it must be parked, if it must."""
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
            outcome.writes.extend(writes)
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

    async def write(self, connection: Connection, outcome: Outcome) -> None:
        """Write what a batch came to, inside the caller's transaction."""
        for write in outcome.writes:
            await connection.execute(write.statement.sql, *write.arguments)
        await heard.advance(connection, self.consumer, outcome.advanced)
        await heard.add_refused(connection, outcome.refused)
        await parked.add(connection, outcome.to_park, outcome.reasons)
        await parked.add_dead_letters(connection, outcome.dead)


def _in_order(
    by_key: dict[bytes, list[Stream]], by_stream: dict[Stream, list[tuple[Heard, Arrived]]]
) -> list[list[tuple[Heard, Arrived]]]:
    """Return a lane for each key: its streams' records in the order of the topic."""
    return [
        sorted(
            (each for stream in streams for each in by_stream[stream]),
            key=lambda pair: (pair[1].topic, pair[1].offset),
        )
        for streams in by_key.values()
    ]


def _to_park(consumer: str, found: Heard, record: Arrived) -> parked.ParkedRecord:
    return parked.ParkedRecord(
        consumer=consumer,
        tenant=found.tenant,
        stream_id=found.stream_id,
        version=found.version,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=record.headers,
        event_id=found.event_id,
        type=found.type,
    )


def _dead(record: Arrived, at: str) -> parked.DeadLetter:
    return parked.DeadLetter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=record.headers,
        reason=at,
    )
