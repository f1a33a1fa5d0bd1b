"""F17: records on the topics that no service of ours wrote, and that nobody can apply."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer

from faults.installation import topic
from faults.scene import Fault, FaultClass, Scene, becomes
from faults.topics import writing

FROM = "referrals"
LOOKED_INTO = "ReferralReceived"
LOOK_INTO_IT = ("casework", "notifications")
"""Whoever else listens passes over what is spoiled in a field."""

NEVER_LOOKS = "notifications"
"""Who passes over whatever else is told."""
PARKED_WITHIN_S = 20.0
DEEP = 20_000
LONG = 400_000
"""Twice in a record, which may have a million bytes."""

_NOBODY = "00000000-0000-4000-8000-000000000000"
SOUND: Mapping[str, Any] = {
    "referral_id": _NOBODY,
    "submission_id": _NOBODY,
    "family_id": _NOBODY,
    "child": _NOBODY,
    "referrer": _NOBODY,
    "reference": "3CLY-82M8",
    "urgent": True,
    "immediate_danger": False,
}
_FAR: Mapping[str, Any] = {"child": _NOBODY, "duty_holder": "westmarch"}


def _json(said: Mapping[str, Any], **more: Any) -> bytes:
    return json.dumps({**said, **more}).encode()


def _spoiled(by: Any) -> bytes:
    """Return a referral spoiled for whoever listens: each reads another of these, and only it.

    A consumer checks what it uses; what is spoiled for another only, it takes, and rightly.
    """
    return _json(SOUND, referral_id=by, submission_id=by)


@dataclass(frozen=True, slots=True)
class Poison:
    """A record that cannot be applied; `headers` replace sound ones, or take them away."""

    what: str
    name: str = LOOKED_INTO
    value: bytes | None = None
    headers: Mapping[str, bytes | None] | None = None


POISONS = (
    Poison("truncated", value=b'{"referral_id": "'),
    Poison("NaN", value=_json(SOUND, urgent=float("nan"))),
    Poison("no object", value=b"[1, 2]"),
    Poison("no value"),
    Poison("a key twice", value=b'{"urgent": true, "urgent": false}'),
    Poison("nested too deeply", value=b'{"a":' * DEEP),
    Poison("a wrong type", value=_spoiled(7)),
    Poison("a field missing", value=b"{}"),
    Poison("no UTF-8", value=b'{"referral_id": "\xff\xfe"}'),
    Poison("a number beyond all", value=_spoiled(10**400)),
    Poison("hostile words", value=_spoiled("'; drop table es.events; --")),
    Poison("too long", value=_spoiled("K" * LONG)),
    Poison("a zero byte", "ResponsibilityChanged", _json(_FAR, duty_holder="west\0march")),
    Poison("half a character", "ResponsibilityChanged", _json(_FAR, duty_holder="\ud800")),
    Poison("a day that is none", "ResponsibilityChanged", _json(_FAR, from_day="2025-02-30")),
    Poison("no authority", value=_json(SOUND), headers={"ce_tenant": None}),
    Poison("an authority that is no id", value=_json(SOUND), headers={"ce_tenant": b"westmarch"}),
    Poison("a stream that is no text", value=_json(SOUND), headers={"ce_subject": b"\xff\xfe"}),
    Poison("a version beyond all", value=_json(SOUND), headers={"ce_sequence": b"9" * 20}),
    Poison("a version that is none", value=_json(SOUND), headers={"ce_sequence": b"one"}),
    Poison("a version never told", value=_json(SOUND), headers={"ce_sequence": b"%020d" % 7}),
    Poison("another's name", value=_json(SOUND), headers={"ce_source": b"/throughline/groups"}),
    Poison("nobody's name", value=_json(SOUND), headers={"ce_source": b"/throughline/nobody"}),
)

_PARKED = "select count(*) from es.parked_records where stream_id = $1::uuid"
_DEAD = 'select count(*) from es.dead_letters where topic = $1 and partition = $2 and "offset" = $3'


async def inject(scene: Scene, number: int) -> list[Fault]:
    """Write poison among the records of a topic; wait until whoever listens has set it aside."""
    async with writing(scene.installation.kafka) as producer:
        faults = [
            await _write(
                scene, producer, POISONS[(scene.rng.randrange(len(POISONS)) + n) % len(POISONS)]
            )
            for n in range(number)
        ]
    for consumer in LOOK_INTO_IT:
        async with scene.store(consumer) as store:
            for fault in faults:
                if consumer in fault.proof.get("passed_over", ()):
                    continue

                async def aside(fault: Fault = fault, store: Any = store) -> str:
                    said = fault.proof
                    if said["stream"] and await store.fetchval(_PARKED, said["stream"]):
                        return "parked_records"
                    at = (said["topic"], said["partition"], said["offset"])
                    return "dead_letters" if await store.fetchval(_DEAD, *at) else ""

                where = await becomes(aside, PARKED_WITHIN_S)
                if where:
                    fault.proof["where"] = where
                    fault.proof["consumers"] = [*fault.proof["consumers"], consumer]
    return [each.prove(holds=bool(each.proof["consumers"])) for each in faults]


async def _write(scene: Scene, producer: AIOKafkaProducer, poison: Poison) -> Fault:
    directory = scene.installation.platform.directory
    tenant = scene.rng.choice(directory.tenants)
    stream = UUID(int=scene.rng.getrandbits(128), version=4)
    event = UUID(int=scene.rng.getrandbits(128), version=4)
    fault = Fault("F17", f"{topic(FROM)}: {poison.what}")
    headers = headers_of(poison, tenant, stream, event)
    written = await producer.send_and_wait(
        topic(FROM), value=poison.value, key=f"{tenant}:{stream}".encode(), headers=headers
    )
    readable = poison.headers is None or "ce_subject" not in poison.headers
    fault.proof |= {
        "topic": topic(FROM),
        "partition": written.partition,
        "offset": written.offset,
        "stream": str(stream) if readable else None,
        "event_id": str(event),
        "what": poison.what,
        "where": "",
        "consumers": [],
        "passed_over": [] if poison.name == LOOKED_INTO else [NEVER_LOOKS],
    }
    return fault


def headers_of(poison: Poison, tenant: UUID, stream: UUID, event: UUID) -> list[tuple[str, bytes]]:
    """Return the headers with which the first record of a made-up stream is written."""
    known: dict[str, bytes | None] = {
        "ce_specversion": b"1.0",
        "ce_id": str(event).encode(),
        "ce_source": f"/throughline/{FROM}".encode(),
        "ce_type": f"throughline.{FROM}.{poison.name}.v1".encode(),
        "ce_subject": str(stream).encode(),
        "ce_time": b"2024-12-30T10:00:00.000000Z",
        "ce_timeprecision": b"instant",
        "ce_recordedtime": b"2024-12-30T10:00:00.000000Z",
        "ce_sequence": b"%020d" % 1,
        "ce_tenant": str(tenant).encode(),
        "ce_category": b"Referral",
        "ce_correlationid": str(event).encode(),
    }
    told = {**known, **(poison.headers or {})}
    return [(name, value) for name, value in told.items() if value is not None]


F17 = FaultClass("F17", "poison on a topic", inject, at_once=40, weight=8)
