"""What happens to the platform while stories are told: messages come twice, services are killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition

from faults.topics import Told, Topics, reading, writing
from tests.system.installation import PARTITIONS, TOPICS, Installation
from throughline_cli.reaching import SERVICES

KILLED_EACH = 3
"""Moves of the clock from one killing to the next."""

MEANWHILE_S = 0.4
"""How long after the clock began to move a service is killed: while others act."""


@dataclass(slots=True)
class Disturber:
    """Has every message delivered twice, word for word, and kills services; it keeps count."""

    installation: Installation
    topics: Topics
    producer: Any
    ended: dict[str, list[int]] = field(default_factory=dict)
    doubled: int = 0
    _begins: dict[TopicPartition, int] = field(default_factory=dict)
    _copies: set[tuple[TopicPartition, int]] = field(default_factory=set)
    _victims: Any = field(default_factory=lambda: cycle(SERVICES))
    _moves: int = 0
    _killing: "asyncio.Task[None] | None" = None

    async def double(self) -> None:
        """Deliver again what was told since the last time, each record where it stood."""
        handed = [
            (record, await self.producer.send(record.topic, **_as_it_stood(record)))
            for record in await self._new()
        ]
        for record, sent in handed:
            copy = await sent
            self._copies.add((TopicPartition(record.topic, record.partition), copy.offset))
        self.doubled += len(handed)

    async def kill(self, service: str) -> None:
        """Kill a service and start it again."""
        status = await self.installation.kill(service)
        self.ended.setdefault(service, []).append(status)

    async def at_each_move(self) -> None:
        """Deliver all again at each move of the clock; at every third a service dies meanwhile."""
        await self.all_up()
        await self.double()
        self._moves += 1
        if self._moves % KILLED_EACH == 0:
            self._killing = asyncio.create_task(self._kill_soon(next(self._victims)))

    async def all_up(self) -> None:
        """Return when the service that was killed last serves again."""
        if self._killing is not None:
            await self._killing
            self._killing = None

    async def told_once(self) -> list[Told]:
        """Return what still came only once; nothing once all was delivered again."""
        times = Counter(each for record in await self._all() if (each := Told.by(record)))
        return [each for each, count in times.items() if count == 1]

    async def _kill_soon(self, service: str) -> None:
        await asyncio.sleep(MEANWHILE_S)
        await self.kill(service)

    async def _new(self) -> "Sequence[ConsumerRecord[bytes, bytes]]":
        if not self._begins:
            self._begins = dict.fromkeys(_partitions(), 0)
        found = await self.topics.since(self._begins)
        for record in found:
            self._begins[TopicPartition(record.topic, record.partition)] = record.offset + 1
        return [
            each
            for each in found
            if (TopicPartition(each.topic, each.partition), each.offset) not in self._copies
        ]

    async def _all(self) -> "Sequence[ConsumerRecord[bytes, bytes]]":
        return await self.topics.since(dict.fromkeys(_partitions(), 0))


@asynccontextmanager
async def disturber(installation: Installation) -> AsyncIterator[Disturber]:
    """Give a disturber of a platform."""
    async with AsyncExitStack() as opened:
        kafka = installation.platform.kafka
        topics = await opened.enter_async_context(reading(kafka))
        producer = await opened.enter_async_context(writing(kafka))
        made = Disturber(installation, topics, producer)
        yield made
        await made.all_up()


def _partitions() -> list[TopicPartition]:
    return [TopicPartition(topic, number) for topic in TOPICS for number in PARTITIONS]


def _as_it_stood(record: "ConsumerRecord[bytes, bytes]") -> dict[str, Any]:
    return {
        "value": record.value,
        "key": record.key,
        "headers": list(record.headers),
        "partition": record.partition,
    }
