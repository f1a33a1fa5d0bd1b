"""Events handed over as records; the streams of those that cannot be wait, and are tried again."""

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from opentelemetry.trace import SpanKind

from chassis.commands.own_events import RELAY
from chassis.outward.records import TopicRecord, event_name, to_record, traceparent_of
from chassis.running import logs, telemetry
from ledger import parked
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection
from ledger.parked import BEHIND, ParkedRecord

if TYPE_CHECKING:
    import asyncio

    from chassis.runtime import Runtime

EVERY_S = 1.0
"""Between two looks whether a stream is to be tried again."""

RECORDS = 100
"""Records of one stream that are tried in one go."""

Acknowledged: TypeAlias = "asyncio.Future[object]"

_log = logs.logger(__name__)


class Unsendable(Exception):  # noqa: N818 # named for the event
    """An event cannot be a record; the words are the kind of the fault."""


class Post:
    """Hands records over to a producer; the caller waits for the acknowledgement."""

    def __init__(self, runtime: "Runtime", sender: AIOKafkaProducer) -> None:
        self._service = runtime.service
        self._sender = sender

    async def event(self, stored: StoredEvent) -> Acknowledged:
        """Hand an event over. Raises Unsendable, KafkaError."""
        try:
            record = to_record(self._service, stored)
        except Exception as error:
            # A service's own words for it, or an event that it no longer knows.
            raise Unsendable(type(error).__name__) from error
        return await self.record(record)

    async def record(self, record: TopicRecord) -> Acknowledged:
        """Hand a record over. Raises Unsendable, KafkaError."""
        parent = telemetry.valid_traceparent(traceparent_of(record.headers))
        try:
            with telemetry.span(f"relay {event_name(record.headers)}", parent, SpanKind.PRODUCER):
                acknowledged: Acknowledged = await self._sender.send(
                    self._service.topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                )
                return acknowledged
        except MessageSizeTooLargeError as error:
            raise Unsendable(type(error).__name__) from error


async def refused_as(handed: Acknowledged) -> str | None:
    """Wait for an acknowledgement; answer why the broker will never give it, if so.

    Raises KafkaError where another try may succeed.
    """
    try:
        await handed
    except MessageSizeTooLargeError as error:
        return type(error).__name__
    return None


class Unsent:
    """The streams of which an event could not be sent."""

    def __init__(self, runtime: "Runtime", post: Post) -> None:
        self._runtime = runtime
        self._post = post
        self._look_at = 0.0

    async def blocked(self, events: Iterable[StoredEvent]) -> set[tuple[UUID, UUID]]:
        """Return which of the events' streams wait."""
        streams = list({(event.tenant, event.stream_id) for event in events})
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.parked_streams(connection, RELAY, streams)

    async def park(self, connection: Connection, unsent: Sequence[tuple[StoredEvent, str]]) -> None:
        """Let events wait, inside the caller's transaction; the first of each stream is told of."""
        reasons: dict[tuple[UUID, UUID], str] = {}
        for event, reason in unsent:
            if reason != BEHIND:
                reasons.setdefault((event.tenant, event.stream_id), reason)
                about = {"event_type": event.type, "position": event.position}
                _log.error("event cannot be sent", error=reason, **about)
        await parked.add(connection, [self._waiting(event) for event, _ in unsent], reasons)

    async def try_again(self) -> None:
        """Send what waits in the stream whose pause is over, if it is time to look."""
        if time.monotonic() < self._look_at:
            return
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            due = await parked.next_due(connection, RELAY)
            if due is None:
                self._look_at = time.monotonic() + EVERY_S
                return
            waiting = await parked.records(connection, RELAY, due.tenant, due.stream_id, RECORDS)
        for each in waiting:
            if self._runtime.stopping.is_set() or not await self._sent(each):
                return

    async def _sent(self, waiting: ParkedRecord) -> bool:
        try:
            reason = await refused_as(await self._again(waiting))
        except Unsendable as cannot:
            reason = str(cannot)
        stream = (waiting.consumer, waiting.tenant, waiting.stream_id)
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            if reason is not None:
                await parked.attempted(connection, *stream, reason)
            else:
                await parked.remove(connection, waiting)
        return reason is None

    async def _again(self, waiting: ParkedRecord) -> Acknowledged:
        """Hand over what was laid down for it, else what its event is now."""
        if waiting.key is not None:
            return await self._post.record(TopicRecord(waiting.key, waiting.value, waiting.headers))
        [stored] = await self._runtime.shell.store.read(
            waiting.tenant, waiting.stream_id, after_version=waiting.version - 1, limit=1
        )
        return await self._post.event(stored)

    def _waiting(self, event: StoredEvent) -> ParkedRecord:
        return ParkedRecord(
            consumer=RELAY,
            tenant=event.tenant,
            stream_id=event.stream_id,
            version=event.version,
            topic=self._runtime.service.topic,
            partition=-1,
            offset=event.position,
            # Made when it is tried: by then it may be another.
            key=None,
            value=None,
            headers=(),
            event_id=event.event_id,
            type=event.type,
        )
