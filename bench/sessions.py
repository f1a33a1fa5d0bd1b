"""A casework store with many recorded sessions, made from one that casework itself encodes."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from casework.__main__ import SERVICE
from casework.sessions.session import Account, Attendee, SessionKind, SessionRecorded
from chassis.main import EVIDENCE
from ledger.envelope import Actor, Occurred
from ledger.personal import Block, Plain, SealedBlock
from ledger.registry import encode_metadata, encode_sealed
from stack.databases import DatabaseUrls

SOURCES = (EVIDENCE, (SERVICE.name, SERVICE.migrations))
TENANT = UUID(int=1)
CASE = UUID("00000000-0000-0000-0000-00000000ca5e")
"""Stands for each row's own case in the template."""

EVENTS_A_CASE = 100
NOTES_BYTES = 300
CHUNK = 200_000

# A case is told by its number; its sessions lie far apart in the log, as those of real cases do.
_EVENTS = """
with made as materialized (
    select n, lpad(to_hex(n % $2), 32, '0') as of_case, gen_random_uuid() as stream_id
      from generate_series($3::bigint, $4::bigint - 1) n
), fenced as materialized (
    select es.register_fence()
)
insert into es.events
select nextval('es.position_seq'), $1::uuid, stream_id, 1, gen_random_uuid(), gen_random_uuid(),
       $5, $6, now() - interval '1 day', 'instant', now(), convert_to($7, 'UTF8'), $8,
       convert_to(replace($9, $10, of_case::uuid::text), 'UTF8'),
       decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 32), 'hex')
  from fenced, made order by n
"""


def cases_of(events: int) -> int:
    """Return how many cases so many sessions are of."""
    return max(1, events // EVENTS_A_CASE)


def template() -> tuple[str, int, str, bytes, str]:
    """Return type, schema version, clear part, sealed part and metadata of one session."""
    child, someone = UUID(int=2), UUID(int=3)
    held = Occurred(datetime(2025, 3, 4, 10, tzinfo=UTC), "instant")
    account = Account(SessionKind.MEETING, held, 50, (Attendee.CHILD,))
    notes = Plain("one session")
    event = SessionRecorded(UUID(int=4), CASE, child, someone, account, notes)
    registry = SERVICE.registry
    name, version = type(event).__name__, registry.schema_version(event)
    clear, _ = registry.encode(event)
    sealed = SealedBlock(
        *(TENANT, UUID(int=5), 1, name, version, child, Block.NARRATIVE, UUID(int=6)),
        *(bytes(12), bytes(NOTES_BYTES), bytes(32)),
    )
    metadata = encode_metadata(
        registry.category(name), Actor("somebody", "therapist"), UUID(int=7), case_id=CASE
    )
    return (
        name,
        version,
        clear.decode(),
        encode_sealed([(sealed, ["notes"])]),
        metadata.decode(),
    )


async def record(urls: DatabaseUrls, events: int) -> None:
    """Fill an empty casework store with sessions."""
    connection = await asyncpg.connect(urls.superuser)
    try:
        await connection.execute("set synchronous_commit = off")
        for start in range(0, events, CHUNK):
            end = min(start + CHUNK, events)
            about = (str(TENANT), cases_of(events), start, end)
            await connection.execute(_EVENTS, *about, *template(), str(CASE), timeout=600)
        await connection.execute("vacuum (analyze) es.events", timeout=600)
        await connection.execute("checkpoint", timeout=600)
    finally:
        await connection.close()
