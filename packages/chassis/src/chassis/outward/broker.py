"""Where records go: a topic, in batches for its partitions, each acknowledged as a whole."""

import asyncio
from collections.abc import Sequence
from time import time
from typing import Protocol, TypeAlias
from zlib import crc32

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from chassis.outward.records import TopicRecord

LARGEST_BYTES = 1_000_000
"""The most that one record may have."""

BATCH_BYTES = 256 * 1024

Acknowledged: TypeAlias = asyncio.Future[object]


class Unsendable(Exception):  # noqa: N818 # named for the event
    """An event cannot be a record; the words are the kind of the fault."""


class Broker(Protocol):
    """Takes the records of one topic."""

    def check(self, record: TopicRecord) -> None:
        """Raise Unsendable where a record will never be taken."""

    async def send(self, records: Sequence[TopicRecord]) -> list[Acknowledged]:
        """Hand records over in their order, from one task; an acknowledgement for each.

        Those of a key are in the topic in the order in which they were handed over. Raises
        KafkaError, after which it is not known which of them will be in the topic.
        """


def partition_of(key: bytes, partitions: Sequence[int], _available: Sequence[int] = ()) -> int:
    """Return the partition of a key, out of all of a topic: librdkafka's `consistent` placement.

    It must never change for a topic that has records, nor may the number of its partitions: the
    records of a key would lie in two partitions, and be read in any order. Records without a key do
    not occur. Available or not makes no difference. Kafka numbers partitions from 0 without gaps.
    """
    return crc32(key) % len(partitions)


def producer(kafka: str) -> AIOKafkaProducer:
    """Make an idempotent producer that waits for all in-sync replicas."""
    return AIOKafkaProducer(
        bootstrap_servers=kafka,
        enable_idempotence=True,
        acks="all",
        linger_ms=5,
        max_batch_size=BATCH_BYTES,
        max_request_size=LARGEST_BYTES,
        compression_type="zstd",
        request_timeout_ms=10_000,
        partitioner=partition_of,
    )


class KafkaBroker:
    """Sends whole batches: one by one, records cost three and a half times as much (ADR 5).

    A batch is closed as it is handed over, so it never lingers; while one of its partition is on
    its way, the next waits here, and what comes meanwhile makes the one after it larger.
    """

    def __init__(self, sender: AIOKafkaProducer, topic: str) -> None:
        self._sender = sender
        self._topic = topic

    def check(self, record: TopicRecord) -> None:
        """Raise Unsendable for a record that is too large."""
        # What is not even near needs no counting: key and headers are ids and codes.
        if (
            record.value is not None
            and len(record.value) > BATCH_BYTES
            and _size(record) > LARGEST_BYTES
        ):
            raise Unsendable(MessageSizeTooLargeError.__name__)

    async def send(self, records: Sequence[TopicRecord]) -> list[Acknowledged]:
        """Hand records over in their order; those of one batch share an acknowledgement."""
        partitions = sorted(await self._sender.partitions_for(self._topic))
        handed: list[_Batch] = []
        try:
            await self._hand_over(records, partitions, handed)
            return [each.acknowledged() for each in handed]
        except BaseException:
            for each in dict.fromkeys(handed):
                each.let_go()
            raise

    async def _hand_over(
        self, records: Sequence[TopicRecord], partitions: Sequence[int], handed: "list[_Batch]"
    ) -> None:
        """Fill batches and send them; `handed` gets the batch of each record."""
        now = int(time() * 1000)
        open_batches: dict[int, _Batch] = {}
        for record in records:
            number = partition_of(record.key, partitions)
            batch = open_batches.get(number)
            if batch is None or not batch.took(record, now):
                if batch is not None:
                    await batch.send(self._sender, self._topic, number)
                batch = open_batches[number] = _Batch(self._sender.create_batch())
                batch.took(record, now)
            handed.append(batch)
        for number, batch in open_batches.items():
            await batch.send(self._sender, self._topic, number)


def _size(record: TopicRecord) -> int:
    size: int = DefaultRecordBatchBuilder.estimate_size_in_bytes(
        record.key, record.value, list(record.headers)
    )
    return size


class _Batch:
    """Records of one partition, and what will say that they are in the topic."""

    __slots__ = ("_acknowledged", "_builder")

    def __init__(self, builder: BatchBuilder) -> None:
        self._builder = builder
        self._acknowledged: Acknowledged | None = None

    def took(self, record: TopicRecord, now_ms: int) -> bool:
        """Add a record; False: there is no room for it."""
        added = self._builder.append(
            timestamp=now_ms, key=record.key, value=record.value, headers=list(record.headers)
        )
        return added is not None

    async def send(self, sender: AIOKafkaProducer, topic: str, partition: int) -> None:
        """Hand it over, once there is room behind the one before it."""
        self._builder.close()
        self._acknowledged = await sender.send_batch(self._builder, topic, partition=partition)

    def acknowledged(self) -> Acknowledged:
        """Return what will be done when the batch is in the topic."""
        if self._acknowledged is None:
            raise RuntimeError("the batch was not sent")
        return self._acknowledged

    def let_go(self) -> None:
        """Wait for it no more."""
        if self._acknowledged is not None and not self._acknowledged.cancel():
            self._acknowledged.exception()
