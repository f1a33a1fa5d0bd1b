"""What happened in a case, by when it was true: a read model that keeps what was written first.

A corrected entry stays and names what set it right, so that both wordings can be read side by side.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.paging import EARLIEST, After
from casework.sealed_copy import copied, handles, said
from casework.words import ENTRIES
from ledger.connect import Connection
from ledger.envelope import Occurred, Recorded
from ledger.personal import Handle
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write

_COLUMNS = (
    "tenant",
    "case_id",
    "occurred_at",
    "position",
    "event_id",
    "occurred_precision",
    "recorded_at",
    "stream_id",
    "version",
    "type",
    "schema_version",
    "actor",
    "actor_role",
    "basis",
    "corrects",
    "said",
    "sealed",
)
_ENTRY = Statement(
    "chronology entry",
    """
    insert into read.chronology
        (tenant, case_id, occurred_at, position, event_id, occurred_precision, recorded_at,
         stream_id, version, type, schema_version, actor, actor_role, basis, corrects, said, sealed)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    """,
    key=(0, 1, 2, 3),
    adds=Rows("read.chronology", _COLUMNS),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Enter every fact of a case; who read it stands in the access log, not here."""
    at = recorded.envelope
    if at.case_id is None or at.type not in ENTRIES:
        return []
    return [
        _ENTRY(
            at.tenant,
            at.case_id,
            at.occurred.at,
            at.position,
            at.event_id,
            at.occurred.precision,
            at.recorded_at,
            at.stream_id,
            at.version,
            at.type,
            at.schema_version,
            at.actor.id,
            at.actor.role,
            at.basis.value,
            at.corrects,
            said(recorded.event),
            copied(recorded.event),
        )
    ]


PROJECTION = Projection("chronology", project, ("read.chronology",), By.CASE)

# As known at: recorded by then, and the same of what set an entry right. As of a day: with
# corrections applied, so a corrected entry gives way to what set it right.
_PAGE = """
select entry.*, correction.event_id as corrected_by
  from read.chronology entry
  left join lateral (
       select c.event_id from read.chronology c
        where c.tenant = entry.tenant and c.case_id = entry.case_id
          and c.corrects = entry.event_id and c.recorded_at <= $3
        order by c.recorded_at desc, c.position desc limit 1) correction on true
 where entry.tenant = $1 and entry.case_id = $2
   and entry.recorded_at <= $3
   and entry.occurred_at < $4
   and (not $5 or correction.event_id is null)
   and (entry.occurred_at, entry.position) > ($6, $7)
 order by entry.occurred_at, entry.position
 limit $8
"""

LIST = "chronology"
BEGINNING = After(EARLIEST, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as it was written; `corrected_by` is what set it right, of what was known then."""

    event_id: UUID
    type: str
    stream_id: UUID
    position: int
    occurred: Occurred
    recorded_at: datetime
    actor: str
    actor_role: str
    basis: str
    corrects: UUID | None
    corrected_by: UUID | None
    said: Mapping[str, Any]
    sealed: Mapping[str, Handle[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a chronology: known at an instant, happened before one if `as_of` is given."""

    tenant: UUID
    case_id: UUID
    known_at: datetime
    before: datetime
    as_of: date | None


async def page(rows: Connection, asked: Asked, after: After[int], limit: int) -> list[Entry]:
    """Return the entries after a place of the chronology."""
    found = await rows.fetch(
        _PAGE,
        asked.tenant,
        asked.case_id,
        asked.known_at,
        asked.before,
        asked.as_of is not None,
        after.at,
        after.tie,
        limit,
    )
    return [_entry(row) for row in found]


def place(of: Entry) -> After[int]:
    """Return the place of an entry."""
    return After(of.occurred.at, of.position)


def _entry(row: Record) -> Entry:
    return Entry(
        event_id=row["event_id"],
        type=row["type"],
        stream_id=row["stream_id"],
        position=row["position"],
        occurred=Occurred(row["occurred_at"], row["occurred_precision"]),
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        actor_role=row["actor_role"],
        basis=row["basis"],
        corrects=row["corrects"],
        corrected_by=row["corrected_by"],
        said=json.loads(row["said"]),
        sealed=handles(dict(row)),
    )
