"""Who is in which team from when to when: a read model for lists of a team's work."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from casework.workers.worker_events import (
    WorkerAssignedToTeam,
    WorkerLeftTeam,
    WorkerRegistered,
)
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

ALWAYS = date(1, 1, 1)
"""Since when whoever was registered with a team is in it, as far as anybody asks."""

_IN_TEAM = Statement(
    "worker in team",
    """
    insert into read.team_members (tenant, worker, team, from_day, last_day)
    values ($1, $2, $3, $4, '9999-12-31')
    on conflict (tenant, team, worker) do update
       set from_day = least(team_members.from_day, excluded.from_day),
           last_day = excluded.last_day
    """,
)
_LEFT = Statement(
    "worker left team",
    "update read.team_members set last_day = $4 where tenant = $1 and worker = $2 and team = $3",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow in which teams each worker is."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case WorkerRegistered(worker=worker, teams=teams):
            return [_IN_TEAM(tenant, worker, team, ALWAYS) for team in teams]
        case WorkerAssignedToTeam(worker, team, from_day):
            return [_IN_TEAM(tenant, worker, team, from_day)]
        case WorkerLeftTeam(worker, team, last_day):
            return [_LEFT(tenant, worker, team, last_day)]
        case _:
            return []


PROJECTION = Projection("teams", project, ("read.team_members",), By.STREAM)
