"""The relay: every stored event becomes one record of the service's topic, in order per key.

One leader, one sending task. A page is handed to the producer record by record without waiting for
each; the checkpoint moves over the highest contiguous acknowledged event. After any send error the
producer is made anew and sending goes on behind the checkpoint: a record may come twice, none is
lost, and none overtakes another of its key.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from chassis import crash, logs, parking
from chassis.following import wait_for_news
from chassis.records import to_record
from ledger import checkpoints
from ledger.checkpoints import Lease
from ledger.commands import StoredEvent
from ledger.feed import Cursor

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME = "relay"
PAGE = 2_000
LARGEST_BYTES = 1_000_000
PAUSE_S = 0.5

_log = logs.logger(__name__)


def producer(kafka: str) -> AIOKafkaProducer:
    """Make an idempotent producer that waits for all in-sync replicas."""
    return AIOKafkaProducer(
        bootstrap_servers=kafka,
        enable_idempotence=True,
        acks="all",
        linger_ms=5,
        max_batch_size=256 * 1024,
        max_request_size=LARGEST_BYTES + 50_000,
        compression_type="lz4",
        request_timeout_ms=10_000,
    )


async def relay(runtime: "Runtime") -> None:
    """Send until the process is asked to end."""
    async with runtime.leadership(NAME) as lease:
        while not runtime.stopping.is_set():
            sender = producer(runtime.settings.kafka)
            try:
                await sender.start()
                await _send_all(runtime, sender, lease)
            except (KafkaError, TimeoutError, OSError) as error:
                _log.warning("relay interrupted", error=type(error).__name__)
                await asyncio.sleep(PAUSE_S)
            finally:
                await sender.stop()


async def _send_all(runtime: "Runtime", sender: AIOKafkaProducer, lease: Lease) -> None:
    """Send page after page from the checkpoint on; raises at the first record that fails."""
    async with runtime.worker_pool.acquire(timeout=5) as connection:
        checkpoint = await checkpoints.resume(connection, lease)
    cursor, seen_to = checkpoint.cursor, checkpoint.seen_to
    while not runtime.stopping.is_set():
        beat = runtime.pulse.beats
        page = await runtime.feed.page(cursor, PAGE)
        if page.events:
            sent = await _send_page(runtime, sender, page.events)
            crash.point("relay.after-publish")
            end = _end(cursor, page.events[: sent.acknowledged])
            # Short of its end, a page has not been seen to its end.
            reached = page.seen_to if sent.failure is None else end.position
            await _advance(runtime, lease, cursor, end, reached)
            if sent.failure is not None:
                raise sent.failure
            cursor, seen_to = end, page.seen_to
        else:
            if page.seen_to > seen_to:
                await _advance(runtime, lease, cursor, cursor, page.seen_to)
                seen_to = page.seen_to
            await wait_for_news(runtime.pulse, beat, page.seen_to)


@dataclass(frozen=True, slots=True)
class _Sent:
    """How many records, from the page's first on without a gap, are acknowledged."""

    acknowledged: int
    failure: KafkaError | None


async def _send_page(
    runtime: "Runtime", sender: AIOKafkaProducer, events: Sequence[StoredEvent]
) -> _Sent:
    waiting: list[asyncio.Future[object] | None] = []
    failure: KafkaError | None = None
    blocked = await parking.parked_streams(runtime, NAME, events)
    for event in events:
        record = to_record(runtime.service, event)
        if (event.tenant, event.stream_id) in blocked or len(record.value or b"") > LARGEST_BYTES:
            await parking.park_unsendable(runtime, NAME, event)
            blocked.add((event.tenant, event.stream_id))
            waiting.append(None)
            continue
        try:
            waiting.append(
                await sender.send(
                    runtime.service.topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                )
            )
        except MessageSizeTooLargeError:
            await parking.park_unsendable(runtime, NAME, event)
            blocked.add((event.tenant, event.stream_id))
            waiting.append(None)
        except KafkaError as error:
            failure = error
            break
    acknowledged = 0
    for each in waiting:
        try:
            if each is not None:
                await each
        except KafkaError as error:
            failure = error
            break
        acknowledged += 1
    return _Sent(acknowledged, failure)


def _end(cursor: Cursor, events: Sequence[StoredEvent]) -> Cursor:
    return Cursor(events[-1].position, events[-1].event_id) if events else cursor


async def _advance(
    runtime: "Runtime", lease: Lease, since: Cursor, to: Cursor, seen_to: int
) -> None:
    async with runtime.follower_pool.acquire(timeout=5) as connection, connection.transaction():
        await checkpoints.advance(connection, lease, since, to, seen_to)
