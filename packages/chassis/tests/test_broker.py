"""Records go out in batches: to the partition that Kafka's own clients choose, in their order."""

import asyncio
from collections import defaultdict
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.errors import KafkaConnectionError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from chassis.outward import broker
from chassis.outward.broker import KafkaBroker, Unsendable
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


def records(count: int, size: int = 10, keys: int = 40) -> list[TopicRecord]:
    """Make records of some keys."""
    named = [f"{uuid4()}:{uuid4()}".encode() for _ in range(keys)]
    return [TopicRecord(named[number % keys], b"x" * size, ()) for number in range(count)]


async def test_a_key_goes_where_kafkas_own_clients_would_send_it() -> None:
    sender, some = Sender(), records(200)
    handed = await KafkaBroker(sender, "topic").send(some)
    chosen: dict[int, int] = defaultdict(int)
    for each in some:
        chosen[DefaultPartitioner()(each.key, PARTITIONS, PARTITIONS)] += 1
    assert {
        number: sum(batch.record_count() for batch in batches)
        for number, batches in sender.batches.items()
    } == dict(chosen)
    assert len(handed) == 200
    assert {id(each) for each in handed} == {id(each) for each in sender.handed}


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
