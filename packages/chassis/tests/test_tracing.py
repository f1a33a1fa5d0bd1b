"""One trace runs from a command through the store and Kafka to its effect in the other service."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.acting import Subscription
from chassis.inward.hearing import Hearing
from chassis.outward import sending
from chassis.outward.records import Arrived, TopicRecord
from chassis.running import telemetry
from chassis.running.telemetry_setup import JsonLines, exporting
from packages.chassis.tests.conftest import Parts
from packages.chassis.tests.counters import COUNTERS, Count, hear
from packages.chassis.tests.sources import SOURCES
from packages.chassis.tests.test_relay import sent
from stack.testing import Kafka


def spans(file: Path) -> list[dict[str, Any]]:
    """Read the spans back."""
    return [json.loads(line) for line in file.read_text().splitlines()]


async def test_relay_hearing_and_effect_are_of_the_trace_of_the_command(
    parts: Parts, kafka: Kafka, tmp_path: Path
) -> None:
    """The service hears itself: what it tells of a case is counted where the case says."""
    service = replace(
        parts.runtime.service,
        publish=SOURCES.publish,
        subscriptions=(Subscription("counters", hear),),
    )
    own = replace(parts, runtime=replace(parts.runtime, service=service))
    target = await parts.opened()
    counter = await parts.opened(case_id=target)
    file = tmp_path / "spans"
    with exporting("counters", JsonLines(file)):
        with telemetry.span("a caller's"):
            done = await parts.do(Count(counter, 5))
        async with own.in_role("relay") as running:
            await sent(running)
        [record] = [
            each
            for each in await _records(kafka, COUNTERS.topic)
            if dict(each.headers)["ce_subject"] == str(counter).encode()
            and dict(each.headers)["ce_sequence"].endswith(b"%d" % done.versions[counter])
        ]
        hearer = replace(own.runtime, peers={})
        await Hearing(hearer).batch([_begun(record), record])
    found = spans(file)
    of_command = next(each for each in found if each["name"] == "a caller's")
    own_trace = [each for each in found if each["trace_id"] == of_command["trace_id"]]
    by_id = {each["span_id"]: each for each in own_trace}
    assert {each["name"] for each in own_trace} >= {
        "execute Count",
        "append",
        "relay Rang",
        "hear Rang",
    }
    assert all(each["parent_id"] in by_id for each in own_trace if each is not of_command)
    executed = [each for each in own_trace if each["name"] == "execute Count"]
    parents = {by_id[each["parent_id"]]["name"] for each in executed}
    assert parents == {"a caller's", "hear Rang"}


def _begun(record: Arrived) -> Arrived:
    """Make the record before the first version that is of interest, so that no gap is found."""
    headers = dict(record.headers) | {
        "ce_sequence": b"%020d" % 1,
        "ce_type": b"throughline.counters.unpublished.v1",
    }
    return replace(record, value=None, headers=tuple(headers.items()))


async def _records(kafka: Kafka, topic: str) -> list[Arrived]:
    async with AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap) as consumer:
        partitions = [TopicPartition(topic, number) for number in range(3)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[Any] = []
        while any([await consumer.position(each) < ends[each] for each in partitions]):
            for batch in (await consumer.getmany(timeout_ms=1000)).values():
                found.extend(batch)
    return [
        Arrived(each.topic, each.partition, each.offset, each.key, each.value, tuple(each.headers))
        for each in found
    ]


async def test_of_an_event_whose_trace_nobody_keeps_the_relay_makes_no_span(
    tmp_path: Path,
) -> None:
    file = tmp_path / "spans"
    trace = f"00-{'ab' * 16}-{'cd' * 8}"
    with exporting("counters", JsonLines(file)):
        for flags in ("00", "01"):
            headers = (
                ("ce_type", b"throughline.counters.Moved.v1"),
                ("ce_traceparent", f"{trace}-{flags}".encode()),
            )
            sending.mark(TopicRecord(b"key", None, headers))
    assert [(each["name"], each["trace_id"]) for each in spans(file)] == [
        ("relay Moved", "ab" * 16)
    ]
