"""What a service has heard of the others' streams, and what its domain refused to do about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.commands import Duplicate
from ledger.connect import Connection

Stream = tuple[UUID, UUID]
"""An authority and a stream of it."""

_KNOWN = """
select h.tenant, h.stream_id, h.version
  from unnest($2::uuid[], $3::uuid[]) w (tenant, stream_id)
 cross join lateral (
       select * from es.heard h
        where h.tenant = w.tenant and h.consumer = $1 and h.stream_id = w.stream_id limit 1) h
"""

# All that is to be known before a batch of records is applied, in one exchange.
_BEFORE = """
select 'heard' as what, h.tenant, h.stream_id as id, h.version, null as outcome,
       null::uuid[] as streams, null::integer[] as versions, null::bigint as position
  from unnest($2::uuid[], $3::uuid[]) w (tenant, stream_id)
 cross join lateral (
       select * from es.heard h
        where h.tenant = w.tenant and h.consumer = $1 and h.stream_id = w.stream_id limit 1) h
 union all
select 'waits', p.tenant, p.stream_id, null, null, null, null, null
  from unnest($2::uuid[], $3::uuid[]) w (tenant, stream_id)
 cross join lateral (
       select * from es.parked p
        where p.tenant = w.tenant and p.consumer = $1 and p.stream_id = w.stream_id limit 1) p
 union all
select 'accepted', k.tenant, k.command_id, null, k.outcome, k.streams, k.versions,
       (select max(e.position)
          from unnest(k.streams, k.versions) v (stream_id, version)
         cross join lateral (
               select e.position from es.events e
                where e.tenant = k.tenant and e.stream_id = v.stream_id
                  and e.version = v.version limit 1) e)
  from unnest($4::uuid[], $5::uuid[]) w (tenant, command_id)
 cross join lateral (
       select * from es.commands k
        where k.tenant = w.tenant and k.command_id = w.command_id limit 1) k
"""

# What was never heard begins, the rest goes on from just the version that was known. It is said as
# lookups and upserts because these always go by the key.
_GO_ON = """
with asked as materialized (
    select w.*, held.version as stands
      from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::integer[])
           w (tenant, stream_id, known, version)
      left join lateral (
           select h.version from es.heard h
            where h.tenant = w.tenant and h.consumer = $1 and h.stream_id = w.stream_id
            limit 1 for update) held on true
), begun as (
    insert into es.heard (consumer, tenant, stream_id, version)
    select $1, tenant, stream_id, version from asked where known = 0 and stands is null
     order by tenant, stream_id
    on conflict do nothing
    returning 1
), moved as (
    insert into es.heard (consumer, tenant, stream_id, version)
    select $1, tenant, stream_id, version from asked where known > 0 and stands = known
     order by tenant, stream_id
    on conflict (tenant, consumer, stream_id) do update set version = excluded.version
    returning 1
)
select (select count(*) from begun) + (select count(*) from moved)
"""

_REFUSED = """
insert into es.refused (consumer, tenant, event_id, command_id, refusal)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[])
on conflict do nothing
"""


class Overtaken(Exception):  # noqa: N818 # named for what has happened
    """Somebody else has heard of a stream meanwhile: what was made of it is void."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a consumer knows before it applies records.

    `known`: up to which version streams were heard. `waiting`: streams that wait. `accepted`: of
    the commands that follow, by authority and id, those that were accepted before.
    """

    known: Mapping[Stream, int]
    waiting: frozenset[Stream]
    accepted: Mapping[tuple[UUID, UUID], Duplicate]


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that followed from something heard, and the name of the refusal."""

    consumer: str
    tenant: UUID
    event_id: UUID
    command_id: UUID
    refusal: str


async def known(
    connection: Connection, consumer: str, streams: Sequence[Stream]
) -> dict[Stream, int]:
    """Return the version up to which each stream was heard; what is missing was never heard."""
    tenants, stream_ids = _columns(streams)
    rows = await connection.fetch(_KNOWN, consumer, tenants, stream_ids)
    return {(row["tenant"], row["stream_id"]): row["version"] for row in rows}


async def before(
    connection: Connection,
    consumer: str,
    streams: Sequence[Stream],
    commands: Sequence[tuple[UUID, UUID]],
) -> Before:
    """Return what is known of streams, and of commands by authority and id."""
    rows = await connection.fetch(_BEFORE, consumer, *_columns(streams), *_columns(commands))
    known: dict[Stream, int] = {}
    waiting: set[Stream] = set()
    accepted: dict[tuple[UUID, UUID], Duplicate] = {}
    for row in rows:
        which = row["tenant"], row["id"]
        match row["what"]:
            case "heard":
                known[which] = row["version"]
            case "waits":
                waiting.add(which)
            case _:
                versions = dict(zip(row["streams"], row["versions"], strict=True))
                accepted[which] = Duplicate(row["outcome"], versions, row["position"] or 0)
    return Before(known, frozenset(waiting), accepted)


async def go_on(
    connection: Connection, consumer: str, steps: Mapping[Stream, tuple[int, int]]
) -> None:
    """Remember of each stream that it was heard from a known version (0: never) up to another.

    Raises Overtaken unless all of them stand at what was known: so nothing that goes with it in the
    transaction is done twice, whoever else works on the same records.
    """
    if not steps:
        return
    # Sorted, so that no two can wait for each other.
    ordered = dict(sorted(steps.items()))
    tenants, stream_ids = _columns(ordered)
    known, versions = zip(*ordered.values(), strict=True)
    done = await connection.fetchval(_GO_ON, consumer, tenants, stream_ids, known, versions)
    if done != len(steps):
        raise Overtaken(consumer)


async def add_refused(connection: Connection, refused: Sequence[Refused]) -> None:
    """Remember refusals; one that is known already stays as it is."""
    if refused:
        await connection.execute(
            _REFUSED,
            [each.consumer for each in refused],
            [each.tenant for each in refused],
            [each.event_id for each in refused],
            [each.command_id for each in refused],
            [each.refusal for each in refused],
        )


def _columns(streams: Iterable[Stream]) -> tuple[list[UUID], list[UUID]]:
    pairs = list(streams)
    return [tenant for tenant, _ in pairs], [stream_id for _, stream_id in pairs]
