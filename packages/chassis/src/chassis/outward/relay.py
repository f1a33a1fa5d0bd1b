"""The relay: every stored event becomes one record of the service's topic, in order per key.

One leader, one sending task. A page is handed to the producer record by record without waiting for
each; the checkpoint moves over the highest contiguous acknowledged event. After any send error the
producer is made anew and sending goes on behind the checkpoint: a record may come twice, none is
lost, and none overtakes another of its key.

An event that can never be a record parks its stream, with an alert, and the others flow. The same
task tries it again, with growing pauses.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis import crash
from chassis.commands.own_events import RELAY
from chassis.followers.following import PAGE, pause, wait_for_news
from chassis.outward.unsent import Acknowledged, Post, Unsendable, Unsent, refused_as
from chassis.running import logs
from ledger import checkpoints
from ledger.checkpoints import Lease
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S
from ledger.feed import Cursor
from ledger.parked import BEHIND

if TYPE_CHECKING:
    from chassis.runtime import Runtime

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
        max_request_size=LARGEST_BYTES,
        compression_type="lz4",
        request_timeout_ms=10_000,
    )


async def relay(runtime: "Runtime") -> None:
    """Send until the process is asked to end."""
    async with runtime.leadership(RELAY) as lease:
        while not runtime.stopping.is_set():
            sender = producer(runtime.settings.kafka)
            try:
                await sender.start()
                await Sending(runtime, sender, lease).run()
            except (KafkaError, TimeoutError, OSError) as error:
                _log.warning("relay interrupted", error=type(error).__name__)
                await pause(runtime.stopping, PAUSE_S)
            finally:
                await sender.stop()


@dataclass(slots=True)
class _Sent:
    """What became of a page: how many events, from its first on without a gap, are done with."""

    done: int = 0
    failure: KafkaError | None = None
    # Those of them that cannot be sent, and why; the others queue behind one of these.
    to_park: list[tuple[StoredEvent, str]] = field(default_factory=list)


class Sending:
    """Sends from the checkpoint on with one producer, until a record fails."""

    def __init__(self, runtime: "Runtime", sender: AIOKafkaProducer, lease: Lease) -> None:
        self._runtime = runtime
        self._post = Post(runtime, sender)
        self._unsent = Unsent(runtime, self._post)
        self._lease = lease

    async def run(self) -> None:
        """Send page after page; raises KafkaError at the first record that fails."""
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            checkpoint = await checkpoints.resume(connection, self._lease)
        cursor, seen_to = checkpoint.cursor, checkpoint.seen_to
        while not self._runtime.stopping.is_set():
            beat = self._runtime.pulse.beats
            await self._unsent.try_again()
            page = await self._runtime.feed.page(cursor, PAGE)
            if page.events:
                crash.point("relay.before-publish")
                sent = await self._send_page(page.events)
                crash.point("relay.after-publish")
                end = _end(cursor, page.events[: sent.done])
                # Short of its end, a page has not been seen to its end.
                reached = page.seen_to if sent.failure is None else end.position
                await self._advance(cursor, end, reached, sent)
                crash.point("relay.after-checkpoint")
                if sent.failure is not None:
                    raise sent.failure
                cursor, seen_to = end, page.seen_to
            else:
                if page.seen_to > seen_to:
                    await self._advance(cursor, cursor, page.seen_to, _Sent())
                    seen_to = page.seen_to
                await wait_for_news(self._runtime.pulse, beat, page.seen_to)

    async def _send_page(self, events: Sequence[StoredEvent]) -> _Sent:
        """Hand a page over record by record, then wait until all of it is acknowledged."""
        sent = _Sent()
        blocked = await self._unsent.blocked(events)
        handed: list[Acknowledged | str] = []
        for event in events:
            stream = (event.tenant, event.stream_id)
            try:
                handed.append(BEHIND if stream in blocked else await self._post.event(event))
            except Unsendable as cannot:
                blocked.add(stream)
                handed.append(str(cannot))
            except KafkaError as error:
                sent.failure = error
                break
        for event, each in zip(events, handed, strict=False):
            try:
                reason = each if isinstance(each, str) else await refused_as(each)
            except KafkaError as error:
                sent.failure = error
                break
            if reason is not None:
                sent.to_park.append((event, reason))
            sent.done += 1
        _let_go(handed[sent.done :])
        return sent

    async def _advance(self, since: Cursor, to: Cursor, seen_to: int, sent: _Sent) -> None:
        """Move the checkpoint; what waits because of this page is parked with it."""
        async with (
            self._runtime.follower_pool.acquire(timeout=ACQUIRE_S) as connection,
            connection.transaction(),
        ):
            await checkpoints.advance(connection, self._lease, since, to, seen_to)
            await self._unsent.park(connection, sent.to_park)


def _end(cursor: Cursor, events: Sequence[StoredEvent]) -> Cursor:
    return Cursor(events[-1].position, events[-1].event_id) if events else cursor


def _let_go(handed: "Sequence[Acknowledged | str]") -> None:
    """Drop what is not waited for: it is sent anew, and its failure is that of the page."""
    for each in handed:
        if isinstance(each, asyncio.Future) and not each.cancel() and not each.cancelled():
            each.exception()
