"""What comes over Kafka is applied, then its offsets committed; a failed batch is read again."""

import ast
import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.conn import AIOKafkaConnection
from aiokafka.protocol.fetch import FetchRequest

import chassis
from chassis.acting import Situation, Step
from chassis.failures import Unavailable
from chassis.inward import consumer, react
from chassis.outward.records import Arrived
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import COUNTER, Running
from packages.chassis.tests.sources import NOTE, TOPIC, Sources
from stack.testing import Kafka

TIMES = "select times from read.notes where tenant = $1 and stream_id = $2"
HEARD = "select version from es.heard where tenant = $1 and stream_id = $2"


@pytest_asyncio.fixture
async def producer(kafka: Kafka) -> AsyncIterator[AIOKafkaProducer]:
    """Give a producer, as the other service's relay has one."""
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        yield producer


async def tell(producer: AIOKafkaProducer, records: Sequence[Arrived]) -> None:
    """Send records to the other service's topic."""
    for each in records:
        await producer.send(TOPIC, value=each.value, key=each.key, headers=list(each.headers))
    await producer.flush()


async def total(parts: Parts, counter: UUID) -> int:
    """Return what a counter stands at."""
    state = await parts.runtime.shell.state(parts.tenant, COUNTER, counter)
    assert isinstance(state, Running)
    return state.total


async def committed(kafka: Kafka) -> dict[TopicPartition, tuple[int, int]]:
    """Return what the service has committed of the topic, and where the topic ends."""
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id="throughline.counters", enable_auto_commit=False
    ) as consumer:
        partitions = [TopicPartition(TOPIC, number) for number in range(3)]
        ends = await consumer.end_offsets(partitions)
        return {each: (await consumer.committed(each) or 0, ends[each]) for each in partitions}


async def test_what_is_told_is_heard_and_committed(
    parts: Parts, kafka: Kafka, producer: AIOKafkaProducer
) -> None:
    sources = Sources(parts)
    counters = [await parts.opened() for _ in range(6)]
    streams = [await sources.about(each, *[1] * 10) for each in counters]
    async with parts.in_role("react") as running:
        for each in streams:
            await tell(producer, await sources.records(each))
        for each in streams:
            await running.until(11, HEARD, parts.tenant, each)

        async def all_committed() -> bool:
            return all(done == end for done, end in (await committed(kafka)).values())

        await until(all_committed, "all offsets are committed")
    assert [await total(parts, each) for each in counters] == [10] * 6


async def test_who_begins_again_goes_on_behind_what_was_committed(
    parts: Parts, producer: AIOKafkaProducer
) -> None:
    sources = Sources(parts)
    counter = await parts.opened()
    stream = await sources.about(counter, 1)
    await tell(producer, await sources.records(stream))
    async with parts.in_role("react") as running:
        await running.until(2, HEARD, parts.tenant, stream)
    await sources.move(stream, 1)
    await tell(producer, await sources.records(stream, 3))
    async with parts.in_role("react") as running:
        await running.until(3, HEARD, parts.tenant, stream)
    assert await total(parts, counter) == 2


async def test_a_batch_that_fails_for_the_moment_is_read_again_from_its_beginning(
    parts: Parts, producer: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(react, "PAUSE_S", 0.01)
    fails: list[object] = []
    usual = parts.runtime.shell.compose

    async def compose(command: Any, situation: Situation) -> Sequence[Step]:
        if len(fails) < 3:
            fails.append(command)
            raise Unavailable("for the moment")
        return await usual(command, situation)

    shell = replace(parts.runtime.shell, compose=compose)
    flaky = replace(parts, runtime=replace(parts.runtime, shell=shell))
    sources = Sources(parts)
    counter = await parts.opened()
    stream = await sources.about(counter, 1, 2, 3)
    async with flaky.in_role("react") as running:
        await tell(producer, await sources.records(stream))
        await running.until(4, HEARD, parts.tenant, stream)
    assert len(fails) == 3
    assert await total(parts, counter) == 6


async def test_a_consumer_whose_own_work_has_died_gives_way_to_a_new_one(
    parts: Parts, producer: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, died = AIOKafkaConnection.send, asyncio.Event()

    def send(connection: AIOKafkaConnection, request: Any, **more: Any) -> Any:
        # What uvloop says to a writer whose connection has just closed.
        ours = connection._client_id == "counters.react"
        if ours and isinstance(request, FetchRequest) and not died.is_set():
            died.set()
            raise RuntimeError("unable to perform operation; the handler is closed")
        return usual(connection, request, **more)

    sources = Sources(parts)
    counter = await parts.opened()
    stream = await sources.about(counter, 1)
    monkeypatch.setattr(AIOKafkaConnection, "send", send)
    async with parts.in_role("react") as running:
        await died.wait()
        await tell(producer, await sources.records(stream))
        await running.until(2, HEARD, parts.tenant, stream)
    assert await total(parts, counter) == 1


async def test_members_that_join_and_leave_under_load_lose_nothing_and_do_nothing_twice(
    parts: Parts, producer: AIOKafkaProducer
) -> None:
    sources = Sources(parts)
    counters = [await parts.opened() for _ in range(8)]
    streams = [await sources.about(each) for each in counters]
    for each in streams:
        await tell(producer, await sources.records(each))
    rounds = 12

    async def load() -> None:
        for number in range(rounds):
            for each in streams:
                # One is counted, one is noted: a command, and a write of the read model.
                await sources.move(each, 1, NOTE + 1)
                await tell(producer, await sources.records(each, 2 * number + 2, 2 * number + 3))
            await asyncio.sleep(0.1)

    async with parts.in_role("react") as running:
        loading = asyncio.create_task(load())
        for number in range(2):
            settings = parts.runtime.settings.model_copy(update={"instance": f"other{number}"})
            other = replace(parts, runtime=replace(parts.runtime, settings=settings))
            async with other.in_role("react"):
                await asyncio.sleep(0.4)
        await loading
        for each in streams:
            await running.until(1 + 2 * rounds, HEARD, parts.tenant, each)
    assert [await total(parts, each) for each in counters] == [rounds] * 8
    assert [await parts.one(TIMES, parts.tenant, each) for each in counters] == [rounds] * 8


async def test_a_process_that_listens_to_more_than_before_hears_that_too(parts: Parts) -> None:
    service = replace(parts.runtime.service, name=f"listens-{uuid4()}")
    runtime = replace(parts.runtime, service=service)

    async def assigned(topics: list[str], *, at_least: set[str]) -> None:
        own = consumer.consumer_for(runtime, topics)
        own.subscribe(topics)
        await own.start()
        try:
            async with asyncio.timeout(30):
                while not {each.topic for each in own.assignment()} >= at_least:  # noqa: ASYNC110 # it tells nobody
                    await asyncio.sleep(0.05)
        finally:
            await own.stop()

    more = "throughline.groups.v1"
    await assigned([TOPIC], at_least={TOPIC})
    await assigned([TOPIC, more], at_least={TOPIC, more})


def test_the_consumer_leaves_its_offsets_to_us(parts: Parts) -> None:
    made: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consumer, "Consumer", lambda **settings: made.append(settings))
        consumer.consumer_for(parts.runtime, [TOPIC])
    assert [each["enable_auto_commit"] for each in made] == [False]


def test_no_other_module_makes_a_subscriber_or_a_consumer_of_a_group() -> None:
    makers = {
        path.stem
        for path in Path(chassis.__file__).parent.rglob("*.py")
        if any(
            isinstance(each, ast.Attribute) and each.attr == "subscribe"
            for each in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert makers == {"react"}
    services = Path(__file__).parents[3] / "services"
    using = [path for path in services.glob("*/src/**/*.py") if "aiokafka" in path.read_text()]
    assert using == []
