"""F18: consumers come and go, and everything is dealt out anew. F19: committed offsets go back."""

import asyncio
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from faults.checking.hops import HEARS
from faults.installation import topic
from faults.scene import Fault, FaultClass, Scene, becomes
from faults.topics import committed
from throughline_cli.reaching import SERVICES

JOINS_WITHIN_S = 12.0


class _Guest:
    """A further member of a service's consumer group, that takes partitions and does nothing."""

    def __init__(self, kafka: str, service: str) -> None:
        self.group = f"throughline.{service}"
        self.consumer = AIOKafkaConsumer(
            *(topic(each) for each in sorted(HEARS[service])),
            bootstrap_servers=kafka,
            group_id=self.group,
            enable_auto_commit=False,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=500,
        )

    async def __aenter__(self) -> Self:
        await self.consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.consumer.stop()

    async def assigned(self) -> set[TopicPartition]:
        """Return the partitions that fell to this member, once some did."""

        async def some() -> set[TopicPartition]:
            return set(self.consumer.assignment())

        found: set[TopicPartition] | None = await becomes(some, JOINS_WITHIN_S)
        return found or set()

    @property
    def generation(self) -> int:
        """The generation of the group, as this member was told."""
        coordinator: Any = self.consumer._coordinator  # noqa: SLF001 # the library shows it nowhere else
        return int(coordinator.generation)


async def storm(scene: Scene, number: int) -> list[Fault]:
    """Join groups and leave them, again and again; each time everything is dealt out anew."""
    services = scene.some(list(SERVICES), number)
    times = {each: number // len(services) for each in services}
    times[services[0]] += number % len(services)
    stormed = await asyncio.gather(*(_storm(scene, each, times[each]) for each in services))
    return [fault for faults in stormed for fault in faults]


async def _storm(scene: Scene, service: str, times: int) -> list[Fault]:
    faults, last = [], 0
    for _ in range(times):
        fault = Fault("F18", f"throughline.{service}")
        async with _Guest(scene.installation.kafka, service) as guest:
            taken = await guest.assigned()
            generation = guest.generation
            await scene.rest(0.0, 0.5)
        holds = bool(taken) and generation > last
        faults.append(fault.prove(holds=holds, generation=generation, partitions=len(taken)))
        last = max(last, generation)
    return faults


async def back(scene: Scene, number: int) -> list[Fault]:
    """Set committed offsets of groups back, so that everything behind them comes again."""
    services = scene.some(list(SERVICES), number)
    return list(await asyncio.gather(*(_back(scene, each) for each in services)))


async def _back(scene: Scene, service: str) -> Fault:
    kafka = scene.installation.kafka
    fault = Fault("F19", f"throughline.{service}")
    async with _Guest(kafka, service) as guest:
        taken = await guest.assigned()
        before = await committed(kafka, guest.group, sorted(taken))
        to = {each: scene.rng.choice((0, offset // 2)) for each, offset in before.items()}
        try:
            await guest.consumer.commit(to)
        except (KafkaError, ValueError) as error:
            return fault.prove(holds=False, why=type(error).__name__)
        after = await committed(kafka, guest.group, sorted(taken))
    again = sum(before[each] - after[each] for each in after)
    offsets = {f"{each.topic}/{each.partition}": [before[each], after[each]] for each in after}
    return fault.prove(holds=again > 0, records_again=again, offsets=offsets)


F18 = FaultClass("F18", "a storm of rebalances", storm, at_once=8)
F19 = FaultClass("F19", "committed offsets set back", back, at_once=4)
