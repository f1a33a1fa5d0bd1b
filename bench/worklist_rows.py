"""Cases and their work in the tables that lists are read from, as many as are asked for.

One authority has four fifths of the cases, another the rest. Of ten cases two are closed and one
has no lead; each has five tasks, of which a third is open, and referrals and sessions.
"""

from hashlib import md5
from typing import Final
from uuid import UUID

import asyncpg

OURS: Final = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
THEIRS: Final = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02")
WORKERS: Final = 120
TEAMS: Final = ("north", "south", "letters", "groups")

_IDS = """
create or replace function pg_temp.id_of(kind text, n bigint) returns uuid language sql immutable
as $$ select md5(kind || n)::uuid $$
"""
_CASES = """
insert into read.cases
  (tenant, case_id, child, family_id, contact, state, episode, opened_at, opened_precision, lead,
   lead_since, lead_since_precision, allocate_by, overdue, closed_at, closed_precision,
   close_reason, sessions, corrections)
select case when n % 5 = 0 then $2::uuid else $1::uuid end, pg_temp.id_of('case', n),
       pg_temp.id_of('child', n), pg_temp.id_of('family', n / 2), null,
       case when n % 10 < 2 then 'closed' else 'open' end, 1, opened, 'day',
       case when n % 10 > 2 then pg_temp.id_of('worker', n % $4) end,
       case when n % 10 > 2 then opened end, case when n % 10 > 2 then 'day' end,
       case when n % 10 = 2 then opened + interval '10 days' end, n % 30 = 2,
       case when n % 10 < 2 then opened + interval '200 days' end,
       case when n % 10 < 2 then 'day' end, case when n % 10 < 2 then 'goals-met' end, 4, 0
  from generate_series(1, $3) n,
       lateral (select timestamptz '2024-01-01' + n * interval '50 minutes' as opened) at
"""
_STAGES = """
insert into read.stages (tenant, case_id, marks, stage, since)
select c.tenant, c.case_id, '{}',
       case when c.state = 'closed' then 'closed'
            else (array['consent-pending', 'waiting', 'allocated', 'assessing', 'proposed',
                        'in-representations', 'decided', 'plan-active', 'plan-active',
                        'under-review'])[1 + abs(hashtext(c.case_id::text)) % 10] end,
       c.opened_at + interval '3 days'
  from read.cases c
"""
_CASELOAD = """
insert into read.caseload
  (tenant, case_id, worker, child, episode, since, since_precision)
select c.tenant, c.case_id, c.lead, c.child, 1, c.opened_at, 'day'
  from read.cases c where c.lead is not null and c.state = 'open'
"""
_REFERRALS = """
insert into read.case_referrals
  (tenant, case_id, referral_id, reference, episode, needs, duty_holder, joined_at,
   joined_precision)
select c.tenant, c.case_id, c.case_id, 'R', 1, array['sleep'], 'westmarch', c.opened_at, 'day'
  from read.cases c
"""
_SESSIONS = """
insert into read.sessions (tenant, session_id, case_id, worker, kind, held_on)
select c.tenant, gen_random_uuid(), c.case_id, coalesce(c.lead, c.child), 'meeting',
       (c.opened_at + k * interval '20 days')::date
  from read.cases c, generate_series(1, 4) k
"""
_TASKS = """
insert into read.tasks
  (tenant, task_id, case_id, child, kind, about, raised_at, due, earlier, rule, calendar, desk,
   asked, taken_by, worker, state, step, outcome, over_at)
select c.tenant, gen_random_uuid(), c.case_id, c.child,
       (array['review', 'late-fact', 'action-agreed', 'assess'])[1 + k % 4], 'x' || k,
       c.opened_at, due, '{}', '2005-12-30', 'holidays/1', 'lead', null, null, c.lead,
       case when open then 'waiting' else 'done' end, 0, case when open then null else 'done' end,
       case when open then null else due + interval '1 hour' end
  from read.cases c, generate_series(1, 5) k,
       lateral (select (timestamptz '2026-01-01'
                        + (abs(hashtext(c.case_id::text || k)) % 400) * interval '1 day')::date
                       as due,
                       abs(hashtext(k || c.case_id::text)) % 3 = 0 as open) one
"""
_TEAMS = """
insert into read.team_members (tenant, team, worker, from_day, last_day)
select tenant, ($3::text[])[1 + n % cardinality($3::text[])], pg_temp.id_of('worker', n),
       '2020-01-01', '9999-12-31'
  from generate_series(0, $4 - 1) n, unnest(array[$1, $2]::uuid[]) tenant
"""


async def fill(superuser: str, cases: int) -> None:
    """Write so many cases and what lists are read from; then let the database look at them."""
    connection = await asyncpg.connect(superuser)
    try:
        await connection.execute(_IDS)
        await connection.execute(_CASES, OURS, THEIRS, cases, WORKERS)
        for statement in (_STAGES, _CASELOAD, _REFERRALS, _SESSIONS, _TASKS):
            await connection.execute(statement)
        await connection.execute(_TEAMS, OURS, THEIRS, list(TEAMS), WORKERS)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def workers(superuser: str) -> list[UUID]:
    """Return who leads cases of ours."""
    connection = await asyncpg.connect(superuser)
    try:
        found = await connection.fetch(
            "select distinct lead from read.cases where tenant = $1 and lead is not null", OURS
        )
    finally:
        await connection.close()
    return sorted(row["lead"] for row in found)


def somebody_known(n: int) -> UUID:
    """Return the id of a family of ours, as `fill` makes them."""
    return UUID(md5(f"family{n}".encode(), usedforsecurity=False).hexdigest())
