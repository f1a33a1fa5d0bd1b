"""The role `react`: listens to the other services' topics in batches, offsets committed last."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from aiokafka import ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, IllegalStateError, KafkaError

from chassis import crash
from chassis.followers.following import pause
from chassis.inward.consumer import consumer_for
from chassis.inward.hearing import Hearing
from chassis.inward.offsets import Offsets
from chassis.outward.records import Arrived
from chassis.running import logs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

BATCH = 500
PAUSE_S = 0.5
LOOK_S = 0.1
"""How long a look at the topics takes where nothing comes; what comes is answered at once."""

REVOKE_S = 5.0
"""How long a batch in hand may keep its partitions from going to another member."""

_log = logs.logger(__name__)


class Topics(Protocol):
    """What a listener asks of aiokafka's consumer."""

    async def getmany(
        self, *, timeout_ms: int, max_records: int
    ) -> dict[TopicPartition, list["ConsumerRecord[bytes, bytes]"]]:
        """Return what has come, or nothing after a while."""

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        """Commit just these offsets."""

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Go on from an offset. Raises IllegalStateError for a partition of others."""

    def died(self) -> bool:
        """Whether nothing will come any more, whatever is in the topics."""


async def react(runtime: "Runtime") -> None:
    """Listen until the process is asked to end."""
    topics = {f"throughline.{each.service}.v1" for each in runtime.service.subscriptions}
    if not topics:
        await runtime.stopping.wait()
        return
    consumer = consumer_for(runtime, topics)
    listener = Listener(consumer, Hearing(runtime), runtime.stopping)
    consumer.subscribe(sorted(topics), listener=Rebalancing(listener))
    try:
        await consumer.start()
        await listener.run()
    finally:
        await consumer.stop()


class ListeningEnded(Exception):  # noqa: N818 # named for what has happened
    """The consumer's own work has died, and nothing would come any more: a new one begins."""


class Listener:
    """Takes batches one after the other; a failed one is read again from its beginning."""

    def __init__(self, topics: Topics, hearing: Hearing, stopping: asyncio.Event) -> None:
        self._topics = topics
        self._hearing = hearing
        self._stopping = stopping
        self._offsets = Offsets(topics.commit)
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self) -> None:
        """Listen until the process is asked to end; what is done is committed then.

        Raises ListeningEnded where it would listen in vain.
        """
        committing = asyncio.create_task(self._offsets.run(), name="offsets")
        try:
            while not self._stopping.is_set():
                await self._look()
        except ConsumerStoppedError:
            return
        finally:
            committing.cancel()
            await self._offsets.flush()

    async def let_go(self) -> None:
        """Finish what is in hand, within bounds, and commit it: the partitions go to others."""
        try:
            async with asyncio.timeout(REVOKE_S):
                await self._idle.wait()
        except TimeoutError:
            # Its offsets are nobody's now: the next owner repeats it, and changes nothing.
            _log.warning("batch outlives its partitions")
        await self._offsets.flush()
        self._offsets.forget()

    async def _look(self) -> None:
        try:
            found = await self._topics.getmany(timeout_ms=int(LOOK_S * 1000), max_records=BATCH)
        except KafkaError as error:
            _log.warning("listening interrupted", error=type(error).__name__)
            await pause(self._stopping, PAUSE_S)
            found = {}
        if not found and self._topics.died():
            raise ListeningEnded
        records = [each for records in found.values() for each in records]
        # Nothing is waited for in between: what was read is ours to begin.
        if records and not self._stopping.is_set():
            self._idle.clear()
            try:
                await self._take(records)
            finally:
                self._idle.set()

    async def _take(self, records: list["ConsumerRecord[bytes, bytes]"]) -> None:
        """Apply a batch; its offsets are committed behind it, soon."""
        turn = self._offsets.turn
        try:
            await self._hearing.batch([_arrived(each) for each in records])
        except Exception as error:  # noqa: BLE001 # whatever it is, the batch is read again
            _log.warning("batch interrupted", error=type(error).__name__)
            self._rewind(records)
            await pause(self._stopping, PAUSE_S)
        else:
            crash.point("react.before-offsets")
            self._offsets.done(_behind(records), turn)

    def _rewind(self, records: Iterable["ConsumerRecord[bytes, bytes]"]) -> None:
        first: dict[TopicPartition, int] = {}
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            first[partition] = min(first.get(partition, record.offset), record.offset)
        for partition, offset in first.items():
            try:
                self._topics.seek(partition, offset)
            except (IllegalStateError, KafkaError):
                # No longer ours: its next owner begins at the committed offset.
                continue


class Rebalancing(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Has a listener let go of its partitions before they are given out anew."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Let all of them go."""
        if revoked:
            await self._listener.let_go()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Begin at the committed offsets, as aiokafka does by itself."""


def _arrived(record: "ConsumerRecord[bytes, bytes]") -> Arrived:
    return Arrived(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )


def _behind(records: Iterable["ConsumerRecord[bytes, bytes]"]) -> dict[TopicPartition, int]:
    """Return for each partition of a batch the offset after its last record."""
    offsets: dict[TopicPartition, int] = {}
    for record in records:
        partition = TopicPartition(record.topic, record.partition)
        offsets[partition] = max(offsets.get(partition, 0), record.offset + 1)
    return offsets
