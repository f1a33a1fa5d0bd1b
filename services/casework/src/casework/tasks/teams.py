"""Who is in which team now: a read model for lists of a team's work."""

from collections.abc import Sequence
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

_IN_TEAMS = Statement(
    "teams of worker",
    """
    with gone as (
        delete from read.team_members
         where tenant = $1 and worker = $2 and team <> all ($3::text[]))
    insert into read.team_members (tenant, worker, team)
    select $1, $2, named from unnest($3::text[]) named
    on conflict (tenant, team, worker) do nothing
    """,
)
_JOINED = Statement(
    "team joined",
    """
    insert into read.team_members (tenant, worker, team) values ($1, $2, $3)
    on conflict (tenant, team, worker) do nothing
    """,
)
_LEFT = Statement(
    "team left",
    "delete from read.team_members where tenant = $1 and worker = $2 and team = $3",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow in which teams each worker is."""
    match recorded.event:
        case WorkerRegistered(worker=worker, teams=teams):
            return [_IN_TEAMS(recorded.envelope.tenant, worker, list(teams))]
        case WorkerAssignedToTeam(worker=worker, team=team):
            return [_JOINED(recorded.envelope.tenant, worker, team)]
        case WorkerLeftTeam(worker=worker, team=team):
            return [_LEFT(recorded.envelope.tenant, worker, team)]
        case _:
            return []


PROJECTION = Projection("teams", project, ("read.team_members",), By.STREAM)
