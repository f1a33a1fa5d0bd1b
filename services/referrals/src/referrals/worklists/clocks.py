"""The clocks that run at the front door: what is due when, by which rules, and what was due before.

`item` is what the clock is of: a referral, a redirect or a draft. A clock that was moved shows the
day it was moved from; one that ran out stays, late, until what it is of is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.drafts.events import DraftDiscarded, DraftExpired, DraftSaved, DraftSent
from referrals.readings import Place
from referrals.redirects.events import RedirectCameBack, RedirectOffered, RedirectTakenOver


class ClockKind(StrEnum):
    """What is waited for."""

    SCREENING = "screening"
    INFORMATION = "information"
    REDIRECT = "redirect"
    DRAFT = "draft"


SET = Statement(
    "clocks-set",
    """
    insert into read.clocks as c (tenant, clock_id, kind, item, referral_id, due_at, policy)
    values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (tenant, clock_id) do update
       set earlier_due_at =
               case when c.due_at = excluded.due_at then c.earlier_due_at else c.due_at end,
           due_at = excluded.due_at, policy = excluded.policy, late = false
    """,
)
STOPPED = Statement(
    "clocks-stopped",
    "delete from read.clocks where tenant = $1 and clock_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case RedirectOffered(redirect=redirect, referral=referral, answer_by=due_at, rule=rule):
            redirected = clock(ClockKind.REDIRECT, redirect)
            kind = ClockKind.REDIRECT.value
            return [SET(tenant, redirected, kind, redirect, referral, due_at, rule)]
        case RedirectTakenOver(redirect=redirect) | RedirectCameBack(redirect=redirect):
            return [STOPPED(tenant, clock(ClockKind.REDIRECT, redirect))]
        case DraftSaved(draft=draft, expires_at=due_at, policy=policy):
            writing, kind = clock(ClockKind.DRAFT, draft), ClockKind.DRAFT.value
            return [SET(tenant, writing, kind, draft, None, due_at, policy)]
        case DraftSent(draft=draft) | DraftExpired(draft=draft) | DraftDiscarded(draft=draft):
            return [STOPPED(tenant, clock(ClockKind.DRAFT, draft))]
        case _:
            return []


def clock(kind: ClockKind, item: UUID) -> UUID:
    """Return the id of a clock: what it is of may have one of each kind."""
    return uuid5(item, kind.value)


PROJECTION = Projection("clocks", project, ("read.clocks",), By.STREAM)

_PAGE = """
select c.clock_id, c.kind, c.item, c.referral_id, c.due_at, c.earlier_due_at, c.policy, c.late
  from read.clocks c
  left join read.open_referrals r on r.tenant = c.tenant and r.referral_id = c.referral_id
 where c.tenant = $1 and (c.due_at, c.clock_id) > ($3, $4) and c.due_at < $5
   and ($6::text is null or c.kind = $6)
   and not exists (
       select from read.known_families k
        where k.tenant = c.tenant and k.worker = $2 and k.family_id = r.family_id)
 order by c.due_at, c.clock_id
 limit $7
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs, or that ran out on something that is still to be done."""

    clock_id: UUID
    kind: str
    item: UUID
    referral_id: UUID | None
    due_at: datetime
    earlier_due_at: datetime | None
    policy: str
    late: bool


@dataclass(frozen=True, slots=True)
class Query:
    """Which clocks are asked for: of one kind or all, due before an instant, for whose eyes."""

    worker: UUID
    kind: ClockKind | None
    before: datetime
    after: Place
    limit: int


async def page(rows: Connection, tenant: UUID, query: Query) -> list[Running]:
    """Return a page of an authority's clocks, what is due first, first."""
    found = await rows.fetch(
        _PAGE,
        tenant,
        query.worker,
        query.after.at,
        query.after.known_as,
        query.before,
        query.kind.value if query.kind else None,
        query.limit,
    )
    return [Running(**{name: row[name] for name in Running.__slots__}) for row in found]
