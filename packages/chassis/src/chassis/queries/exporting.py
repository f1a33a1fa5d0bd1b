"""A service's part of a bundle: a case's events with their proofs for one signed checkpoint."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.failures import Unavailable
from chassis.followers.notarise import read_nodes, text_of
from chassis.queries.reading import scoped
from evidence.leaf import LeafInput
from evidence.merkle import inclusion_proof, nodes_of_inclusion
from evidence.notes import parse_checkpoint
from evidence.part import PartEvent, write_part
from ledger.commands import StoredEvent
from ledger.connect import Connection

if TYPE_CHECKING:
    from chassis.runtime import Runtime

PATIENCE_S = 8.0
"""How long an export waits for its newest event to be signed: a signature comes each second."""

_LEAVES = """
select l.position, l.leaf_index
  from es.log_leaves l
 where l.tenant = $1 and l.position = any($2::bigint[])
"""

_CHECKPOINT = """
select size, note from es.log_checkpoints where tenant = $1 order by size desc limit 1
"""

_PREDECESSORS = """
select e.stream_id, e.version, e.leaf_hash
  from unnest($2::uuid[], $3::integer[]) w (stream_id, version)
 cross join lateral (
       select * from es.events e
        where e.tenant = $1 and e.stream_id = w.stream_id and e.version = w.version limit 1) e
"""


async def export_part(runtime: "Runtime", tenant: UUID, events: Sequence[StoredEvent]) -> bytes:
    """Return the bytes of a part: the events, each proved for the newest signed checkpoint."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                async with scoped(runtime.handler_pool, tenant) as connection:
                    part = await _part(runtime, connection, tenant, events)
                if part is not None:
                    return part
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise Unavailable("the newest events are not signed yet") from None


async def _part(
    runtime: "Runtime", connection: Connection, tenant: UUID, events: Sequence[StoredEvent]
) -> bytes | None:
    """Return the part, or None while no checkpoint covers all of the events."""
    signed = await connection.fetchrow(_CHECKPOINT, tenant)
    if signed is None:
        return None if events else write_part(runtime.service.name, tenant, "", {}, [])
    size = parse_checkpoint(text_of(signed["note"])).size
    rows = await connection.fetch(_LEAVES, tenant, [event.position for event in events])
    index = {row["position"]: row["leaf_index"] for row in rows}
    if any(index.get(event.position, size) >= size for event in events):
        return None
    wanted = {node for event in events for node in nodes_of_inclusion(index[event.position], size)}
    nodes = await read_nodes(connection, tenant, sorted(wanted))
    proved = [
        PartEvent(
            LeafInput(**{name: getattr(event, name) for name in LeafInput.__dataclass_fields__}),
            event.leaf_hash,
            index[event.position],
            tuple(inclusion_proof(index[event.position], size, nodes)),
        )
        for event in events
    ]
    before = await _predecessors(connection, tenant, events)
    return write_part(runtime.service.name, tenant, signed["note"], before, proved)


async def _predecessors(
    connection: Connection, tenant: UUID, events: Sequence[StoredEvent]
) -> dict[tuple[UUID, int], bytes]:
    """Return the leaf before each event whose stream's version before is not exported too."""
    exported = {(event.stream_id, event.version) for event in events}
    missing = [
        (event.stream_id, event.version - 1)
        for event in events
        if event.version > 1 and (event.stream_id, event.version - 1) not in exported
    ]
    rows = await connection.fetch(
        _PREDECESSORS, tenant, [stream for stream, _ in missing], [number for _, number in missing]
    )
    return {(row["stream_id"], row["version"]): row["leaf_hash"] for row in rows}
