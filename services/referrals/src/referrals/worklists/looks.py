"""Who looked at which list when: a read model, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write
from referrals.readings import Place
from referrals.worklists.look import FiguresRead, ListRead

FIGURES = "figures"

SEEN = Statement(
    "looks-seen",
    """
    insert into read.looks (tenant, look_id, reader, role, worklist, filters, shown, looked_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    """,
    adds=Rows(
        "read.looks",
        ("tenant", "look_id", "reader", "role", "worklist", "filters", "shown", "looked_at"),
    ),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    at = recorded.envelope
    match recorded.event:
        case ListRead(reader=reader, worklist=name, filters=filters, rows=shown):
            role = at.actor.role
            fields = (reader, role, name, list(filters), shown, at.recorded_at)
            return [SEEN(at.tenant, at.event_id, *fields)]
        case FiguresRead(reader=reader, breakdown=breakdown):
            fields = (reader, at.actor.role, FIGURES, [breakdown], 0, at.recorded_at)
            return [SEEN(at.tenant, at.event_id, *fields)]
        case _:
            return []


PROJECTION = Projection("looks", project, ("read.looks",), By.STREAM)

_PAGE = """
select * from read.looks
 where tenant = $1 and (looked_at, look_id) < ($2, $3)
 order by looked_at desc, look_id desc limit $4
"""
_PAGE_OF_LIST = """
select * from read.looks
 where tenant = $1 and (looked_at, look_id) < ($2, $3) and worklist = $5
 order by looked_at desc, look_id desc limit $4
"""
_PAGE_OF_READER = """
select * from read.looks
 where tenant = $1 and (looked_at, look_id) < ($2, $3) and reader = $5
   and ($6::text is null or worklist = $6)
 order by looked_at desc, look_id desc limit $4
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """One look. `shown`: how many rows."""

    look_id: UUID
    reader: str
    role: str
    worklist: str
    filters: list[str]
    shown: int
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class Query:
    """Which looks are asked for: at one list or all, of one reader or all."""

    worklist: str | None
    reader: str | None
    after: Place
    limit: int


async def page(rows: Connection, tenant: UUID, query: Query) -> list[Looked]:
    """Return a page of looks, newest first."""
    arguments = (tenant, query.after.at, query.after.known_as, query.limit)
    if query.reader is not None:
        found = await rows.fetch(_PAGE_OF_READER, *arguments, query.reader, query.worklist)
    elif query.worklist is not None:
        found = await rows.fetch(_PAGE_OF_LIST, *arguments, query.worklist)
    else:
        found = await rows.fetch(_PAGE, *arguments)
    return [Looked(**{name: row[name] for name in Looked.__slots__}) for row in found]
