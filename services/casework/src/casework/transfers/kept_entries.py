"""What came along with a case, by when it was true: a read model of copies, sealed as they are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from casework.paging import EARLIEST, After
from casework.sealed_copy import copied, handles, said
from casework.transfers.record import EntryCopied
from ledger.connect import Connection
from ledger.envelope import Occurred, Recorded
from ledger.personal import Handle
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_KEPT = Statement(
    "entry came along",
    """
    insert into read.transferred_entries
        (tenant, case_id, event_id, part, occurred_at, occurred_precision, position, stream_id,
         version, type, schema_version, said, sealed)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    on conflict (tenant, case_id, occurred_at, position) do nothing
    """,
    key=(0, 1),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Keep each entry that came along, by when it was true."""
    at, event = recorded.envelope, recorded.event
    match event:
        case EntryCopied(case_id=case_id, part=part, origin=origin):
            return [
                _KEPT(
                    at.tenant,
                    case_id,
                    at.event_id,
                    part.value,
                    origin.occurred_at,
                    origin.precision,
                    at.position,
                    at.stream_id,
                    at.version,
                    at.type,
                    at.schema_version,
                    said(event),
                    copied(event),
                )
            ]
        case _:
            return []


PROJECTION = Projection("transferred-entries", project, ("read.transferred_entries",), By.CASE)
LIST = "transferred record"
BEGINNING = After(EARLIEST, 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """One entry that came along."""

    event_id: UUID
    part: str
    position: int
    occurred: Occurred
    said: Mapping[str, Any]
    sealed: Mapping[str, Handle[Any]]


_PAGE = """
select * from read.transferred_entries
 where tenant = $1 and case_id = $2 and (occurred_at, position) > ($3, $4)
 order by occurred_at, position limit $5
"""


async def page(
    rows: Connection, tenant: UUID, case_id: UUID, after: After[int], limit: int
) -> list[Kept]:
    """Return the entries that came along with a case, after a place, by when they were true."""
    found = await rows.fetch(_PAGE, tenant, case_id, after.at, after.tie, limit)
    return [
        Kept(
            row["event_id"],
            row["part"],
            row["position"],
            Occurred(row["occurred_at"], row["occurred_precision"]),
            json.loads(row["said"]),
            handles(dict(row)),
        )
        for row in found
    ]


def place(of: Kept) -> After[int]:
    """Return the place of an entry."""
    return After(of.occurred.at, of.position)
