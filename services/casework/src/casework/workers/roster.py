"""The workers of an authority as allocation sees them: a read model, and how it is asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.workers.profile import UNSAID, Registration, RegistrationBody, WorkerKind
from casework.workers.worker import Registered
from casework.workers.worker_events import (
    RegistrationLapsed,
    RegistrationRestored,
    WorkerAssignedToTeam,
    WorkerLeftTeam,
    WorkerProfileChanged,
    WorkerRegistered,
    WorkerRegistrationChanged,
)
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.personal import Plain
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_REGISTERED = Statement(
    "worker registered",
    """
    insert into read.workers
        (tenant, worker, kind, skills, languages, areas, weekly_minutes, experience)
    values ($1, $2, $3, $4, '{}', '{}', $5, $6)
    """,
)
_PROFILE = Statement(
    "worker profile",
    """
    update read.workers
       set skills = $3, languages = $4, areas = $5, weekly_minutes = $6, experience = $7
     where tenant = $1 and worker = $2
    """,
)
_STANDING = Statement(
    "worker standing",
    "update read.workers set lapsed_from = $3 where tenant = $1 and worker = $2",
)
_TEAM = Statement(
    "worker in team",
    """
    insert into read.worker_teams (tenant, worker, team, from_day, to_day)
    values ($1, $2, $3, coalesce($4, '-infinity'::date), 'infinity')
    on conflict (tenant, worker, team, from_day) do nothing
    """,
)
_LEFT = Statement(
    "worker left team",
    """
    update read.worker_teams set to_day = $4
     where tenant = $1 and worker = $2 and team = $3 and $4 between from_day and to_day
    """,
)
_PERIOD = Statement(
    "worker registration",
    """
    insert into read.worker_registrations (tenant, worker, body, valid_from, valid_to)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant, worker, body, valid_from) do update set valid_to = excluded.valid_to
    """,
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:  # noqa: PLR0911 # a row an event
    """Follow what each worker is and can."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case WorkerRegistered(worker, kind, teams, skills):
            minutes, experience = UNSAID.weekly_minutes, UNSAID.experience.value
            return [
                _REGISTERED(tenant, worker, kind.value, list(skills), minutes, experience),
                *(_TEAM(tenant, worker, team, None) for team in teams),
            ]
        case WorkerProfileChanged(worker, skills, said):
            areas = json.dumps({each.code: each.minutes for each in said.areas})
            languages, minutes = list(said.languages), said.weekly_minutes
            experience = said.experience.value
            return [_PROFILE(tenant, worker, list(skills), languages, areas, minutes, experience)]
        case WorkerAssignedToTeam(worker, team, from_day):
            return [_TEAM(tenant, worker, team, from_day)]
        case WorkerLeftTeam(worker, team, last_day):
            return [_LEFT(tenant, worker, team, last_day)]
        case WorkerRegistrationChanged(worker, period):
            body = period.body.value
            return [_PERIOD(tenant, worker, body, period.valid_from, period.valid_to)]
        case RegistrationLapsed(worker, from_day):
            return [_STANDING(tenant, worker, from_day)]
        case RegistrationRestored(worker=worker):
            return [_STANDING(tenant, worker, None)]
        case _:
            return []


PROJECTION = Projection(
    "roster",
    project,
    ("read.workers", "read.worker_teams", "read.worker_registrations"),
    By.STREAM,
)

MOST = 2_000
"""Workers of an authority that are looked at."""

_ON = """
select w.*, teams.teams, periods.periods
  from read.workers w
  left join lateral (
       select array_agg(distinct t.team order by t.team) as teams from read.worker_teams t
        where t.tenant = w.tenant and t.worker = w.worker and $2 between t.from_day and t.to_day)
       teams on true
  left join lateral (
       select json_agg(json_build_array(r.body, r.valid_from, r.valid_to) order by r.valid_from)
              as periods
         from read.worker_registrations r
        where r.tenant = w.tenant and r.worker = w.worker) periods on true
 where w.tenant = $1"""

_OF_TEAM = _ON + " and ($3 = '' or $3 = any (teams.teams)) order by w.worker limit $4"
_ONE = _ON + " and w.worker = $3"


@dataclass(frozen=True, slots=True)
class Known:
    """A worker as known on a day."""

    worker: UUID
    kind: WorkerKind
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    areas: Mapping[str, int]
    weekly_minutes: int
    experience: str
    registrations: tuple[Registration, ...]
    lapsed_from: date | None

    @property
    def registered(self) -> Registered:
        """The worker as what he may do is decided on."""
        return Registered(self.worker, self.kind, (), self.skills, Plain(""), self.registrations)


async def on(rows: Connection, tenant: UUID, day: date, team: str = "") -> list[Known]:
    """Return the workers of an authority, or of one team of it, as of a day."""
    return [_known(row) for row in await rows.fetch(_OF_TEAM, tenant, day, team, MOST)]


async def one(rows: Connection, tenant: UUID, worker: UUID, day: date) -> Known | None:
    """Return a worker as of a day."""
    row = await rows.fetchrow(_ONE, tenant, day, worker)
    return None if row is None else _known(row)


def _known(row: Record) -> Known:
    return Known(
        row["worker"],
        WorkerKind(row["kind"]),
        tuple(row["teams"] or ()),
        tuple(row["skills"]),
        tuple(row["languages"]),
        json.loads(row["areas"]),
        row["weekly_minutes"],
        row["experience"],
        tuple(_period(*each) for each in json.loads(row["periods"] or "[]")),
        row["lapsed_from"],
    )


def _period(body: str, first: str, last: str) -> Registration:
    return Registration(RegistrationBody(body), date.fromisoformat(first), date.fromisoformat(last))
