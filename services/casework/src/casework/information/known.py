"""What is known in a case, by heading and topic, so that sources stand side by side: a read model.

Words stay sealed in the copies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.assessments.heading import Heading
from casework.information.conflict import (
    ConflictFlagged,
    ConflictLeftStanding,
    ConflictResolved,
)
from casework.information.item import InformationCorrected, InformationReceived
from casework.paging import EARLIEST, After
from casework.sealed_copy import copied, handles
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.personal import Handle
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_PLACES = {heading: place for place, heading in enumerate(Heading)}

_RECEIVED = Statement(
    "information received",
    """
    insert into read.information
        (tenant, item_id, case_id, heading_place, heading, topic, source, basis, said_on,
         recorded_at, actor, event_id, corrections, stream_id, version, type, schema_version,
         sealed)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $15, $16, $17)
    on conflict (tenant, item_id) do update
       set heading_place = excluded.heading_place, heading = excluded.heading,
           topic = excluded.topic, source = excluded.source, basis = excluded.basis,
           said_on = excluded.said_on, recorded_at = excluded.recorded_at,
           actor = excluded.actor, event_id = excluded.event_id,
           corrections = excluded.version - 1, version = excluded.version,
           type = excluded.type, schema_version = excluded.schema_version,
           sealed = excluded.sealed
    """,
)
_FLAGGED = Statement(
    "item flagged",
    "insert into read.flagged_items (tenant, item_id, conflict_id) values ($1, $2, $3)"
    " on conflict do nothing",
    key=(0, 2),
)
_SETTLED = Statement(
    "conflict settled",
    "delete from read.flagged_items where tenant = $1 and conflict_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Keep each item as it is stated now, and which of them are in an unsettled contradiction."""
    at, event = recorded.envelope, recorded.event
    match event:
        case InformationReceived() | InformationCorrected():
            return [_stated(recorded)]
        case ConflictFlagged(conflict_id, items=items):
            return [_FLAGGED(at.tenant, each, conflict_id) for each in items]
        case ConflictResolved(conflict_id) | ConflictLeftStanding(conflict_id):
            return [_SETTLED(at.tenant, conflict_id)]
        case _:
            return []


def _stated(recorded: Recorded[Any]) -> Write:
    at, event = recorded.envelope, recorded.event
    told = event.told
    return _RECEIVED(
        at.tenant,
        event.item_id,
        event.case_id,
        _PLACES[told.heading],
        told.heading.value,
        told.topic,
        told.source.value,
        told.basis.value,
        told.on,
        at.recorded_at,
        at.actor.id,
        at.event_id,
        at.stream_id,
        at.version,
        at.type,
        at.schema_version,
        copied(event),
    )


PROJECTION = Projection(
    "information", project, ("read.information", "read.flagged_items"), By.STREAM
)

LIST = "information"
BEGINNING = After(EARLIEST, UUID(int=0))

_PAGE = """
select i.*, (
       select count(*) from read.flagged_items f
        where f.tenant = i.tenant and f.item_id = i.item_id) as flagged
  from read.information i
  left join read.information last on last.tenant = $1 and last.item_id = $3
 where i.tenant = $1 and i.case_id = $2
   and (last.item_id is null
        or (i.heading_place, i.topic, i.said_on, i.item_id)
           > (last.heading_place, last.topic, last.said_on, last.item_id))
 order by i.heading_place, i.topic, i.said_on, i.item_id
 limit $4
"""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item as it stands."""

    item_id: UUID
    heading: str
    topic: str
    source: str
    basis: str
    said_on: date
    recorded_at: datetime
    actor: str
    event_id: UUID
    corrections: int
    flagged: int
    sealed: Mapping[str, Handle[Any]]


async def page(
    rows: Connection, tenant: UUID, case_id: UUID, after: After[UUID], limit: int
) -> list[KnownItem]:
    """Return items of a case after one of them."""
    found = await rows.fetch(_PAGE, tenant, case_id, after.tie, limit)
    return [_item(row) for row in found]


def place(of: KnownItem) -> After[UUID]:
    """Return the place of an item in its list."""
    return After(EARLIEST, of.item_id)


def _item(row: Record) -> KnownItem:
    return KnownItem(
        row["item_id"],
        row["heading"],
        row["topic"],
        row["source"],
        row["basis"],
        row["said_on"],
        row["recorded_at"],
        row["actor"],
        row["event_id"],
        row["corrections"],
        row["flagged"],
        handles(dict(row)),
    )
