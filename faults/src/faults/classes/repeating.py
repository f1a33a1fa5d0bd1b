"""F15: records come again, 2 to 50 times, word for word."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition

from faults.installation import topic
from faults.plan import HEARERS
from faults.scene import Fault, FaultClass, Scene, becomes
from faults.topics import Told, committed, reading, writing
from throughline_cli.reaching import SERVICES

LEAST, MOST = 2, 50
HEARD_WITHIN_S = 30.0
LATEST = 600

_HEARD = """
select consumer from es.heard where tenant = $1::uuid and stream_id = $2::uuid and version >= $3
"""


async def inject(scene: Scene, number: int) -> list[Fault]:
    """Write records of one topic again, and wait until whoever listens is past them."""
    service = scene.rng.choice(SERVICES[:3])
    kafka = scene.installation.kafka
    async with reading(kafka) as topics, writing(kafka) as producer:
        records = scene.some(await topics.latest(service, LATEST), number)
        sent = await asyncio.gather(*(_again(scene, producer, each) for each in records))
    faults = [each for each in sent if each is not None]
    await _passed(scene, service, faults)
    await _known(scene, service, faults)
    return faults


async def _again(
    scene: Scene, producer: AIOKafkaProducer, record: "ConsumerRecord[bytes, bytes]"
) -> Fault | None:
    told = Told.by(record)
    if told is None:
        return None
    copies = scene.rng.randint(LEAST, MOST)
    fault = Fault("F15", f"{record.topic}/{record.partition} {copies} times")
    handed = [
        await producer.send(
            record.topic,
            value=record.value,
            key=record.key,
            headers=list(record.headers),
            partition=record.partition,
        )
        for _ in range(copies)
    ]
    offsets = [(await each).offset for each in handed]
    fault.proof |= {
        "topic": record.topic,
        "partition": record.partition,
        "offsets": [min(offsets), max(offsets)],
        "copies": copies,
        "event_id": told.event_id,
        "tenant": told.tenant,
        "stream": told.stream,
        "version": told.version,
    }
    return fault


async def _passed(scene: Scene, service: str, faults: Sequence[Fault]) -> None:
    """Prove that each group that listens went past the copies."""
    kafka = scene.installation.kafka
    last: dict[TopicPartition, int] = {}
    for each in faults:
        partition = TopicPartition(topic(service), each.proof["partition"])
        last[partition] = max(last.get(partition, 0), each.proof["offsets"][1])
    for hearer in HEARERS[service]:

        async def behind(hearer: str = hearer) -> bool:
            found = await committed(kafka, f"throughline.{hearer}", list(last))
            return all(found[each] > end for each, end in last.items())

        held = bool(await becomes(behind, HEARD_WITHIN_S, poll_s=0.2))
        for each in faults:
            each.proof.setdefault("passed", {})[hearer] = held


async def _known(scene: Scene, service: str, faults: Sequence[Fault]) -> None:
    """Prove that what came again was known: its version had been heard."""
    for hearer in HEARERS[service]:
        async with scene.store(hearer) as store:
            for each in faults:
                wanted = (each.proof["tenant"], each.proof["stream"], each.proof["version"])
                rows = await store.fetch(_HEARD, *wanted)
                each.proof.setdefault("skipped", {})[hearer] = bool(rows)
    for each in faults:
        each.prove(holds=all([*each.proof["passed"].values(), *each.proof["skipped"].values()]))


F15 = FaultClass("F15", "records delivered again", inject, at_once=40, weight=8)
