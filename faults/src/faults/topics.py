"""Topics as a stranger reads and writes them: past every link, in no group."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from chassis.outward.broker import partition_of
from faults.installation import PARTITIONS, topic

LARGEST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """What the headers of a record say of where it belongs."""

    tenant: str
    stream: str
    version: int
    event_id: str

    @classmethod
    def by(cls, record: "ConsumerRecord[bytes, bytes]") -> "Told | None":
        """Read a record's headers; None for one that is not a service's."""
        headers = dict(record.headers)
        try:
            return cls(
                headers["ce_tenant"].decode(),
                headers["ce_subject"].decode(),
                int(headers["ce_sequence"]),
                headers["ce_id"].decode(),
            )
        except (KeyError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Topics:
    """Reads parts of topics."""

    consumer: AIOKafkaConsumer

    async def ends(self, service: str) -> dict[TopicPartition, int]:
        """Return where each partition of a service's topic ends."""
        found: dict[TopicPartition, int] = await self.consumer.end_offsets(_partitions(service))
        return found

    async def since(
        self, begins: dict[TopicPartition, int]
    ) -> "list[ConsumerRecord[bytes, bytes]]":
        """Return what stands in partitions from some offsets on, in each one's order."""
        ends = await self.consumer.end_offsets(list(begins))
        left = {each for each, end in ends.items() if end > begins[each]}
        self.consumer.assign(list(begins))
        for each, begin in begins.items():
            self.consumer.seek(each, begin)
        found: list[ConsumerRecord[bytes, bytes]] = []
        while left:
            for records in (await self.consumer.getmany(*left, timeout_ms=200)).values():
                found += records
            for each in list(left):
                if await self.consumer.position(each) >= ends[each]:
                    left.discard(each)
        return found

    async def latest(self, service: str, number: int) -> "list[ConsumerRecord[bytes, bytes]]":
        """Return about the last so many records of a topic."""
        ends = await self.ends(service)
        part = number // PARTITIONS + 1
        return await self.since({each: max(0, end - part) for each, end in ends.items()})


def _partitions(service: str) -> list[TopicPartition]:
    return [TopicPartition(topic(service), each) for each in range(PARTITIONS)]


@asynccontextmanager
async def reading(kafka: str) -> AsyncIterator[Topics]:
    """Give a reader of topics."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        yield Topics(consumer)
    finally:
        await consumer.stop()


@asynccontextmanager
async def writing(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    """Give a writer of records, whatever they say, each to where the relay would send it."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka,
        max_request_size=LARGEST_BYTES,
        acks="all",
        linger_ms=2,
        partitioner=partition_of,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def committed(
    kafka: str, group: str, partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, int]:
    """Return the offsets that a group has committed; 0 where none."""
    watcher = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await watcher.start()
    try:
        return {each: await watcher.committed(each) or 0 for each in partitions}
    finally:
        await watcher.stop()
