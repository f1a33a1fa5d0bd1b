"""Every stored event reaches the topic once or more, none overtakes another of its key."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError, OutOfOrderSequenceNumber

from chassis.commands.own_events import RELAY
from chassis.followers.following import LeadershipLost
from chassis.outward import broker, relay, sending
from chassis.outward.records import Headers, TopicRecord, to_record, to_unpublished
from chassis.testing import logging_to
from ledger.checkpoints import Superseded, take_over
from ledger.envelope import Recorded
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import COUNTERS, Count, Counted
from packages.chassis.tests.test_following import holder
from packages.chassis.tests.test_parking import operating
from stack.testing import Kafka
from throughline.operations.v1 import operations_pb2 as pb

UNSENDABLE = 13
SEEN = "select seen_to from es.checkpoints where name = 'relay'"
PARKED = """
select version from es.parked_records
 where consumer = 'relay' and tenant = $1 and stream_id = $2 order by version
"""


@dataclass(frozen=True, slots=True)
class Large:
    """A movement, told at length."""

    by: int
    words: str


class Reader:
    """Reads the service's topic from its beginning, for one authority."""

    def __init__(self, kafka: Kafka, tenant: UUID) -> None:
        self._bootstrap = kafka.bootstrap
        self._tenant = str(tenant).encode()

    async def read(self) -> list[TopicRecord]:
        """Return the records of the authority, each partition's in order."""
        topic = COUNTERS.topic
        async with AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, enable_auto_commit=False
        ) as consumer:
            partitions = [TopicPartition(topic, number) for number in range(3)]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends = await consumer.end_offsets(partitions)
            found: list[Any] = []
            while any([await consumer.position(each) < ends[each] for each in partitions]):
                batch = await consumer.getmany(*partitions, timeout_ms=1000)
                found.extend(record for records in batch.values() for record in records)
        return [
            TopicRecord(each.key, each.value, tuple(each.headers))
            for each in found
            if dict(each.headers)["ce_tenant"] == self._tenant
        ]

    async def versions(self) -> dict[UUID, list[int]]:
        """Return the versions of each stream as they came."""
        found: dict[UUID, list[int]] = defaultdict(list)
        for each in await self.read():
            stream, version = about(each.headers)
            found[stream].append(version)
        return found


def about(headers: Headers) -> tuple[UUID, int]:
    """Return the stream and the version of a record."""
    values = dict(headers)
    return UUID((values["ce_subject"] or b"").decode()), int(values["ce_sequence"] or b"")


@pytest.fixture
def topic(kafka: Kafka, parts: Parts) -> Reader:
    """Give a reader of the topic."""
    return Reader(kafka, parts.tenant)


async def sent(parts: Parts) -> None:
    """Wait until the relay has come to the end of the log."""
    end = await parts.runtime.feed.last_position()

    async def there() -> bool:
        seen = await parts.one(SEEN)
        return seen is not None and seen >= end

    await until(there, f"the relay has seen {end}")


async def waiting(parts: Parts, stream: UUID) -> list[int]:
    """Return the versions of a stream that wait for the relay."""
    return [row["version"] for row in await parts.fetch(PARKED, parts.tenant, stream)]


async def test_each_event_is_one_record_and_those_of_a_key_keep_their_order(
    parts: Parts, topic: Reader
) -> None:
    cases = [uuid4(), uuid4()]
    counters = [await parts.opened(case_id=cases[number % 2]) for number in range(6)]
    for number in range(1, 21):
        await asyncio.gather(*(parts.do(Count(each, number + 20)) for each in counters))
    async with parts.in_role("relay") as running:
        await sent(running)
    records = await topic.read()
    stored = [
        event
        for counter in counters
        for event in await parts.runtime.shell.store.read(parts.tenant, counter)
    ]
    expected = [to_record(parts.runtime.service, each) for each in stored]
    assert len(records) == len(expected) == 6 * 21
    assert {each.headers: each for each in records} == {each.headers: each for each in expected}
    at = {each.event_id: each.position for each in stored}
    for case in cases:
        key = f"{parts.tenant}:{case}".encode()
        ids = [
            UUID((dict(each.headers)["ce_id"] or b"").decode())
            for each in records
            if each.key == key
        ]
        assert [at[each] for each in ids] == sorted(at[each] for each in ids)
        assert len(ids) == 3 * 21


async def test_a_relay_that_begins_again_goes_on_behind_its_checkpoint(
    parts: Parts, topic: Reader
) -> None:
    counter = await parts.opened(counted=1)
    async with parts.in_role("relay") as running:
        await sent(running)
    await parts.do(Count(counter, 2))
    async with parts.in_role("relay") as running:
        await sent(running)
        await parts.do(Count(counter, 3))
        await sent(running)
    assert (await topic.versions())[counter] == [1, 2, 3, 4]


async def test_an_event_that_cannot_be_told_holds_up_its_own_stream_only(
    parts: Parts, topic: Reader, tmp_path: Path
) -> None:
    counter, other = await parts.opened(counted=1), await parts.opened(counted=1)
    await parts.do(Count(counter, UNSENDABLE))
    await parts.do(Count(counter, 4))
    with logging_to(tmp_path / "log"):
        async with parts.in_role("relay") as running:
            await sent(running)
            await parts.do(Count(counter, 5))
            await parts.do(Count(other, 2))
            await sent(running)
    versions = await topic.versions()
    assert (versions[counter], versions[other]) == ([1, 2], [1, 2, 3])
    assert await waiting(parts, counter) == [3, 4, 5]
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    told = [each for each in lines if each["event"] == "event cannot be sent"]
    assert [(each["level"], each["error"], each["event_type"]) for each in told] == [
        ("error", "ValueError", "Counted")
    ]
    assert "thirteen" not in str(lines)
    await mended(parts, counter)


async def mended(parts: Parts, counter: UUID) -> None:
    """Let the relay run on words that tell everything, until nothing of a counter waits."""

    def publish(recorded: Recorded[Any]) -> object | None:
        match recorded.event:
            case Counted(by=by):
                return Large(by, "")
            case _:
                return None

    service = replace(parts.runtime.service, publish=publish)
    better = replace(parts, runtime=replace(parts.runtime, service=service))
    await parts.fetch("update es.parked set next_attempt_at = now() returning 1")
    async with better.in_role("relay") as running:

        async def nothing_waits() -> bool:
            return not await waiting(running, counter)

        await until(nothing_waits, "nothing waits")
        await parts.do(Count(counter, 1))
        await sent(running)


async def test_what_could_not_be_told_is_told_in_its_order_once_it_can_be(
    parts: Parts, topic: Reader
) -> None:
    counter = await parts.opened(counted=1)
    for by in (UNSENDABLE, 4, 5):
        await parts.do(Count(counter, by))
    async with parts.in_role("relay") as running:
        await sent(running)
    assert await waiting(parts, counter) == [3, 4, 5]
    await mended(parts, counter)
    assert (await topic.versions())[counter] == [1, 2, 3, 4, 5, 6]


async def test_a_record_too_large_for_the_topic_waits_too(parts: Parts, topic: Reader) -> None:
    service = replace(
        parts.runtime.service,
        publish=lambda recorded: (
            Large(1, "x" * 1_100_000) if recorded.event == Counted(7) else None
        ),
    )
    large = replace(parts, runtime=replace(parts.runtime, service=service))
    counter = await parts.opened(counted=7)
    await parts.do(Count(counter, 1))
    async with large.in_role("relay") as running:
        await sent(running)
    assert (await topic.versions())[counter] == [1]
    assert await waiting(parts, counter) == [2, 3]
    await mended(parts, counter)
    assert (await topic.versions())[counter] == [1, 2, 3, 4]


async def test_an_operator_can_have_nothing_told_of_an_event_and_its_stream_goes_on(
    parts: Parts, topic: Reader
) -> None:
    counter = await parts.opened()
    await parts.do(Count(counter, UNSENDABLE))
    await parts.do(Count(counter, 4))
    named = {"consumer": RELAY, "authority": str(parts.tenant), "stream_id": str(counter)}
    async with operating(parts) as stub, parts.in_role("relay") as running:
        await sent(running)
        tried = await stub.RetryParked(pb.RetryParkedRequest(**named))
        assert (tried.applied, tried.remaining) == (0, 2)
        skipped = await stub.SkipParked(pb.SkipParkedRequest(**named, reason="unlucky"))
        assert skipped.remaining == 0
        await parts.do(Count(counter, 5))
        await sent(running)
    assert (await topic.versions())[counter] == [1, 2, 3, 4]
    [_, unlucky, *_] = await parts.runtime.shell.store.read(parts.tenant, counter)
    of_it = [each for each in await topic.read() if about(each.headers) == (counter, 2)]
    assert of_it == [to_unpublished(parts.runtime.service, unlucky)]


class Flaky(AIOKafkaProducer):  # type: ignore[misc] # aiokafka has no types
    """A producer of which some calls, counted over all producers, fail as aiokafka's do.

    Some records are not taken; of others the acknowledgement is lost, though they are in the topic;
    others again never get there, nor does what follows them in their partition: the broker misses
    their sequence numbers.
    """

    calls = 0
    begun = 0
    refuses: Sequence[int] = ()
    never_acknowledges: Sequence[int] = ()
    loses: Sequence[int] = ()
    error: KafkaError = OutOfOrderSequenceNumber()

    async def start(self) -> None:
        """Count the producers."""
        Flaky.begun += 1
        self.wedged: set[int] = set()
        await super().start()

    async def send_batch(self, *arguments: Any, **more: Any) -> Any:
        """Fail where it is laid down."""
        Flaky.calls += 1
        if Flaky.calls in Flaky.refuses:
            raise Flaky.error
        if Flaky.calls in Flaky.loses:
            self.wedged.add(more["partition"])
        lost = more["partition"] in self.wedged
        acknowledged = None if lost else await super().send_batch(*arguments, **more)
        if lost or Flaky.calls in Flaky.never_acknowledges:
            failed = asyncio.get_running_loop().create_future()
            failed.set_exception(Flaky.error)
            return failed
        return acknowledged


@pytest.mark.parametrize(
    ("refuses", "never_acknowledges", "loses"),
    [((1, 3), (), ()), ((), (2, 4), ()), ((5,), (1, 2), ()), ((), (), (1, 4)), ((), (4,), (2,))],
)
async def test_after_any_error_a_new_producer_goes_on_and_nothing_is_lost(
    parts: Parts,
    topic: Reader,
    monkeypatch: pytest.MonkeyPatch,
    refuses: Sequence[int],
    never_acknowledges: Sequence[int],
    loses: Sequence[int],
) -> None:
    async with parts.in_role("relay") as running:
        await sent(running)
    counter, other = await parts.opened(), await parts.opened()
    for _ in range(5):
        await parts.do(Count(counter, 1))
        await parts.do(Count(other, 1))
    Flaky.calls = Flaky.begun = 0
    Flaky.refuses, Flaky.never_acknowledges, Flaky.loses = refuses, never_acknowledges, loses
    monkeypatch.setattr(relay, "PAUSE_S", 0.01)
    # Two events at a time, so that there are many batches.
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    monkeypatch.setattr(
        broker,
        "producer",
        lambda kafka: Flaky(bootstrap_servers=kafka, enable_idempotence=True, acks="all"),
    )
    async with parts.in_role("relay") as running:
        await sent(running)
    assert Flaky.begun > len(refuses)
    versions = await topic.versions()
    for each in (counter, other):
        came = list(dict.fromkeys(versions[each]))
        assert came == [1, 2, 3, 4, 5, 6]


async def test_a_relay_that_failed_once_knows_that_it_lost_the_lead(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parts.opened()
    Flaky.calls = Flaky.begun = 0
    Flaky.refuses, Flaky.never_acknowledges, Flaky.loses = (), (1,), ()
    monkeypatch.setattr(relay, "PAUSE_S", 0.01)
    monkeypatch.setattr(
        broker,
        "producer",
        lambda kafka: Flaky(bootstrap_servers=kafka, enable_idempotence=True, acks="all"),
    )
    running = asyncio.create_task(relay.relay(parts.runtime))
    await sent(parts)
    assert Flaky.begun == 2
    await parts.fetch("select pg_terminate_backend($1)", await holder(parts, RELAY))
    # Any other error than this, a cancellation above all, would end the role for good.
    with pytest.raises(LeadershipLost):
        async with asyncio.timeout(20):
            await running


async def test_the_producer_writes_once_and_waits_for_all_in_sync_replicas(kafka: Kafka) -> None:
    async with broker.producer(kafka.bootstrap) as made:
        # Aiokafka tells neither by a public name.
        assert made._txn_manager is not None
        assert made._sender._acks == -1


async def test_a_broker_that_is_away_is_tried_again(
    parts: Parts, topic: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = await parts.opened()
    monkeypatch.setattr(relay, "PAUSE_S", 0.01)
    tries: list[str] = []
    usual = broker.producer

    class Away(AIOKafkaProducer):  # type: ignore[misc] # aiokafka has no types
        async def start(self) -> None:
            raise KafkaConnectionError

    def producer(kafka: str) -> AIOKafkaProducer:
        tries.append(kafka)
        return Away(bootstrap_servers=kafka) if len(tries) < 4 else usual(kafka)

    monkeypatch.setattr(broker, "producer", producer)
    async with parts.in_role("relay") as running:
        await sent(running)
    assert len(tries) == 4
    assert (await topic.versions())[counter] == [1]


async def test_a_relay_that_was_superseded_moves_no_checkpoint(parts: Parts) -> None:
    await parts.opened()
    stale = asyncio.create_task(relay.relay(parts.runtime))
    await sent(parts)
    async with parts.runtime.worker_pool.acquire(timeout=5) as connection:
        await take_over(connection, RELAY, 0, "another")
    before = await parts.one(SEEN)
    await parts.opened()
    with pytest.raises(Superseded):
        async with asyncio.timeout(20):
            await stale
    assert await parts.one(SEEN) == before
