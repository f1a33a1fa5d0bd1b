"""The stage of each case and since when: a read model that follows `stage.py` in SQL."""

from collections.abc import Sequence
from typing import Any

from casework.cases.case import CaseOpened, CaseTakenOver
from casework.cases.stage import NOTHING, RANKING, Stage, change
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_BEGUN = Statement(
    "stage begun",
    """
    insert into read.stages (tenant, case_id, marks, stage, since) values ($1, $2, '{}', $3, $4)
    on conflict (tenant, case_id) do nothing
    """,
)
_MARKED = Statement(
    "stage marked",
    """
    update read.stages stood
       set marks = now.marks, stage = now.stage,
           since = case when now.stage = stood.stage then stood.since else $6 end
      from (
           select marked.marks, coalesce((
                  select split_part(ranked.mark, ':', 1)
                    from unnest($5::text[]) with ordinality as ranked (mark, place)
                   where ranked.mark = any (marked.marks)
                   order by ranked.place limit 1), 'consent-pending') as stage
             from (
                  select array(
                         select mark from unnest(before.marks) mark
                          where mark <> all ($3::text[]) and mark <> all ($4::text[]))
                         || $4::text[] as marks
                    from read.stages before
                   where before.tenant = $1 and before.case_id = $2) marked) now
     where stood.tenant = $1 and stood.case_id = $2
    """,
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow the stage of each case."""
    at, event = recorded.envelope, recorded.event
    asked = change(event)
    if asked is NOTHING or at.case_id is None:
        return []
    clears, sets = list(asked.clears), list(asked.sets)
    marked = _MARKED(at.tenant, at.case_id, clears, sets, list(RANKING), at.occurred.at)
    if isinstance(event, CaseOpened | CaseTakenOver):
        begun = (Stage.CONSENT_PENDING.value, at.occurred.at)
        return [_BEGUN(at.tenant, at.case_id, *begun), marked]
    return [marked]


PROJECTION = Projection("stages", project, ("read.stages",), By.CASE)
