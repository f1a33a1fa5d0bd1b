"""F16: records of different keys come in another order than they were stored in.

While the relays sleep, what they would send is asked from the service, as a consumer that found a
gap does, and written so that later keys come first. Each key keeps its own order.
"""

import signal
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import grpc.aio
import psutil
from aiokafka import AIOKafkaProducer

from chassis.identity.claims import AUDIENCE
from chassis.identity.local_issuer import LocalIssuer
from chassis.roles import Role
from chassis.running.settings import Environment
from faults.installation import SPLIT, STANDBY, topic
from faults.scene import Fault, FaultClass, Scene, becomes
from faults.topics import Told, reading, writing
from throughline.operations.v1 import operations_pb2
from throughline.operations.v1.operations_pb2_grpc import OperationsServiceStub

RELAYS = (f"{SPLIT}-relay", STANDBY)
EVENTS, EVENTS_A_PAIR = 8, 3
GATHERED_WITHIN_S = 6.0
CALL_S = 5.0
TOKEN_S = 300
LATEST = 300

_UNTOLD = """
select e.position, e.tenant::text as tenant, e.stream_id::text as stream, e.version
  from es.events e
 where e.position > (select position from es.checkpoints where name = 'relay' and shard = 0)
 order by e.position
"""


@dataclass(frozen=True, slots=True)
class _Untold:
    """A stored event that no relay has sent yet, as it would be sent."""

    position: int
    told: Told
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]


async def inject(scene: Scene, number: int) -> list[Fault]:
    """Write what the relays would, later keys first, and let the relays go on."""
    fleet = scene.installation.fleet
    for name in RELAYS:
        fleet.send(name, signal.SIGSTOP)
    try:
        async with scene.store(SPLIT) as store:

            async def enough() -> bool:
                return len(await store.fetch(_UNTOLD)) >= EVENTS + EVENTS_A_PAIR * number

            await becomes(enough, GATHERED_WITHIN_S, poll_s=0.1)
            rows = await store.fetch(_UNTOLD)
        asleep = [fleet.state(name) == psutil.STATUS_STOPPED for name in RELAYS]
        async with reading(scene.installation.kafka) as topics:
            known = {Told.by(each) for each in await topics.latest(SPLIT, LATEST)}
        untold = [each for each in await _ask(scene, rows) if each.told not in known]
        async with writing(scene.installation.kafka) as producer:
            faults = await _write(producer, untold, number)
    finally:
        for name in RELAYS:
            fleet.send(name, signal.SIGCONT)
    return [each.prove(holds=each.proved and all(asleep)) for each in faults]


async def _ask(scene: Scene, rows: list[Any]) -> list[_Untold]:
    """Ask the service for the records of events, as another service would."""
    first: dict[tuple[str, str], int] = {}
    position = {(row["stream"], row["version"]): row["position"] for row in rows}
    for row in rows:
        first.setdefault((row["tenant"], row["stream"]), row["version"])
    found: list[_Untold] = []
    address = scene.installation.platform.services[SPLIT]
    metadata = (("authorization", f"Bearer {_token(scene)}"),)
    async with grpc.aio.insecure_channel(address) as channel:
        stub: Any = OperationsServiceStub(channel)
        for (tenant, stream), version in first.items():
            request = operations_pb2.ReadPublishedRequest(
                authority=tenant, stream_id=stream, from_version=version
            )
            answer = await stub.ReadPublished(request, metadata=metadata, timeout=CALL_S)
            for each in answer.records:
                headers = [(header.name, header.value) for header in each.headers]
                said = dict(headers)
                told = Told(tenant, stream, int(said["ce_sequence"]), said["ce_id"].decode())
                at = position.get((stream, told.version))
                if at is not None:
                    value = each.value or None
                    found.append(_Untold(at, told, each.key, value, headers))
    return sorted(found, key=lambda each: each.position)


def _token(scene: Scene) -> str:
    """Make the token of a service, which alone may ask for records."""
    parts = scene.installation
    key = parts.stack.whereabouts().keys.issuer
    issuer = LocalIssuer.from_file(parts.platform.issuer, key, Environment.TEST)
    now = int(time.time())
    return issuer.sign(
        {
            "iss": issuer.issuer,
            "aud": AUDIENCE,
            "sub": "service:referrals",
            "iat": now,
            "nbf": now,
            "exp": now + TOKEN_S,
            "roles": [Role.SERVICE.value],
            "tenants": [str(each) for each in parts.platform.directory.tenants],
        }
    )


async def _write(producer: AIOKafkaProducer, untold: list[_Untold], number: int) -> list[Fault]:
    """Write the records, each key in its order, the keys from the last to the first."""
    lanes: dict[bytes, list[_Untold]] = defaultdict(list)
    for each in untold:
        lanes[each.key].append(each)
    order = [each for lane in reversed(list(lanes.values())) for each in lane]
    handed = [
        (
            each,
            await producer.send(topic(SPLIT), value=each.value, key=each.key, headers=each.headers),
        )
        for each in order
    ]
    partitions: dict[int, list[tuple[int, _Untold]]] = defaultdict(list)
    for each, future in handed:
        written = await future
        partitions[written.partition].append((written.offset, each))
    faults: list[Fault] = []
    for partition, written in partitions.items():
        faults += _swapped(partition, sorted(written, key=lambda pair: pair[0]))
    return faults[:number]


def _swapped(partition: int, written: list[tuple[int, _Untold]]) -> list[Fault]:
    """Name pairs of neighbours, none in two pairs, of which the later stored came first."""
    faults = []
    at = 0
    while at + 1 < len(written):
        (one, first), (two, second) = written[at], written[at + 1]
        if first.position > second.position and first.key != second.key:
            fault = Fault("F16", f"{topic(SPLIT)}/{partition}")
            fault.proof |= {"topic": topic(SPLIT), "partition": partition}
            fault.proof |= {"first": _named(one, first), "second": _named(two, second)}
            fault.proved = one < two
            faults.append(fault)
            at += 1
        at += 1
    return faults


def _named(offset: int, each: _Untold) -> dict[str, Any]:
    return {
        "stream": each.told.stream,
        "version": each.told.version,
        "event_id": each.told.event_id,
        "position": each.position,
        "offset": offset,
    }


F16 = FaultClass("F16", "records of different keys in another order", inject, at_once=8, weight=5)
