"""Which cases are of one family: a read model of the links, beside what one submission told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.cases.family_link import FamilyLinked, FamilyUnlinked
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

MOST = 50

_LINKED = Statement(
    "family linked",
    """
    insert into read.family (tenant, case_id, other_case, relation) values ($1, $2, $3, $4)
    on conflict (tenant, case_id, other_case) do update set relation = excluded.relation
    """,
    key=(0, 1, 2),
)
_UNLINKED = Statement(
    "family unlinked",
    "delete from read.family where tenant = $1 and case_id = $2 and other_case = $3",
    key=(0, 1, 2),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow which cases are linked."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case FamilyLinked(case_id, _, other_case, relation):
            return [_LINKED(tenant, case_id, other_case, relation.value)]
        case FamilyUnlinked(case_id, _, other_case):
            return [_UNLINKED(tenant, case_id, other_case)]
        case _:
            return []


PROJECTION = Projection("family", project, ("read.family",), By.CASE)

# A submission makes a case for each child, tied by one family id.
_OF_CASE = """
select linked.other_case, linked.relation from read.family linked
 where linked.tenant = $1 and linked.case_id = $2
 union all
select other.case_id, 'one-submission' from read.cases this
  join read.cases other on other.tenant = this.tenant and other.family_id = this.family_id
   and other.case_id <> this.case_id
 where this.tenant = $1 and this.case_id = $2
   and not exists (select from read.family linked
                    where linked.tenant = $1 and linked.case_id = $2
                      and linked.other_case = other.case_id)
 order by 1
 limit $3
"""


async def of_case(rows: Connection, tenant: UUID, case_id: UUID) -> list[tuple[UUID, str]]:
    """Return the cases of the same family, and how each is one."""
    found = await rows.fetch(_OF_CASE, tenant, case_id, MOST)
    return [(row["other_case"], row["relation"]) for row in found]
