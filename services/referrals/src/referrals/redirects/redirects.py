"""Redirects that are still to be carried over, and those that came to an authority."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.redirects import events
from referrals.redirects.incoming import (
    RedirectAcknowledged,
    RedirectArrived,
    RedirectGivenBack,
    RedirectRefused,
)

MAX_PAGE = 500


class State(StrEnum):
    """Where a redirect that came here stands."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    GIVEN_BACK = "given-back"


SEND = Statement(
    "redirects-send",
    """
    insert into read.undelivered_redirects (tenant, redirect_id, offered_by, correlation_id)
    values ($1, $2, $3, $4) on conflict (tenant, redirect_id) do nothing
    """,
)
SENT = Statement(
    "redirects-sent",
    "delete from read.undelivered_redirects where tenant = $1 and redirect_id = $2",
)
ARRIVE = Statement(
    "redirects-arrive",
    """
    insert into read.incoming_redirects
      (tenant, redirect_id, state, referral_id, sent_by, ground, arrived_at)
    values ($1, $2, 'waiting', $3, $4, $5, $6) on conflict (tenant, redirect_id) do nothing
    """,
)
ANSWER = Statement(
    "redirects-answer",
    "update read.incoming_redirects set state = $3 where tenant = $1 and redirect_id = $2",
)


def project(  # noqa: PLR0911 # a row of the table is a return
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Return the writes of one stored event."""
    envelope, tenant = recorded.envelope, recorded.envelope.tenant
    match recorded.event:
        case events.RedirectOffered(redirect=redirect, outside=False):
            return [SEND(tenant, redirect, envelope.event_id, envelope.correlation_id)]
        case (
            events.RedirectDelivered(redirect=redirect)
            | events.RedirectAskedBack(redirect=redirect)
            | events.RedirectTakenOver(redirect=redirect)
            | events.RedirectCameBack(redirect=redirect)
        ):
            return [SENT(tenant, redirect)]
        case RedirectArrived() as said:
            return [_arrived(tenant, said, recorded.envelope.recorded_at)]
        case RedirectAcknowledged(redirect=redirect):
            return [ANSWER(tenant, redirect, State.ACKNOWLEDGED.value)]
        case RedirectRefused(redirect=redirect):
            return [ANSWER(tenant, redirect, State.REFUSED.value)]
        case RedirectGivenBack(redirect=redirect):
            return [ANSWER(tenant, redirect, State.GIVEN_BACK.value)]
        case _:
            return []


PROJECTION = Projection(
    "redirects",
    project,
    tables=("read.undelivered_redirects", "read.incoming_redirects"),
    by=By.STREAM,
)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A redirect whose copy is not known to be on the other side, and the event that began it."""

    tenant: UUID
    redirect_id: UUID
    offered_by: UUID
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: after the redirect that arrived at that time, of that id."""

    arrived_at: datetime
    redirect_id: UUID


BEGINNING = Place(datetime(1900, 1, 1, tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, slots=True)
class Listed:
    """A redirect that came to an authority."""

    redirect_id: UUID
    state: str
    referral_id: UUID
    sent_by: str
    ground: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Query:
    """Which redirects are asked for: of one state or all."""

    state: State | None
    after: Place
    limit: int


_UNDELIVERED = """
select tenant, redirect_id, offered_by, correlation_id from read.undelivered_redirects
 where not redirect_id = any ($1::uuid[]) order by redirect_id limit $2
"""
_PENDING = "select count(*) from read.undelivered_redirects"
_PAGE = """
select i.* from read.incoming_redirects i
 where i.tenant = $1 and (i.arrived_at, i.redirect_id) > ($2, $3)
   and ($4::text is null or i.state = $4)
   and not exists (
       select from read.known_families k
         join read.worklist w on w.tenant = k.tenant and w.family_id = k.family_id
        where k.tenant = i.tenant and k.worker = $6 and w.referral_id = i.referral_id)
 order by i.arrived_at, i.redirect_id limit $5
"""


async def undelivered(
    connection: Connection, but: Collection[UUID], limit: int
) -> list[Undelivered]:
    """Return redirects of all authorities that are still to be carried over."""
    rows = await connection.fetch(_UNDELIVERED, list(but), limit)
    return [Undelivered(**dict(row)) for row in rows]


async def pending(connection: Connection) -> int:
    """Count the redirects that are still to be carried over."""
    return int(await connection.fetchval(_PENDING))


async def page(connection: Connection, tenant: UUID, query: Query, worker: UUID) -> list[Listed]:
    """Return a page of what came to an authority, oldest first, but of families a worker knows."""
    after, state = query.after, query.state.value if query.state else None
    rows = await connection.fetch(
        _PAGE, tenant, after.arrived_at, after.redirect_id, state, query.limit, worker
    )
    return [Listed(**{name: row[name] for name in Listed.__slots__}) for row in rows]


def _arrived(tenant: UUID, said: RedirectArrived, arrived_at: datetime) -> Write:
    return ARRIVE(tenant, said.redirect, said.referral, said.sent_by, said.ground.value, arrived_at)
