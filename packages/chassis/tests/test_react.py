"""What comes over Kafka is applied, then its offsets committed; a failed batch is read again."""

import ast
import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from faststream import AckPolicy

import chassis
from chassis.acting import Situation, Step
from chassis.failures import Unavailable
from chassis.inward import react
from chassis.outward.records import Arrived
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import COUNTER, Running
from packages.chassis.tests.sources import TOPIC, Sources
from stack.testing import Kafka

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


async def test_no_batch_is_begun_once_the_process_is_to_end(parts: Parts) -> None:
    parts.runtime.stopping.set()
    listener = react.Listener(parts.runtime)

    class Message:
        raw_message = ()

    async with asyncio.timeout(1):
        await listener.take(Message())  # type: ignore[arg-type] # nothing of it is asked for
        await listener.idle()


def test_the_subscriber_leaves_its_offsets_to_us(parts: Parts) -> None:
    listener = react.Listener(parts.runtime)
    [subscriber] = react.broker_for(parts.runtime, listener, [TOPIC]).subscribers
    assert subscriber.ack_policy is AckPolicy.MANUAL
    settings = subscriber._connection_args  # type: ignore[attr-defined] # FastStream shows them nowhere else
    assert settings["enable_auto_commit"] is False


def test_no_other_module_makes_a_subscriber_or_a_consumer_of_a_group() -> None:
    makers = {
        path.stem
        for path in Path(chassis.__file__).parent.rglob("*.py")
        if any(
            isinstance(each, ast.Attribute) and each.attr in {"subscriber", "subscribe"}
            for each in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert makers == {"react"}
    services = Path(__file__).parents[3] / "services"
    using = [
        path
        for path in services.glob("*/src/**/*.py")
        if "faststream" in path.read_text() or "aiokafka" in path.read_text()
    ]
    assert using == []
