"""Reading stores and topics: rows and bytes as they are, past every wall, changing nothing."""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from faults.checking.evidence import Accepted, Event, Record, Row, Store

CONNECT_S = 10.0
PAGE = 5_000
PATIENCE_MS = 500
IDLE_READS = 40

_EVENTS = """
select position, tenant, stream_id, version, event_id, command_id, type, occurred_at, recorded_at,
       payload, metadata
  from es.events order by position
"""
_COMMANDS = "select tenant, command_id, outcome, streams, versions from es.commands"
_READ_MODELS = "select tablename from pg_tables where schemaname = 'read' order by 1"

TABLES: Mapping[str, str] = {
    "streams": "select tenant, stream_id, category, version, case_id from es.streams",
    "claims": "select tenant, kind, stream_id from es.claims",
    "threads": "select tenant, thread, position from es.threads",
    "heard": "select tenant, consumer, stream_id, version from es.heard",
    "refused": "select tenant, consumer, event_id, command_id, refusal from es.refused",
    "parked": "select tenant, consumer, stream_id, reason, attempts from es.parked",
    "parked_records": (
        'select tenant, consumer, stream_id, version, event_id, topic, partition, "offset"'
        " from es.parked_records"
    ),
    "dead_letters": 'select topic, partition, "offset", reason from es.dead_letters',
    "deadlines": (
        "select tenant, kind, stream_id, due_at, set_by, fired_at, met_at from es.deadlines"
    ),
    "checkpoints": "select name, shard, position, seen_to, epoch from es.checkpoints",
}

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def read_store(url: str) -> Store:
    """Read a service's database as of one moment."""
    connection = await asyncpg.connect(url, timeout=CONNECT_S)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _read(connection)
    finally:
        await connection.close(timeout=CONNECT_S)


async def _read(connection: Connection) -> Store:
    events = [_event(row) async for row in connection.cursor(_EVENTS, prefetch=PAGE)]
    commands = {
        (row["tenant"], row["command_id"]): Accepted(
            row["outcome"], dict(zip(row["streams"], row["versions"], strict=True))
        )
        async for row in connection.cursor(_COMMANDS, prefetch=PAGE)
    }
    tables: dict[str, tuple[Row, ...]] = {}
    for name, statement in TABLES.items():
        tables[name] = tuple([dict(row) for row in await connection.fetch(statement)])
    read: dict[str, tuple[Row, ...]] = {}
    for row in await connection.fetch(_READ_MODELS):
        table = row["tablename"]
        quoted = '"' + table.replace('"', '""') + '"'
        rows = await connection.fetch(f"select * from read.{quoted}")
        read[table] = tuple([dict(each) for each in rows])
    now = await connection.fetchval("select es.now()")
    return Store(events, commands, tables, read, now)


def _event(row: asyncpg.Record) -> Event:
    return Event(
        row["position"],
        row["tenant"],
        row["stream_id"],
        row["version"],
        row["event_id"],
        row["command_id"],
        row["type"],
        row["occurred_at"],
        row["recorded_at"],
        row["payload"],
        json.loads(row["metadata"]),
    )


async def dump(url: str, table: str) -> bytes:
    """Return a read model's rows as bytes, in the order of its key, for comparing replays."""
    connection = await asyncpg.connect(url, timeout=CONNECT_S)
    schema, name = table.split(".")
    quoted = f'"{schema}"."{name}"'
    try:
        rows = await connection.fetch(f"select t::text as line from {quoted} t order by t::text")
    finally:
        await connection.close(timeout=CONNECT_S)
    return b"".join(row["line"].encode() + b"\n" for row in rows)


async def read_topics(kafka: str, topics: Mapping[str, str], partitions: int) -> list[Record]:
    """Read topics from their beginnings to where they end now, each partition in its order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        return await _read_assigned(consumer, topics, partitions)
    finally:
        await consumer.stop()


async def _read_assigned(
    consumer: AIOKafkaConsumer, topics: Mapping[str, str], number: int
) -> list[Record]:
    services = {topic: service for service, topic in topics.items()}
    partitions = [TopicPartition(topic, each) for topic in services for each in range(number)]
    consumer.assign(partitions)
    begins = await consumer.beginning_offsets(partitions)
    ends = await consumer.end_offsets(partitions)
    for each in partitions:
        consumer.seek(each, begins[each])
    left = {each for each in partitions if begins[each] < ends[each]}
    found: list[Record] = []
    idle = 0
    while left and idle < IDLE_READS:
        batch = await consumer.getmany(*left, timeout_ms=PATIENCE_MS)
        idle = 0 if batch else idle + 1
        found += [_record(services, each) for records in batch.values() for each in records]
        left = {each for each in left if await consumer.position(each) < ends[each]}
    if left:
        raise TimeoutError(f"{len(left)} partitions could not be read to their end")
    return found


def _record(services: Mapping[str, str], record: Any) -> Record:
    return Record(
        service=services[record.topic],
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )
