"""How a case stands, asked of the read model: one case, or a page of those in a state."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from asyncpg import Record

from casework.cases.stage import Stage
from casework.cases.urgency import Urgency
from casework.paging import EARLIEST, After
from ledger.connect import Connection
from ledger.envelope import Occurred


class Listed(StrEnum):
    """Which cases a list is of."""

    UNALLOCATED = "unallocated"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands today."""

    case_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    state: str
    episode: int
    opened: Occurred
    lead: UUID | None
    lead_since: Occurred | None
    allocate_by: datetime | None
    overdue: bool
    closed: Occurred | None
    close_reason: str | None
    sessions: int
    corrections: int
    last_session_on: date | None
    duty_holder: str | None
    urgency: Urgency
    needs: tuple[str, ...]
    stage: str
    stage_since: datetime


@dataclass(frozen=True, slots=True)
class JoinedReferral:
    """A referral of a case."""

    referral_id: UUID
    reference: str
    episode: int
    needs: tuple[str, ...]
    joined: Occurred


@dataclass(frozen=True, slots=True)
class PlaceStanding:
    """What became of the place that a case asked a cohort for."""

    cohort_id: UUID
    request_id: UUID | None
    place_id: UUID | None
    state: str
    attended: int


# The duty holder of today is what referrals told last of a period that covers today; until it told
# of any, what the latest referral said.
_STANDING = """
select c.*, held.last_session_on, said.urgency, said.needs,
       coalesce(duty.duty_holder, latest.duty_holder) as duty_holder,
       staged.stage, staged.since as stage_since
  from read.cases c
  left join read.stages staged on staged.tenant = c.tenant and staged.case_id = c.case_id
  left join lateral (
       select max(s.held_on) as last_session_on from read.sessions s
        where s.tenant = c.tenant and s.case_id = c.case_id) held on true
  left join lateral (
       select max(u.urgency) as urgency, array_agg(distinct need order by need) as needs
         from read.case_referrals r
         left join lateral unnest(r.needs) need on true
         left join read.urgency u on u.tenant = r.tenant and u.referral_id = r.referral_id
        where r.tenant = c.tenant and r.case_id = c.case_id and r.episode = c.episode) said
       on true
  left join lateral (
       select r.duty_holder from read.case_referrals r
        where r.tenant = c.tenant and r.case_id = c.case_id
        order by r.joined_at desc limit 1) latest on true
  left join lateral (
       select d.duty_holder from read.duty d
        where d.tenant = c.tenant and d.child = c.child
          and (es.now() at time zone 'Europe/London')::date between d.from_day and d.to_day
        order by d.from_day desc limit 1) duty on true
"""

_ONE = _STANDING + " where c.tenant = $1 and c.case_id = $2"

_PAGES = {
    Listed.UNALLOCATED: " where c.tenant = $1 and c.state = 'open' and c.lead is null",
    Listed.OPEN: " where c.tenant = $1 and c.state = 'open'",
    Listed.CLOSED: " where c.tenant = $1 and c.state = 'closed'",
}
_AFTER = """
   and (c.opened_at, c.case_id) > ($2, $3)
 order by c.opened_at, c.case_id
 limit $4
"""
_LISTS = {which: _STANDING + where + _AFTER for which, where in _PAGES.items()}

_REFERRALS = """
select * from read.case_referrals where tenant = $1 and case_id = $2
 order by joined_at, referral_id
"""

_PLACES = """
select p.*, (
       select count(*)::integer from read.place_sessions s
        where s.tenant = p.tenant and s.case_id = p.case_id and s.cohort_id = p.cohort_id
          and s.attendance in ('attended', 'part', 'catch-up')) as attended
  from read.case_places p
 where p.tenant = $1 and p.case_id = $2
 order by p.cohort_id
"""

BEGINNING = After(EARLIEST, UUID(int=0))


async def one(rows: Connection, tenant: UUID, case_id: UUID) -> Standing | None:
    """Return how a case stands, if there is such a case."""
    row = await rows.fetchrow(_ONE, tenant, case_id)
    return _standing(row) if row else None


async def page(
    rows: Connection, tenant: UUID, which: Listed, after: After[UUID], limit: int
) -> list[Standing]:
    """Return cases in the order of their opening, after a place of the list."""
    found = await rows.fetch(_LISTS[which], tenant, after.at, after.tie, limit)
    return [_standing(row) for row in found]


def place(of: Standing) -> After[UUID]:
    """Return the place of a case in a list of cases."""
    return After(of.opened.at, of.case_id)


async def referrals(rows: Connection, tenant: UUID, case_id: UUID) -> list[JoinedReferral]:
    """Return the referrals of a case, in the order in which they joined it."""
    return [
        JoinedReferral(
            row["referral_id"],
            row["reference"],
            row["episode"],
            tuple(row["needs"]),
            Occurred(row["joined_at"], row["joined_precision"]),
        )
        for row in await rows.fetch(_REFERRALS, tenant, case_id)
    ]


async def places(rows: Connection, tenant: UUID, case_id: UUID) -> list[PlaceStanding]:
    """Return what became of the places that a case asked for."""
    return [
        PlaceStanding(
            row["cohort_id"], row["request_id"], row["place_id"], row["state"], row["attended"]
        )
        for row in await rows.fetch(_PLACES, tenant, case_id)
    ]


def _standing(row: Record) -> Standing:
    return Standing(
        case_id=row["case_id"],
        child=row["child"],
        family_id=row["family_id"],
        contact=row["contact"],
        state=row["state"],
        episode=row["episode"],
        opened=Occurred(row["opened_at"], row["opened_precision"]),
        lead=row["lead"],
        lead_since=_occurred(row, "lead_since", "lead_since_precision"),
        allocate_by=row["allocate_by"],
        overdue=row["overdue"],
        closed=_occurred(row, "closed_at", "closed_precision"),
        close_reason=row["close_reason"],
        sessions=row["sessions"],
        corrections=row["corrections"],
        last_session_on=row["last_session_on"],
        duty_holder=row["duty_holder"],
        urgency=Urgency(row["urgency"] or 0),
        needs=tuple(need for need in row["needs"] or () if need is not None),
        stage=row["stage"] or Stage.CONSENT_PENDING.value,
        stage_since=row["stage_since"] or row["opened_at"],
    )


def _occurred(row: Record, at: str, precision: str) -> Occurred | None:
    return Occurred(row[at], row[precision]) if row[at] is not None else None
