"""Who was offered, took, declined and was named to what, by worker and month of London."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ledger.clock import start_of_day
from ledger.connect import Connection

# An acceptance and the naming that follows from it are one; what is left was named without asking.
_FAIRNESS = """
with months as (
    select o.worker, date_trunc('month', o.offered_at at time zone 'Europe/London')::date as month,
           1 as offered, (o.answer = 'accepted')::integer as accepted,
           (o.answer = 'declined')::integer as declined,
           (o.answer = 'unanswered')::integer as unanswered, 0 as namings, 0 as taken,
           (o.answer = 'accepted' and o.reach = 'outside-area')::integer as outside_area,
           case when o.answer = 'accepted' then o.weight else 0 end as weight,
           case when o.answer = 'declined' then o.answer_reason end as reason
      from read.offers o
     where o.tenant = $1 and o.offered_at >= $2 and o.offered_at < $3
    union all
    select n.worker, date_trunc('month', n.named_at at time zone 'Europe/London')::date,
           0, 0, 0, 0, 1,
           exists (select from read.offers o
                    where o.tenant = n.tenant and o.case_id = n.case_id and o.worker = n.worker
                      and o.answered_at = n.named_at and o.answer = 'accepted')::integer,
           0, 0, null
      from read.namings n
     where n.tenant = $1 and n.named_at >= $2 and n.named_at < $3)
select m.worker, m.month, sum(offered)::integer as offered, sum(accepted)::integer as accepted,
       sum(declined)::integer as declined, sum(unanswered)::integer as unanswered,
       (sum(namings) - sum(taken))::integer as named, sum(outside_area)::integer as outside_area,
       sum(weight)::integer as weight,
       array_remove(array_agg(m.reason order by m.reason), null) as reasons
  from months m
 where $4 = '' or exists (
       select from read.worker_teams t
        where t.tenant = $1 and t.worker = m.worker and t.team = $4
          and $5 between t.from_day and t.to_day)
 group by m.worker, m.month
 order by m.month, m.worker
"""


@dataclass(frozen=True, slots=True)
class Month:
    """One worker in one month; `reasons`: how often each was given for declining."""

    worker: UUID
    month: date
    offered: int
    accepted: int
    declined: int
    unanswered: int
    named: int
    outside_area: int
    weight: int
    reasons: Mapping[str, int]


async def by_month(
    rows: Connection, tenant: UUID, first: date, last: date, team: str
) -> list[Month]:
    """Return how work was shared out from day to day, both counted, by when it was offered."""
    begins, ends = start_of_day(first), start_of_day(last + timedelta(days=1))
    found = await rows.fetch(_FAIRNESS, tenant, begins, ends, team, last)
    return [
        Month(
            row["worker"],
            row["month"],
            row["offered"],
            row["accepted"],
            row["declined"],
            row["unanswered"],
            row["named"],
            row["outside_area"],
            row["weight"],
            {each: row["reasons"].count(each) for each in dict.fromkeys(row["reasons"])},
        )
        for row in found
    ]
