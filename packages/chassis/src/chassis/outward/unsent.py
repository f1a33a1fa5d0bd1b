"""The streams of which an event could not be sent: they wait, and are tried again."""

import asyncio
from collections.abc import Sequence

from aiokafka.errors import MessageSizeTooLargeError

from chassis.commands.own_events import RELAY
from chassis.outward.broker import Acknowledged, Broker, Unsendable
from chassis.outward.outbox import Outbox
from chassis.outward.records import TopicRecord, to_record
from chassis.running import logs
from chassis.service import Service
from ledger.commands import StoredEvent
from ledger.heard import Stream
from ledger.parked import BEHIND, ParkedRecord
from ledger.store import Store

EVERY_S = 1.0
"""Between two looks whether a stream is to be tried again."""

RECORDS = 100
"""Records of one stream that are tried in one go."""

_log = logs.logger(__name__)


def record_of(service: Service, broker: Broker, stored: StoredEvent) -> TopicRecord:
    """Make the record of an event. Raises Unsendable."""
    try:
        record = to_record(service, stored)
    except Exception as error:
        # A service's own words for it, or an event that it no longer knows.
        raise Unsendable(type(error).__name__) from error
    broker.check(record)
    return record


async def refused_as(handed: Acknowledged) -> str | None:
    """Wait for an acknowledgement; answer why the broker will never give it, if so.

    Raises KafkaError where another try may succeed.
    """
    try:
        await handed
    except MessageSizeTooLargeError as error:
        return type(error).__name__
    return None


def waiting(service: Service, event: StoredEvent) -> ParkedRecord:
    """Say of an event that it waits."""
    return ParkedRecord(
        consumer=RELAY,
        tenant=event.tenant,
        stream_id=event.stream_id,
        version=event.version,
        topic=service.topic,
        partition=-1,
        offset=event.position,
        # Made when it is tried: by then it may be another.
        key=None,
        value=None,
        headers=(),
        event_id=event.event_id,
        type=event.type,
    )


def reasons_of(unsent: Sequence[tuple[StoredEvent, str]]) -> dict[Stream, str]:
    """Return why streams wait, of those that did not before; each is told of."""
    reasons: dict[Stream, str] = {}
    for event, reason in unsent:
        if reason != BEHIND:
            reasons.setdefault((event.tenant, event.stream_id), reason)
            about = {"event_type": event.type, "position": event.position}
            _log.error("event cannot be sent", error=reason, **about)
    return reasons


class Unsent:
    """Tries again what waits, and knows behind which streams others must."""

    def __init__(self, service: Service, store: Store, broker: Broker, outbox: Outbox) -> None:
        self._service = service
        self._store = store
        self._broker = broker
        self._outbox = outbox
        # Until the first look: as if some did.
        self._some_wait = True
        self._look_at = 0.0
        # Found since the last look; it may be that they are not written down yet.
        self._found: set[Stream] = set()

    @property
    def is_due(self) -> bool:
        """Whether it is time to look. Nobody looks while nothing waits."""
        return self._some_wait and asyncio.get_running_loop().time() >= self._look_at

    def add(self, stream: Stream) -> None:
        """Let a stream wait from now on."""
        self._some_wait = True
        self._found.add(stream)

    async def blocked(self, events: Sequence[StoredEvent]) -> set[Stream]:
        """Return the streams of the events that wait."""
        if not self._some_wait:
            return set()
        streams = {(each.tenant, each.stream_id) for each in events}
        return await self._outbox.blocked(list(streams)) | (self._found & streams)

    async def try_again(self, stopping: asyncio.Event) -> None:
        """Send what waits in the stream whose pause is over.

        Asked for when all that was handed over is settled: what waits is written down by then.
        """
        self._found.clear()
        due = await self._outbox.next_due()
        if due is None:
            self._some_wait = await self._outbox.any_waits()
            self._look_at = asyncio.get_running_loop().time() + EVERY_S
            return
        for each in await self._outbox.waiting(due, RECORDS):
            if stopping.is_set() or not await self._sent(each):
                return

    async def _sent(self, record: ParkedRecord) -> bool:
        try:
            [handed] = await self._broker.send([await self._again(record)])
            reason = await refused_as(handed)
        except Unsendable as cannot:
            reason = str(cannot)
        if reason is None:
            await self._outbox.sent(record)
        else:
            await self._outbox.attempted(record, reason)
        return reason is None

    async def _again(self, record: ParkedRecord) -> TopicRecord:
        """Return what was laid down for it, else what its event is now. Raises Unsendable."""
        if record.key is not None:
            return TopicRecord(record.key, record.value, record.headers)
        [stored] = await self._store.read(
            record.tenant, record.stream_id, after_version=record.version - 1, limit=1
        )
        return record_of(self._service, self._broker, stored)
