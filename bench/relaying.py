"""The relay of a service to a topic of six partitions, beside bare aiokafka with its settings."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from bench import bare_kafka, sample
from bench.figures import Spread, summed
from bench.filling import append_more
from bench.lines import measurer
from bench.peers.starting import checked
from bench.plan import Plan
from bench.processes import Watched, running, until
from bench.servers import Site, counting
from chassis.commands.own_events import RELAY
from stack.databases import DatabaseUrls
from stack.topics import Topic, provision

TRIPS = 200
SENT = f"select coalesce(min(seen_to), 0) from es.checkpoints where name = '{RELAY}'"


async def measure(site: Site, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the relay's events a second and memory, and what bare aiokafka does."""
    await site.stack.kafka.start()
    topics = [
        Topic(each, sample.PARTITIONS, {}) for each in (sample.SAMPLE.topic, bare_kafka.TOPIC)
    ]
    await provision(site.kafka, topics)
    urls = await sample.database(site)
    bare_runs, rates, peaks, middles = [], [], [], []
    command = (sys.executable, "-m", "bench.bare_kafka")
    async with measurer("aiokafka", command, os.environ | {"KAFKA": site.kafka}) as bare:
        await bare.ask(what="send", records=bare_kafka.DISTINCT)
        for repeat in range(plan.repeats):
            bare_runs.append(await bare.ask(what="send", records=plan.relayed))
            before = await _ends(site.kafka)
            rate, watched = await _relayed(site, urls, plan.relayed)
            rates.append(rate)
            peaks.append(watched.peak_mib)
            middles.append(watched.middle_mib)
            say(f"repeat {repeat + 1} of {plan.repeats}")
        trips = [await bare.ask(what="trip", records=TRIPS) for _ in range(plan.repeats)]
    return {
        "events": plan.relayed,
        "partitions": sample.PARTITIONS,
        "relay": Spread.of(rates).told(),
        "aiokafka": Spread.of([each.rate for each in bare_runs]).told(),
        "memory_mib": {"half way": Spread.of(middles).told(), "peak": Spread.of(peaks).told()},
        "rows": await _in_order(site.kafka, before, plan.relayed),
        "trip": summed(trips),
    }


async def _relayed(site: Site, urls: DatabaseUrls, events: int) -> tuple[float, Watched]:
    """Add events while a relay stands idle, and see how fast it sends them."""
    environment = sample.environment(site, urls)
    async with (
        counting(urls.superuser, SENT) as seen,
        running(("bench.run_sample", "relay"), environment) as process,
    ):
        start = await seen()
        await until(process, seen, start, await append_more(urls, 1))
        start, last = await seen(), await append_more(urls, events)
        process.forget()
        progress = await until(process, seen, start, last)
        process.look()
        return progress.rate, process


async def _ends(kafka: str) -> Mapping[TopicPartition, int]:
    partitions = [TopicPartition(sample.SAMPLE.topic, at) for at in range(sample.PARTITIONS)]
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    try:
        ends: Mapping[TopicPartition, int] = await consumer.end_offsets(partitions)
        return ends
    finally:
        await consumer.stop()


async def _in_order(kafka: str, since: Mapping[TopicPartition, int], events: int) -> dict[str, int]:
    """See that the last repeat's events are in the topic, each once and in order within its key."""
    ends = await _ends(kafka)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    consumer.assign(list(since))
    await consumer.start()
    versions: dict[bytes, list[int]] = defaultdict(list)
    try:
        for partition, offset in since.items():
            consumer.seek(partition, offset)
        left = {each for each in since if since[each] < ends[each]}
        while left:
            for partition, found in (await consumer.getmany(*left, timeout_ms=500)).items():
                for each in found:
                    versions[each.key].append(int(dict(each.headers)["ce_sequence"]))
                if found and found[-1].offset + 1 >= ends[partition]:
                    left.discard(partition)
    finally:
        await consumer.stop()
    for key, of_key in versions.items():
        if of_key != sorted(set(of_key)):
            raise AssertionError(f"{key!r} is out of order: {of_key}")
    # The one event that each relay begins with comes before.
    return checked("the relay", events + 1, sum(map(len, versions.values())))
