"""Who leads each case, heard from casework: whoever does may serve its notices.

A closed case keeps its lead, as it does there: what was decided is still handed over.
"""

from uuid import UUID

from ledger.connect import Connection
from ledger.writes import Statement

NAMED = Statement(
    "lead named",
    """
    insert into read.leads (tenant, case_id, worker) values ($1, $2, $3)
    on conflict (tenant, case_id) do update set worker = excluded.worker
    """,
    key=(0, 1),
)
GONE = Statement(
    "lead gone", "delete from read.leads where tenant = $1 and case_id = $2", key=(0, 1)
)

_SERVES = """
select exists (
    select
      from read.services s
      join read.leads l on l.tenant = s.tenant and l.case_id = s.case_id
     where s.tenant = $1 and s.service_id = $2 and l.worker = $3
)
"""
_HAS_SERVICES = """
select exists (
    select
      from read.services s
      join read.leads l on l.tenant = s.tenant and l.case_id = s.case_id
     where s.tenant = $1 and s.notice_id = $2 and l.worker = $3
)
"""


async def leads_case_of_service(
    rows: Connection, tenant: UUID, service_id: UUID, worker: UUID
) -> bool:
    """Whether the worker leads the case in whose file that service of a notice is."""
    return bool(await rows.fetchval(_SERVES, tenant, service_id, worker))


async def leads_case_of_notice(
    rows: Connection, tenant: UUID, notice_id: UUID, worker: UUID
) -> bool:
    """Whether the worker leads the case in whose file the services of that notice are."""
    return bool(await rows.fetchval(_HAS_SERVICES, tenant, notice_id, worker))
