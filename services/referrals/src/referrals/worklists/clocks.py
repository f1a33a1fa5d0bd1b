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
from referrals.life.events import (
    ReferralAccepted,
    ReferralDeclined,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenBack,
    ReferralWithdrawn,
    ScreeningDueSet,
    ScreeningOverdue,
)
from referrals.life.information import InformationAsked, InformationOverdue, InformationReceived
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
MOVED = Statement(
    "clocks-moved",
    """
    update read.clocks
       set earlier_due_at = case when due_at = $3 then earlier_due_at else due_at end,
           due_at = $3, late = false
     where tenant = $1 and clock_id = $2
    """,
)
LATE = Statement(
    "clocks-late",
    "update read.clocks set late = true where tenant = $1 and clock_id = $2",
)
STOPPED = Statement(
    "clocks-stopped",
    "delete from read.clocks where tenant = $1 and clock_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case ScreeningDueSet(referral=referral, due_at=due_at, policy=policy):
            return [_set(tenant, ClockKind.SCREENING, referral, due_at, policy)]
        case ScreeningOverdue(referral=referral):
            return [LATE(tenant, clock(ClockKind.SCREENING, referral))]
        case ReferralScreened(referral=referral):
            return [STOPPED(tenant, clock(ClockKind.SCREENING, referral))]
        case (
            ReferralAccepted(referral=referral)
            | ReferralDeclined(referral=referral)
            | ReferralWithdrawn(referral=referral)
            | ReferralTakenBack(referral=referral)
            | ReferralRedirected(referral=referral)
        ):
            return [
                STOPPED(tenant, clock(kind, referral))
                for kind in (ClockKind.SCREENING, ClockKind.INFORMATION)
            ]
        case InformationAsked() | InformationReceived() | InformationOverdue():
            return _information(tenant, recorded.event)
        case _:
            return _elsewhere(tenant, recorded.event)


def _information(
    tenant: UUID, event: InformationAsked | InformationReceived | InformationOverdue
) -> Sequence[Write]:
    running = clock(ClockKind.INFORMATION, event.referral)
    match event:
        case InformationAsked(referral=referral, next_due_at=due_at, policy=policy):
            return [_set(tenant, ClockKind.INFORMATION, referral, due_at, policy)]
        case InformationReceived(next_due_at=None):
            return [STOPPED(tenant, running)]
        case InformationReceived(next_due_at=due_at):
            return [MOVED(tenant, running, due_at)]
        case InformationOverdue():
            return [LATE(tenant, running)]


def _elsewhere(tenant: UUID, event: object) -> Sequence[Write]:
    match event:
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


def _set(tenant: UUID, kind: ClockKind, referral: UUID, due_at: datetime, policy: str) -> Write:
    return SET(tenant, clock(kind, referral), kind.value, referral, referral, due_at, policy)


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
