"""The read model of cohorts: which ones an authority can use, and how full those are it hosts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from groups.cohort import CohortPublished, PlaceFreed, PlaceGranted, PlaceQueued, Terms
from groups.invitation import InvitationReceived
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.writes import Statement, Write

# A host that is among those invited learns of its cohort twice, in the same words.
KNOW = Statement(
    "cohorts.know",
    "insert into read.cohorts (tenant, cohort_id, programme_id, host, capacity_families,"
    " session_days, offer_days, referral_deadline, starts_on)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (tenant, cohort_id) do nothing",
)
HOLD = Statement(
    "cohorts.hold",
    "insert into read.cohort_places (tenant, cohort_id, place_id, family_id, held)"
    " values ($1, $2, $3, $4, true)"
    " on conflict (tenant, cohort_id, place_id) do update set held = true",
    key=(0, 1, 2),
)
QUEUE = Statement(
    "cohorts.queue",
    "insert into read.cohort_places (tenant, cohort_id, place_id, family_id, held)"
    " values ($1, $2, $3, $4, false)",
    key=(0, 1, 2),
)
FREE = Statement(
    "cohorts.free",
    "delete from read.cohort_places where tenant = $1 and cohort_id = $2 and place_id = $3",
    key=(0, 1, 2),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Make a cohort known to an authority, and keep who holds room in it and who waits."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case CohortPublished(cohort_id=cohort, terms=terms):
            return [_know(tenant, cohort, tenant, terms)]
        case InvitationReceived(cohort_id=cohort, host=host, terms=terms):
            return [_know(tenant, cohort, host, terms)]
        case PlaceGranted(cohort_id=cohort, place_id=place, family_id=family):
            return [HOLD(tenant, cohort, place, family)]
        case PlaceQueued(cohort_id=cohort, place_id=place, family_id=family):
            return [QUEUE(tenant, cohort, place, family)]
        case PlaceFreed(cohort_id=cohort, place_id=place):
            return [FREE(tenant, cohort, place)]
        case _:
            return []


def _know(tenant: UUID, cohort: UUID, host: UUID, terms: Terms) -> Write:
    days = list(terms.session_days)
    return KNOW(
        tenant,
        cohort,
        terms.programme_id,
        host,
        terms.capacity_families,
        days,
        terms.offer_days,
        terms.referral_deadline,
        days[0],
    )


PROJECTION = Projection("cohorts", project, ("read.cohorts", "read.cohort_places"))


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort as an authority sees it. Where it is not the host, `taken` and `waiting` are 0."""

    cohort_id: UUID
    programme_id: UUID
    host: UUID
    capacity_families: int
    session_days: tuple[date, ...]
    offer_days: int
    referral_deadline: date
    taken: int
    waiting: int


_ONE = """
select c.*, n.taken, n.waiting
  from read.cohorts c
 cross join lateral (
    select count(distinct p.family_id) filter (where p.held) as taken,
           count(distinct p.family_id) filter (where not p.held) as waiting
      from read.cohort_places p
     where p.tenant = c.tenant and p.cohort_id = c.cohort_id
 ) n
 where c.tenant = $1 and c.cohort_id = $2
"""
_NEWEST = """
select c.*, n.taken, n.waiting
  from (
    select * from read.cohorts where tenant = $1 order by starts_on desc, cohort_id limit $2
  ) c
 cross join lateral (
    select count(distinct p.family_id) filter (where p.held) as taken,
           count(distinct p.family_id) filter (where not p.held) as waiting
      from read.cohort_places p
     where p.tenant = c.tenant and p.cohort_id = c.cohort_id
 ) n
 order by c.starts_on desc, c.cohort_id
"""


async def one(connection: Connection, tenant: UUID, cohort_id: UUID) -> CohortRow | None:
    """Return a cohort that the authority knows."""
    row = await connection.fetchrow(_ONE, tenant, cohort_id)
    return _row(row) if row is not None else None


async def newest(connection: Connection, tenant: UUID, limit: int) -> list[CohortRow]:
    """Return the cohorts that the authority knows, latest start first."""
    return [_row(each) for each in await connection.fetch(_NEWEST, tenant, limit)]


def _row(row: Any) -> CohortRow:
    values = {name: row[name] for name in CohortRow.__slots__}
    return CohortRow(**values | {"session_days": tuple(row["session_days"])})
