"""Many clients at work at once, held while the platform settles."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from chassis.roles import Role
from faults.attempts import Call, Client, Gate
from faults.journal import Journal
from faults.speaking import WORKERS, People, Voice
from faults.stories import Stories
from throughline.casework.v1 import casework_pb2 as casework
from throughline_cli.reaching import Platform

CLIENTS = 5
PAUSE_S = 0.25
"""What a client rests at most between two acts: the work is steady, not heavy."""

SINCE, UNTIL = "2025-01-01", "2035-01-01"
_KINDS = {
    Role.THERAPIST: ("therapist", "hcpc"),
    Role.SOCIAL_WORKER: ("social-worker", "social-work-england"),
    Role.SUPPORT_WORKER: ("support-worker", ""),
}


@dataclass(slots=True)
class Work:
    """The clients of a campaign. `today` is the day by the platform's clock."""

    people: People
    gate: Gate
    clients: list[Client]
    today: date = date(2025, 1, 1)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def told(self, now: datetime) -> None:
        """Let clients know what day it is."""
        self.today = now.astimezone(UTC).date()

    def go_on(self) -> None:
        """Let clients work."""
        self.gate.open.set()

    async def quiet(self) -> None:
        """Hold clients; return when no attempt is under way."""
        await self.gate.quiet()

    async def flows(self, calls: int, patience_s: float = 10.0) -> None:
        """Return when clients had so many answers more, or the patience is over."""
        wanted = self.gate.calls + calls
        loop = asyncio.get_running_loop()
        until = loop.time() + patience_s
        while self.gate.calls < wanted and loop.time() < until:
            await asyncio.sleep(0.02)

    def check(self) -> None:
        """Raise what ended a client: clients never end by themselves."""
        for each in self.tasks:
            if each.done():
                each.result()


@asynccontextmanager
async def working(
    platform: Platform, book: Journal, seed: int, number: int = CLIENTS
) -> AsyncIterator[Work]:
    """Give clients; they work once they are let, and end with the body."""
    people = People.of(platform)
    gate = Gate()
    async with AsyncExitStack() as opened:
        clients = [
            Client(
                n, random.Random(f"{seed}:client:{n}"), people, Voice(platform, opened), book, gate
            )
            for n in range(number)
        ]
        work = Work(people, gate, clients)
        gate.open.set()
        await _register(work)
        work.tasks = [asyncio.create_task(_client(work, each)) for each in clients]
        try:
            yield work
        finally:
            for each in work.tasks:
                each.cancel()
            await asyncio.gather(*work.tasks, return_exceptions=True)


async def _client(work: Work, client: Client) -> None:
    stories = Stories(client, work.people.platform.directory, lambda: work.today)
    while True:
        await stories.act()
        await asyncio.sleep(client.rng.uniform(0, PAUSE_S))


async def _register(work: Work) -> None:
    """Make every worker known to each authority for which he works."""
    first = work.clients[0]
    for tenant in work.people.platform.directory.tenants:
        manager = work.people.who(Role.TEAM_MANAGER, tenant)
        for person in work.people.known.values():
            role = next((each for each in WORKERS if each in person.roles), None)
            if role is not None and tenant in person.tenants:
                request = _registration(person.id, role)
                await first.command(Call(manager, "casework", "RegisterWorker", tenant, request))


def _registration(worker: UUID, role: Role) -> casework.RegisterWorkerRequest:
    kind, body = _KINDS[role]
    registrations = [casework.Registration(body=body, valid_from=SINCE, valid_to=UNTIL)]
    return casework.RegisterWorkerRequest(
        worker_id=str(worker),
        kind=kind,
        display_name="A worker",
        teams=["adoption-support"],
        registrations=registrations if body else [],
    )
