"""The role `react`: listens to the other services' topics in batches, offsets committed last."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from chassis import crash
from chassis.followers.following import pause
from chassis.inward.hearing import Hearing
from chassis.outward.records import Arrived
from chassis.running import logs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

BATCH = 500
PAUSE_S = 0.5
LOOK_EVERY_MS = 25
"""How long FastStream waits for a batch; after an empty one it looks away for as long again."""

_log = logs.logger(__name__)


async def react(runtime: "Runtime") -> None:
    """Listen until the process is asked to end."""
    topics = [f"throughline.{each.service}.v1" for each in runtime.service.subscriptions]
    if not topics:
        await runtime.stopping.wait()
        return
    listener = Listener(runtime)
    broker = broker_for(runtime, listener, sorted(set(topics)))
    try:
        await broker.start()
        await runtime.stopping.wait()
        await listener.idle()
    finally:
        await broker.stop()


def broker_for(runtime: "Runtime", listener: "Listener", topics: list[str]) -> KafkaBroker:
    """Make the broker with its one subscriber: batches, and offsets that only we commit."""
    broker = KafkaBroker(
        runtime.settings.kafka,
        allow_auto_create_topics=False,
        logger=None,
        client_id=f"{runtime.service.name}.react",
    )

    @broker.subscriber(
        *topics,
        group_id=f"throughline.{runtime.service.name}",
        group_instance_id=f"{runtime.service.name}.{runtime.settings.instance}",
        batch=True,
        max_records=BATCH,
        batch_timeout_ms=LOOK_EVERY_MS,
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        session_timeout_ms=10_000,
        heartbeat_interval_ms=1_000,
        max_poll_interval_ms=120_000,
        parser=_unparsed,
        decoder=_undecoded,
    )
    async def listen(message: KafkaMessage) -> None:
        await listener.take(message)

    return broker


async def _unparsed(batch: Any, parse: Any) -> Any:
    """Leave the headers as they came: one that is no text would lose its whole batch here."""
    message = await parse(tuple(replace(each, headers=()) for each in batch))
    message.raw_message = batch
    return message


async def _undecoded(message: Any) -> Any:
    """Leave the bytes as they came: they are read, and judged, in `records`."""
    return message.body


class Listener:
    """Takes batches one after the other; a failed one is read again from its beginning.

    It never raises: a subscriber that raised would go on behind the batch, and lose it.
    """

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._hearing = Hearing(runtime)
        self._busy = asyncio.Lock()

    async def idle(self) -> None:
        """Return when the batch in hand is done."""
        async with self._busy:
            return

    async def take(self, message: KafkaMessage) -> None:
        """Apply a batch, then commit the offsets behind it."""
        raw = message.raw_message
        records = list(raw) if isinstance(raw, tuple) else [raw]
        async with self._busy:
            if self._runtime.stopping.is_set():
                # Heard by whoever goes on from the committed offsets.
                return
            try:
                await self._hearing.batch([_arrived(each) for each in records])
                crash.point("react.before-offsets")
                await _consumer(message).commit(_behind(records))
                crash.point("react.after-offsets")
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 # see the class: it never raises
                _log.warning("batch interrupted", error=_name(error))
                _rewind(_consumer(message), records)
                await pause(self._runtime.stopping, PAUSE_S)


def _consumer(message: KafkaMessage) -> Any:
    """Return aiokafka's consumer: FastStream's protocol of it cannot commit explicit offsets."""
    return message.consumer


def _name(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


def _arrived(record: "ConsumerRecord[bytes, bytes]") -> Arrived:
    return Arrived(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )


def _behind(records: "list[ConsumerRecord[bytes, bytes]]") -> dict[TopicPartition, int]:
    """Return for each partition of a batch the offset after its last record."""
    offsets: dict[TopicPartition, int] = {}
    for record in records:
        partition = TopicPartition(record.topic, record.partition)
        offsets[partition] = max(offsets.get(partition, 0), record.offset + 1)
    return offsets


def _rewind(consumer: Any, records: "list[ConsumerRecord[bytes, bytes]]") -> None:
    first: dict[TopicPartition, int] = {}
    for record in records:
        partition = TopicPartition(record.topic, record.partition)
        first[partition] = min(first.get(partition, record.offset), record.offset)
    for partition, offset in first.items():
        try:
            consumer.seek(partition, offset)
        except (IllegalStateError, KafkaError):
            # No longer ours: its next owner begins at the committed offset.
            continue
