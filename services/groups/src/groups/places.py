"""The read model of places: what became of each request, and who was there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from groups.attendance import AttendanceRecorded
from groups.place import PlaceAccepted, PlaceDeclined, PlaceLapsed, PlaceOffered, PlaceWaitlisted
from groups.request import PlaceRequested, PlaceWithdrawn
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.writes import Statement, Write

REQUEST = Statement(
    "places.request",
    "insert into read.places (tenant, place_id, position, cohort_id, request_id, family_id, child,"
    " contact, case_id, status) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested')",
)
OFFER = Statement(
    "places.offer",
    "update read.places set status = 'offered', offer_expires = $3"
    " where tenant = $1 and place_id = $2",
)
MOVE = Statement(
    "places.move",
    "update read.places set status = $3 where tenant = $1 and place_id = $2",
)
ATTEND = Statement(
    "places.attend",
    "insert into read.attendance (tenant, place_id, session_number, attendance, held_on)"
    " values ($1, $2, $3, $4, $5) on conflict (tenant, place_id, session_number)"
    " do update set attendance = excluded.attendance, held_on = excluded.held_on",
    key=(0, 1, 2),
)

_STATUS: Mapping[type, str] = MappingProxyType(
    {
        PlaceWaitlisted: "waiting",
        PlaceAccepted: "accepted",
        PlaceDeclined: "declined",
        PlaceLapsed: "lapsed",
        PlaceWithdrawn: "withdrawn",
    }
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow each place through its life."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case PlaceRequested():
            return [_request(recorded)]
        case PlaceOffered(asked=asked, expires_at=until):
            return [OFFER(tenant, asked.place_id, until)]
        case (
            PlaceWaitlisted() | PlaceAccepted() | PlaceDeclined() | PlaceLapsed() | PlaceWithdrawn()
        ) as event:
            return [MOVE(tenant, event.place_id, _STATUS[type(event)])]
        case AttendanceRecorded() as seen:
            presence = seen.presence.value
            return [ATTEND(tenant, seen.place_id, seen.session_number, presence, seen.on)]
        case _:
            return []


def _request(recorded: Recorded[PlaceRequested]) -> Write:
    asked, envelope = recorded.event.asked, recorded.envelope
    return REQUEST(
        envelope.tenant,
        asked.place_id,
        envelope.position,
        asked.cohort_id,
        asked.request_id,
        asked.family_id,
        asked.child,
        asked.contact,
        envelope.case_id,
    )


PROJECTION = Projection("places", project, ("read.places", "read.attendance"))


@dataclass(frozen=True, slots=True)
class Seen:
    """The last word on one session."""

    session_number: int
    attendance: str
    held_on: date


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as it stands. `position` orders a cohort's places by when they were asked for."""

    place_id: UUID
    position: int
    cohort_id: UUID
    request_id: UUID
    family_id: UUID
    child: UUID | None
    contact: UUID
    case_id: UUID | None
    status: str
    offer_expires: datetime | None
    attendance: tuple[Seen, ...]


_ONE = "select * from read.places where tenant = $1 and place_id = $2"
_PAGE = """
select * from read.places
 where tenant = $1 and cohort_id = $2 and position > $3
   and family_id <> all ($5) and contact <> all ($5) and (child is null or child <> all ($5))
 order by position limit $4
"""
_ATTENDANCE = """
select * from read.attendance
 where tenant = $1 and place_id = any($2::uuid[]) order by place_id, session_number
"""
_COUNT = """
select p.tenant, p.status as name, count(*) as number
  from read.places p group by p.tenant, p.status
 union all
select a.tenant, 'attendances', count(*) from read.attendance a group by a.tenant
"""


async def one(connection: Connection, tenant: UUID, place_id: UUID) -> PlaceRow | None:
    """Return a place of one of the authority's own families."""
    found = await connection.fetch(_ONE, tenant, place_id)
    rows = await _with_attendance(connection, tenant, found)
    return rows[0] if rows else None


async def page(
    connection: Connection,
    tenant: UUID,
    cohort_id: UUID,
    after: int,
    limit: int,
    hidden: Sequence[UUID],
) -> list[PlaceRow]:
    """Return a page of the authority's own places in a cohort, after a position.

    `hidden`: whom the reader knows; their places are not among them.
    """
    found = await connection.fetch(_PAGE, tenant, cohort_id, after, limit, hidden)
    return await _with_attendance(connection, tenant, found)


async def counters(connection: Connection) -> Mapping[str, int]:
    """Count for an operator, as `authority/name`.

    Places by how they stand now (requested, waiting, offered, accepted, declined, lapsed,
    withdrawn), and `attendances`: the sessions of places on which there is a word.
    """
    rows = await connection.fetch(_COUNT)
    return {f"{row['tenant']}/{row['name']}": row["number"] for row in rows}


async def _with_attendance(
    connection: Connection, tenant: UUID, found: Sequence[Any]
) -> list[PlaceRow]:
    ids = [row["place_id"] for row in found]
    seen: dict[UUID, list[Seen]] = {each: [] for each in ids}
    for row in await connection.fetch(_ATTENDANCE, tenant, ids):
        seen[row["place_id"]].append(Seen(row["session_number"], row["attendance"], row["held_on"]))
    names = [name for name in PlaceRow.__slots__ if name != "attendance"]
    return [
        PlaceRow(**{name: row[name] for name in names}, attendance=tuple(seen[row["place_id"]]))
        for row in found
    ]
