"""Tables filled fast, by the superuser, with what appends would have left behind."""

from collections.abc import Callable
from time import perf_counter

import asyncpg

from stack.databases import DatabaseUrls

EVENTS_A_STREAM = 10
CHUNK = 250_000

# An index that is made at once, from sorted rows, costs a fifth of one that grows by random keys.
_DROP = (
    "alter table es.events drop constraint events_tenant_stream_id_version_key",
    "alter table es.commands drop constraint commands_pkey",
)
_ADD = (
    """alter table es.events add constraint events_tenant_stream_id_version_key
       unique (tenant, stream_id, version)""",
    "alter table es.commands add constraint commands_pkey primary key (tenant, command_id)",
)
_AFTER = ("vacuum (analyze) es.streams, es.events, es.commands", "checkpoint")

_STREAMS = """
insert into es.streams (tenant, stream_id, category, version, recorded_at, leaf_hash)
select $1::uuid, md5('bench' || n)::uuid, 'Thing', $3, now(), decode(repeat('cd', 32), 'hex')
  from generate_series(0, $2 - 1) n
"""
# A stream's events lie far apart, as they do where many are written at the same time.
_EVENTS = """
with made as materialized (
    select n, md5('bench' || n % $2)::uuid as stream_id, (n / $2 + 1)::integer as version,
           lpad(to_hex(n), 32, '0')::uuid as command_id
      from generate_series($3::bigint, $4::bigint - 1) n
), remembered as (
    insert into es.commands (tenant, command_id, outcome, streams, versions)
    select $1::uuid, command_id, '', array[stream_id], array[version] from made
), fenced as materialized (
    select es.register_fence()
)
insert into es.events
select nextval('es.position_seq'), $1::uuid, stream_id, version, gen_random_uuid(), command_id,
       'Happened', 1, now(), 'instant', now(),
       convert_to('{"text":"' || repeat('x', 180) || '"}', 'UTF8'), ''::bytea,
       convert_to('{"category":"Thing","actor":"nobody","role":"none","correlation_id":'
               || '"00000000-0000-0000-0000-000000000000","basis":"fact"}', 'UTF8'),
       decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 32), 'hex')
  from fenced, made order by n
"""

TENANT = "00000000-0000-0000-0000-000000000001"


def streams_of(events: int) -> int:
    """Return how many streams so many events are of."""
    return max(1, events // EVENTS_A_STREAM)


async def fill(urls: DatabaseUrls, events: int, say: Callable[[str], None]) -> float:
    """Fill an empty store with whole streams of ten events; return the seconds it took."""
    connection = await asyncpg.connect(urls.superuser)
    began = perf_counter()
    try:
        await connection.execute("set synchronous_commit = off")
        await connection.execute("set maintenance_work_mem = '1GB'")
        for each in _DROP:
            await connection.execute(each)
        streams = streams_of(events)
        await connection.execute(_STREAMS, TENANT, streams, EVENTS_A_STREAM, timeout=600)
        for start in range(0, events, CHUNK):
            end = min(start + CHUNK, events)
            await connection.execute(_EVENTS, TENANT, streams, start, end, timeout=600)
            if end % (CHUNK * 8) == 0:
                say(f"{end:,} of {events:,} events")
        for each in (*_ADD, *_AFTER):
            await connection.execute(each, timeout=900)
    finally:
        await connection.close()
    return perf_counter() - began


_LAST = "select es.last_position()"
_MORE = """
with made as materialized (
    select gen_random_uuid() as stream_id, gen_random_uuid() as command_id
      from generate_series(1, $2)
), begun as (
    insert into es.streams (tenant, stream_id, category, version, recorded_at, leaf_hash)
    select $1::uuid, stream_id, 'Thing', 1, now(), decode(repeat('cd', 32), 'hex') from made
), remembered as (
    insert into es.commands (tenant, command_id, outcome, streams, versions)
    select $1::uuid, command_id, '', array[stream_id], array[1] from made
), fenced as materialized (
    select es.register_fence()
)
insert into es.events
select nextval('es.position_seq'), $1::uuid, stream_id, 1, gen_random_uuid(), command_id,
       'Happened', 1, now(), 'instant', now(),
       convert_to('{"text":"' || repeat('x', 180) || '"}', 'UTF8'), ''::bytea,
       convert_to('{"category":"Thing","actor":"nobody","role":"none","correlation_id":'
               || '"00000000-0000-0000-0000-000000000000","basis":"fact"}', 'UTF8'),
       decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 32), 'hex')
  from fenced, made
"""


async def append_more(urls: DatabaseUrls, events: int) -> int:
    """Add events, each of a fresh stream, all to be seen at once; return the last position."""
    connection = await asyncpg.connect(urls.superuser)
    try:
        await connection.execute(_MORE, TENANT, events, timeout=600)
        return int(await connection.fetchval(_LAST))
    finally:
        await connection.close()
