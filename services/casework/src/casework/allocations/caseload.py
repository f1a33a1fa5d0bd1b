"""The cases that each worker leads: a read model, and how it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casework.allocations.allocation_events import AllocationEnded, CaseAllocated, LeadEnded
from casework.paging import EARLIEST, After
from ledger.connect import Connection
from ledger.envelope import Occurred, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_LED = Statement(
    "caseload led",
    """
    insert into read.caseload
        (tenant, case_id, worker, child, episode, since, since_precision)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant, case_id) do update
       set worker = excluded.worker, child = excluded.child, episode = excluded.episode,
           since = excluded.since, since_precision = excluded.since_precision
    """,
)
_ENDED = Statement("caseload ended", "delete from read.caseload where tenant = $1 and case_id = $2")


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow who leads what."""
    at = recorded.envelope
    match recorded.event:
        case CaseAllocated() as led:
            return [
                _LED(
                    at.tenant,
                    led.case_id,
                    led.worker,
                    led.child,
                    led.episode,
                    at.occurred.at,
                    at.occurred.precision,
                )
            ]
        case AllocationEnded(case_id=case_id) | LeadEnded(case_id=case_id):
            return [_ENDED(at.tenant, case_id)]
        case _:
            return []


PROJECTION = Projection("caseload", project, ("read.caseload",), By.CASE)

LIST = "caseload"
BEGINNING = After(EARLIEST, UUID(int=0))

_OF_WORKER = """
select led.*, coalesce(done.sessions, 0) as sessions, done.last_session_on
  from read.caseload led
  left join lateral (
       select count(*)::integer as sessions, max(held_on) as last_session_on
         from read.sessions s
        where s.tenant = led.tenant and s.case_id = led.case_id and s.worker = led.worker) done
       on true
 where led.tenant = $1 and led.worker = $2 and (led.since, led.case_id) > ($3, $4)
 order by led.since, led.case_id
 limit $5
"""


@dataclass(frozen=True, slots=True)
class Led:
    """A case that a worker leads, and what he did in it."""

    case_id: UUID
    child: UUID
    episode: int
    since: Occurred
    sessions: int
    last_session_on: date | None


async def of_worker(
    rows: Connection, tenant: UUID, worker: UUID, after: After[UUID], limit: int
) -> list[Led]:
    """Return the cases that a worker leads, by how long, after a place of the list."""
    found = await rows.fetch(_OF_WORKER, tenant, worker, after.at, after.tie, limit)
    return [
        Led(
            row["case_id"],
            row["child"],
            row["episode"],
            Occurred(row["since"], row["since_precision"]),
            row["sessions"],
            row["last_session_on"],
        )
        for row in found
    ]


def place(of: Led) -> After[UUID]:
    """Return the place of a case in its list."""
    return After(of.since.at, of.case_id)
