"""A consumer in one process: effects a second of what another service tells, each once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from bench import sample
from bench.bare_kafka import stored
from bench.figures import Spread
from bench.peers.starting import checked
from bench.plan import Plan
from bench.processes import running, until
from bench.servers import Site, counted, counting
from chassis.outward.broker import producer
from chassis.outward.records import to_record
from ledger.envelope import Actor
from ledger.registry import encode_metadata
from ledger.samples import event
from stack.databases import DatabaseUrls
from stack.topics import Topic, provision

HEARD = "select coalesce(sum(version), 0)::bigint from es.heard"
KINDS = {"commands": "Ring", "writes": "Note"}
"""What a record leads to, and the category that asks for it."""

ROWS = {
    "commands": "select count(*) from es.events",
    "writes": "select coalesce(sum(times), 0)::bigint from read.noted",
}


async def measure(site: Site, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return effects a second of one process: commands with events, and writes to a read model."""
    await site.stack.kafka.start()
    await provision(site.kafka, [Topic(sample.BELL.topic, sample.PARTITIONS, {})])
    urls = await sample.database(site)
    before = {kind: await counted(urls.superuser, rows) for kind, rows in ROWS.items()}
    rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
    peaks: list[float] = []
    for repeat in range(plan.repeats):
        for kind, category in KINDS.items():
            rate, peak = await heard(site, urls, category, plan.heard)
            rates[kind].append(rate)
            peaks.append(peak)
        say(f"repeat {repeat + 1} of {plan.repeats}")
    rung = plan.repeats * plan.heard
    return {
        "records": plan.heard,
        "by": {kind: Spread.of(of).told() for kind, of in rates.items()},
        "memory_mib": Spread.of(peaks).told(),
        "rows": {
            kind: checked(kind, rung, await counted(urls.superuser, rows) - before[kind])
            for kind, rows in ROWS.items()
        },
    }


async def heard(site: Site, urls: DatabaseUrls, category: str, records: int) -> tuple[float, float]:
    """Let a fresh process hear what is in the topic; return its rate and the most memory it had."""
    await ring(site.kafka, category, records)
    async with (
        counting(urls.superuser, HEARD) as count,
        running(("bench.run_sample", "react"), sample.environment(site, urls)) as process,
    ):
        start = await count()
        progress = await until(process, count, start, start + records)
    return progress.rate, process.peak_mib


async def ring(kafka: str, category: str, records: int) -> None:
    """Write records of fresh streams into the topic, as the relay of another service would."""
    nobody = Actor("nobody", "none")
    made = event()
    about = replace(made, metadata=encode_metadata(category, nobody, UUID(int=0)))
    sender = producer(kafka)
    await sender.start()
    try:
        waiting = []
        for at in range(1, records + 1):
            fresh = stored(uuid4(), 1, replace(about, event_id=uuid4()), at)
            record = to_record(sample.BELL, fresh)
            waiting.append(
                await sender.send(
                    sample.BELL.topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                )
            )
        for each in waiting:
            await each
    finally:
        await sender.stop()
