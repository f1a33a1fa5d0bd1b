"""Bare aiokafka with the relay's own producer: sends at full speed, and from produce to consume.

Asked by lines of JSON: {"what": "send", "records": 1000}, {"what": "trip", "records": 100}.
"""

import os
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.figures import Run
from bench.sample import SAMPLE, TENANT
from bench.speaking import answer_all
from chassis.outward.broker import producer
from chassis.outward.records import TopicRecord, to_record
from ledger.commands import NewEvent, StoredEvent
from ledger.samples import event

if TYPE_CHECKING:
    import asyncio

TOPIC = "bench.bare"
DISTINCT = 5_000
"""Records that differ; a run sends them over and over."""

IN_FLIGHT = 50_000
"""Sends that are waited for at most; the relay waits for a page."""


def stored(stream: UUID, version: int, made: NewEvent, position: int) -> StoredEvent:
    """Return an event as a store would give it."""
    return StoredEvent(
        position=position,
        tenant=TENANT,
        stream_id=stream,
        version=version,
        command_id=UUID(int=position),
        **{name: getattr(made, name) for name in NewEvent.__dataclass_fields__},
    )


def records() -> Sequence[TopicRecord]:
    """Make records such as the relay sends."""
    return [to_record(SAMPLE, stored(uuid4(), 1, event(), at)) for at in range(1, DISTINCT + 1)]


async def send(sender: AIOKafkaProducer, made: Sequence[TopicRecord], count: int) -> Run:
    """Send from one task, without waiting for each; until all are acknowledged."""
    waiting: deque[asyncio.Future[object]] = deque()
    began = perf_counter()
    for each in islice(cycle(made), count):
        headers = list(each.headers)
        waiting.append(await sender.send(TOPIC, value=each.value, key=each.key, headers=headers))
        if len(waiting) >= IN_FLIGHT:
            await waiting.popleft()
    for future in waiting:
        await future
    took = perf_counter() - began
    return Run.of([], took, count)


async def trip(sender: AIOKafkaProducer, made: Sequence[TopicRecord], count: int) -> Run:
    """Send one, wait until it is consumed, and so on."""
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=os.environ["KAFKA"])
    await consumer.start()
    try:
        await consumer.seek_to_end()
        taken = []
        start = perf_counter()
        for each in islice(cycle(made), count):
            began = perf_counter()
            headers = list(each.headers)
            await sender.send(TOPIC, value=each.value, key=each.key, headers=headers)
            await consumer.getone()
            taken.append(perf_counter() - began)
    finally:
        await consumer.stop()
    return Run.of(taken, perf_counter() - start)


async def main() -> None:
    """Answer what is asked."""
    made = records()
    sender = producer(os.environ["KAFKA"])
    await sender.start()

    async def answer(asked: Mapping[str, Any]) -> Run:
        do = {"send": send, "trip": trip}[asked["what"]]
        return await do(sender, made, asked["records"])

    try:
        await answer_all(answer)
    finally:
        await sender.stop()


if __name__ == "__main__":
    uvloop.run(main())
