"""The transparency log: each authority's leaves in the feed's order, and signed checkpoints."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from chassis.running import logs
from evidence.merkle import Frontier, Node, frontier_nodes
from evidence.notes import (
    Checkpoint,
    Signer,
    origin_of,
    parse_checkpoint,
    read_private_key,
    write_checkpoint,
)
from ledger.commands import StoredEvent
from ledger.connect import Connection

LEAVES_A_CHECKPOINT = 256
SECONDS_A_CHECKPOINT = 1.0

_SIZE = "select size from es.log_sizes where tenant = $1"

_NODES = """
select n.level, n.node_index, n.hash
  from es.log_nodes n
  join unnest($2::smallint[], $3::bigint[]) as w(level, node_index)
    on n.level = w.level and n.node_index = w.node_index
 where n.tenant = $1
"""

_ADD = """
with leaves as (
    insert into es.log_leaves (tenant, position, leaf_index)
    select $1, position, $3 + ordinality - 1
      from unnest($2::bigint[]) with ordinality as t(position, ordinality)),
nodes as (
    insert into es.log_nodes (tenant, level, node_index, hash)
    select $1, level, node_index, hash
      from unnest($4::smallint[], $5::bigint[], $6::bytea[]) as t(level, node_index, hash))
insert into es.log_sizes (tenant, size) values ($1, $3 + cardinality($2::bigint[]))
    on conflict (tenant) do update set size = excluded.size
"""

_ADD_CHECKPOINT = """
insert into es.log_checkpoints (tenant, size, note, signed_at) values ($1, $2, $3, $4)
on conflict (tenant, size) do nothing
"""

_UNSIGNED = """
select s.tenant, s.size
  from es.log_sizes s
 where s.size > coalesce(
    (select max(c.size) from es.log_checkpoints c where c.tenant = s.tenant), 0)
"""


_log = logs.logger(__name__)


def text_of(note: str) -> str:
    """Return the signed text of a note, without its signatures."""
    return note.split("\n\n", 1)[0] + "\n"


async def read_nodes(
    connection: Connection, tenant: UUID, nodes: Sequence[Node]
) -> Mapping[Node, bytes]:
    """Return the named nodes of an authority's log."""
    rows = await connection.fetch(
        _NODES, tenant, [level for level, _ in nodes], [index for _, index in nodes]
    )
    return {(row["level"], row["node_index"]): row["hash"] for row in rows}


async def _frontier(connection: Connection, tenant: UUID, size: int) -> Frontier:
    wanted = frontier_nodes(size)
    found = await read_nodes(connection, tenant, wanted)
    return Frontier(size, tuple(found[node] for node in wanted))


class Logs:
    """The logs of all authorities of a service, as their one leader adds to them.

    Where each ends is read once and then known: a leader that fails begins with new Logs.
    """

    def __init__(self) -> None:
        self._ends: dict[UUID, Frontier] = {}

    async def add(self, connection: Connection, events: Sequence[StoredEvent]) -> None:
        """Add a page of events to their authorities' logs, in the order of the feed."""
        by_tenant: dict[UUID, list[StoredEvent]] = defaultdict(list)
        for event in events:
            by_tenant[event.tenant].append(event)
        for tenant, own in by_tenant.items():
            end = self._ends.get(tenant) or await self._end(connection, tenant)
            grown, complete = end.append(event.leaf_hash for event in own)
            await connection.execute(
                _ADD,
                tenant,
                [event.position for event in own],
                end.size,
                [level for (level, _), _ in complete],
                [index for (_, index), _ in complete],
                [hashed for _, hashed in complete],
            )
            self._ends[tenant] = grown

    async def _end(self, connection: Connection, tenant: UUID) -> Frontier:
        size = await connection.fetchval(_SIZE, tenant) or 0
        return await _frontier(connection, tenant, size)


async def _contains(
    connection: Connection, tenant: UUID, frontier: Frontier, kept: Checkpoint
) -> bool:
    """Tell whether a log begins with the leaves that a checkpoint was signed for."""
    if kept.size > frontier.size:
        return False
    return (await _frontier(connection, tenant, kept.size)).root() == kept.root


@dataclass(frozen=True, slots=True)
class Notary:
    """Signs what the logs have come to; keeps each newest note also outside the database.

    Whoever can write the tables cannot sign, and a log rolled back to an earlier state is found
    against the note that lies outside. Nothing is signed that does not contain what that note says:
    else the next signature would hide a roll-back or a fork. After a restore that is known to have
    lost the end of a log, a person takes the kept note away (and keeps it).
    """

    service: str
    key_file: Path
    directory: Path

    async def sign(self, connection: Connection) -> int:
        """Sign a checkpoint of each log that grew since its last; answer how many were signed."""
        grown = await connection.fetch(_UNSIGNED)
        if not grown:
            return 0
        key = read_private_key(await asyncio.to_thread(self.key_file.read_bytes))
        signed = 0
        for row in grown:
            frontier = await _frontier(connection, row["tenant"], row["size"])
            kept = await asyncio.to_thread(self._kept, row["tenant"])
            if kept is not None and not await _contains(connection, row["tenant"], frontier, kept):
                _log.error("log does not contain what was signed", authority=row["tenant"])
                continue
            origin = origin_of(self.service, row["tenant"])
            note = write_checkpoint(
                Checkpoint(origin, frontier.size, frontier.root()), Signer(origin, key)
            )
            # Outside first: a note that the tables know has never been missing there.
            await asyncio.to_thread(self._keep, row["tenant"], note)
            await connection.execute(
                _ADD_CHECKPOINT, row["tenant"], frontier.size, note, datetime.now(UTC)
            )
            signed += 1
        return signed

    def _place(self, tenant: UUID) -> Path:
        return self.directory / f"{self.service}.{tenant}.checkpoint"

    def _kept(self, tenant: UUID) -> Checkpoint | None:
        try:
            note = self._place(tenant).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return parse_checkpoint(text_of(note))

    def _keep(self, tenant: UUID, note: str) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        kept = self._place(tenant)
        part = kept.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        part.replace(kept)
        fd = os.open(self.directory, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
