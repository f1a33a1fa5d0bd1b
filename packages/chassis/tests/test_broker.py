"""Records go out in batches: each to the partition of its key, in their order."""

import asyncio
from collections import Counter, defaultdict
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.errors import KafkaConnectionError
from aiokafka.producer.message_accumulator import BatchBuilder

from chassis.outward import broker
from chassis.outward.broker import KafkaBroker, Unsendable, partition_of
from chassis.outward.records import TopicRecord

PARTITIONS = [0, 1, 2, 3, 4, 5]


class Sender:
    """Keeps the batches that it is given; one of them may fail."""

    def __init__(self, fails_at: int = 0) -> None:
        self.batches: dict[int, list[Any]] = defaultdict(list)
        self.handed: list[asyncio.Future[object]] = []
        self._fails_at = fails_at

    async def partitions_for(self, _topic: str) -> set[int]:
        """Return the partitions of any topic."""
        return set(PARTITIONS)

    def create_batch(self) -> BatchBuilder:
        """Return an empty batch."""
        return BatchBuilder(broker.BATCH_BYTES, 0)

    async def send_batch(self, batch: Any, _topic: str, *, partition: int) -> Any:
        """Keep a batch."""
        await asyncio.sleep(0)
        if len(self.handed) + 1 == self._fails_at:
            raise KafkaConnectionError
        self.batches[partition].append(batch)
        self.handed.append(asyncio.get_running_loop().create_future())
        return self.handed[-1]

    def counted(self) -> Counter[int]:
        """Return how many records went to each partition."""
        return Counter(
            {
                number: sum(batch.record_count() for batch in batches)
                for number, batches in self.batches.items()
            }
        )


def records(count: int, size: int = 10, keys: int = 40) -> list[TopicRecord]:
    """Make records of some keys."""
    named = [f"{uuid4()}:{uuid4()}".encode() for _ in range(keys)]
    return [TopicRecord(named[number % keys], b"x" * size, ()) for number in range(count)]


TENANT = "00000000-0000-0000-0000-000000000001"
PLACES = {
    b"hejsan": 0,
    f"{TENANT}:00000000-0000-0000-0000-000000000000".encode(): 3,
    f"{TENANT}:00000000-0000-0000-0000-000000000003".encode(): 5,
    f"{TENANT}:00000000-0000-0000-0000-000000000004".encode(): 4,
}
"""Of six partitions. To change them is to break the order of keys in topics that there are."""


def test_a_key_has_its_partition_for_ever() -> None:
    assert {key: partition_of(key, PARTITIONS) for key in PLACES} == PLACES
    assert {key: partition_of(key, PARTITIONS, [1]) for key in PLACES} == PLACES


async def test_any_producer_sends_a_key_to_its_partition() -> None:
    some = [TopicRecord(key, b"x", ()) for key in PLACES] + records(200)
    one, another = Sender(), Sender()
    handed = await KafkaBroker(one, "topic").send(some)
    await KafkaBroker(another, "topic").send(some[::-1])
    expected = Counter(partition_of(each.key, PARTITIONS) for each in some)
    assert one.counted() == another.counted() == expected
    assert len(handed) == len(some)
    assert {id(each) for each in handed} == {id(each) for each in one.handed}
    # What is sent without a batch, as the benchmarks do, goes there too; aiokafka tells by no
    # public name where.
    assert broker.producer("127.0.0.1:1")._partitioner is partition_of


async def test_what_is_more_than_a_batch_goes_in_several_in_its_order() -> None:
    sender, some = Sender(), records(40, size=50_000, keys=1)
    handed = await KafkaBroker(sender, "topic").send(some)
    [batches] = sender.batches.values()
    assert len(batches) > 5
    assert sum(each.record_count() for each in batches) == 40
    assert all(each.closed() for each in batches)
    # In the order of the batches, each record after those before it.
    places = [sender.handed.index(each) for each in handed]
    assert places == sorted(places)


async def test_what_was_handed_over_before_a_failure_is_waited_for_by_nobody() -> None:
    sender = Sender(fails_at=3)
    with pytest.raises(KafkaConnectionError):
        await KafkaBroker(sender, "topic").send(records(100))
    assert [each.cancelled() for each in sender.handed] == [True, True]


def test_a_record_that_is_too_large_will_never_be_taken() -> None:
    topic = KafkaBroker(Sender(), "topic")
    topic.check(TopicRecord(b"key", b"x" * (broker.LARGEST_BYTES - 1_000), ()))
    topic.check(TopicRecord(b"key", None, ()))
    with pytest.raises(Unsendable, match="MessageSizeTooLargeError"):
        topic.check(TopicRecord(b"key", b"x" * broker.LARGEST_BYTES, ()))
