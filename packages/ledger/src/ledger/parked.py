"""Streams of others that wait because a record of theirs could not be handled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.dead_letters import Headers, split
from ledger.heard import Stream

BEHIND = "Behind"
"""The reason of a stream that was found with records and nothing else."""

_STREAMS = """
select p.tenant, p.stream_id
  from unnest($2::uuid[], $3::uuid[]) w (tenant, stream_id)
 cross join lateral (
       select * from es.parked p
        where p.tenant = w.tenant and p.consumer = $1 and p.stream_id = w.stream_id limit 1) p
"""

# The update changes nothing: it locks the row, so that whoever takes the last record away waits and
# then sees the new one.
_PARK = """
insert into es.parked as p (consumer, tenant, stream_id, reason, next_attempt_at)
values ($1, $2, $3, $4, clock_timestamp() + interval '250 ms')
    on conflict (tenant, consumer, stream_id) do update set reason = p.reason
"""

_ADD = """
insert into es.parked_records (consumer, tenant, stream_id, version, event_id, type, topic,
                               partition, "offset", key, value, header_names, header_values)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict do nothing
"""

_NEXT_DUE = """
select tenant, stream_id from es.parked
 where consumer = $1 and next_attempt_at <= clock_timestamp()
 order by next_attempt_at
 limit 1
"""

_ANY = "select exists (select from es.parked where consumer = $1)"

_RECORDS = """
select consumer, tenant, stream_id, version, event_id, type, topic, partition, "offset", key, value,
       header_names, header_values
  from es.parked_records
 where consumer = $1 and tenant = $2 and stream_id = $3
 order by version
 limit $4
"""

# From half a second the pauses double, up to five minutes.
_ATTEMPTED = """
update es.parked
   set attempts = attempts + 1, reason = $4,
       next_attempt_at = clock_timestamp()
           + least(interval '250 ms' * 2 ^ least(attempts + 1, 20), interval '5 min')
 where consumer = $1 and tenant = $2 and stream_id = $3
"""

_LOCK = """
select from es.parked where consumer = $1 and tenant = $2 and stream_id = $3 for update
"""

_REMOVE = """
delete from es.parked_records
 where consumer = $1 and tenant = $2 and stream_id = $3 and version = $4
"""

_REMAINING = """
select count(*) from es.parked_records where consumer = $1 and tenant = $2 and stream_id = $3
"""

_RELEASE = "delete from es.parked where consumer = $1 and tenant = $2 and stream_id = $3"

# What comes next was behind the record that was taken away: it is tried at once.
_HURRY = """
update es.parked set attempts = 0, next_attempt_at = clock_timestamp()
 where consumer = $1 and tenant = $2 and stream_id = $3
"""

# A record that is sent or applied as these bytes say, whatever it would have been.
_REPLACE = """
update es.parked_records set key = $5, value = $6, header_names = $7, header_values = $8
 where consumer = $1 and tenant = $2 and stream_id = $3 and version = $4
"""

_LIST = """
select p.consumer, p.tenant, p.stream_id, p.attempts, p.reason, p.next_attempt_at,
       r.records, r.event_id, r.type
  from es.parked p
 cross join lateral (
       select count(*) as records,
              (array_agg(event_id order by version))[1] as event_id,
              coalesce((array_agg(type order by version))[1], '') as type
         from es.parked_records r
        where r.consumer = p.consumer and r.tenant = p.tenant and r.stream_id = p.stream_id) r
 where $2::text is null or (p.consumer = $2 and p.tenant = $3 and p.stream_id = $4)
 order by p.parked_at
 limit $1
"""


class Gone(LookupError):  # noqa: N818 # named for what was found
    """The record waits no more: somebody else has dealt with it."""


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """A record of a parked stream, its bytes as they came."""

    consumer: str
    tenant: UUID
    stream_id: UUID
    version: int
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    event_id: UUID | None
    type: str


@dataclass(frozen=True, slots=True)
class ParkedStream:
    """A stream that waits, with its first record's event."""

    consumer: str
    tenant: UUID
    stream_id: UUID
    attempts: int
    reason: str
    next_attempt_at: datetime
    records: int
    event_id: UUID | None
    type: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked stream whose pause is over."""

    tenant: UUID
    stream_id: UUID


async def parked_streams(
    connection: Connection, consumer: str, streams: Sequence[Stream]
) -> set[Stream]:
    """Return which of the streams are parked."""
    tenants = [tenant for tenant, _ in streams]
    stream_ids = [stream_id for _, stream_id in streams]
    rows = await connection.fetch(_STREAMS, consumer, tenants, stream_ids)
    return {(row["tenant"], row["stream_id"]) for row in rows}


async def any_of(connection: Connection, consumer: str) -> bool:
    """Return whether any stream waits."""
    waits: bool = await connection.fetchval(_ANY, consumer)
    return waits


async def add(
    connection: Connection, records: Sequence[ParkedRecord], reasons: Mapping[Stream, str]
) -> None:
    """Park records, and with them their streams; `reasons` says why, by stream."""
    streams = {
        (each.tenant, each.consumer, each.stream_id): reasons.get(
            (each.tenant, each.stream_id), BEHIND
        )
        for each in records
    }
    if records:
        await connection.executemany(
            _PARK,
            [
                (consumer, tenant, stream_id, streams[tenant, consumer, stream_id])
                for tenant, consumer, stream_id in sorted(streams)
            ],
        )
        await connection.executemany(_ADD, [_row(each) for each in records])


async def next_due(connection: Connection, consumer: str) -> Waiting | None:
    """Return a stream that is to be tried again now, the longest overdue first."""
    row = await connection.fetchrow(_NEXT_DUE, consumer)
    return None if row is None else Waiting(row["tenant"], row["stream_id"])


async def records(
    connection: Connection, consumer: str, tenant: UUID, stream_id: UUID, limit: int
) -> list[ParkedRecord]:
    """Return the records of a parked stream, in their order."""
    rows = await connection.fetch(_RECORDS, consumer, tenant, stream_id, limit)
    return [_record(dict(row)) for row in rows]


async def attempted(
    connection: Connection, consumer: str, tenant: UUID, stream_id: UUID, reason: str
) -> None:
    """Note that a stream's first record failed again, and why; the next pause is longer."""
    await connection.execute(_ATTEMPTED, consumer, tenant, stream_id, reason)


async def remove(connection: Connection, record: ParkedRecord) -> int:
    """Take a record away, and with the last one its stream; how many remain. Raises Gone."""
    stream = (record.consumer, record.tenant, record.stream_id)
    async with connection.transaction():
        await connection.execute(_LOCK, *stream)
        if await connection.execute(_REMOVE, *stream, record.version) != "DELETE 1":
            raise Gone
        remaining: int = await connection.fetchval(_REMAINING, *stream)
        await connection.execute(_HURRY if remaining else _RELEASE, *stream)
    return remaining


async def replace(connection: Connection, record: ParkedRecord) -> None:
    """Let a record wait with other bytes than before. Raises Gone."""
    names, values = split(record.headers)
    done = await connection.execute(
        _REPLACE,
        record.consumer,
        record.tenant,
        record.stream_id,
        record.version,
        record.key,
        record.value,
        names,
        values,
    )
    if done != "UPDATE 1":
        raise Gone


async def hurry(connection: Connection, consumer: str, tenant: UUID, stream_id: UUID) -> None:
    """Let a stream be tried at once, as if it had not been tried before."""
    await connection.execute(_HURRY, consumer, tenant, stream_id)


async def skip(
    connection: Connection, consumer: str, tenant: UUID, stream_id: UUID, record: ParkedRecord
) -> int:
    """Leave out a record; how many of its stream remain. Who does it records why, before."""
    if (record.consumer, record.tenant, record.stream_id) != (consumer, tenant, stream_id):
        raise ValueError("the record is of another stream")
    return await remove(connection, record)


async def list_streams(connection: Connection, limit: int) -> list[ParkedStream]:
    """Return the streams that wait, the longest waiting first."""
    rows = await connection.fetch(_LIST, limit, None, None, None)
    return [ParkedStream(**dict(row)) for row in rows]


async def stream(
    connection: Connection, consumer: str, tenant: UUID, stream_id: UUID
) -> ParkedStream | None:
    """Return a stream that waits, if it does."""
    row = await connection.fetchrow(_LIST, 1, consumer, tenant, stream_id)
    return None if row is None else ParkedStream(**dict(row))


async def count(connection: Connection) -> int:
    """Return how many streams wait."""
    number: int = await connection.fetchval("select count(*) from es.parked")
    return number


def _row(record: ParkedRecord) -> tuple[Any, ...]:
    return (
        record.consumer,
        record.tenant,
        record.stream_id,
        record.version,
        record.event_id,
        record.type,
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        *split(record.headers),
    )


def _record(row: dict[str, Any]) -> ParkedRecord:
    headers = tuple(zip(row.pop("header_names"), row.pop("header_values"), strict=True))
    return ParkedRecord(**row, headers=headers)
