"""What a class of faults works with, and what it answers."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any

import asyncpg

from faults.installation import Installation
from faults.journal import now, wall
from faults.work import Work
from throughline_cli.operating import Operator

POLL_S = 0.02
CONNECT_S = 10.0


@dataclass(slots=True)
class Fault:
    """One injected fault; it counts only with proof."""

    kind: str
    target: str
    proof: dict[str, Any] = field(default_factory=dict)
    proved: bool = False
    at: float = field(default_factory=now)
    wall: str = field(default_factory=wall)
    lifted: float = 0.0

    def prove(self, *, holds: bool, **proof: Any) -> "Fault":
        """Add what shows that it happened, and whether it does."""
        self.proof |= proof
        self.proved = holds
        self.lifted = self.lifted or now()
        return self


@dataclass(slots=True)
class Scene:
    """A running platform at work, dice, and an operator's view of it."""

    installation: Installation
    work: Work
    operator: Operator
    rng: random.Random

    @asynccontextmanager
    async def store(self, database: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Give a connection that no wall and no link stops."""
        url = self.installation.superuser(database)
        connection = await asyncpg.connect(url, timeout=CONNECT_S)
        try:
            yield connection
        finally:
            await connection.close(timeout=CONNECT_S)

    def some(self, things: list[Any], number: int) -> list[Any]:
        """Choose so many different things, at most all."""
        return self.rng.sample(things, min(number, len(things)))

    async def rest(self, least_s: float, most_s: float) -> None:
        """Let things go on for a while."""
        await asyncio.sleep(self.rng.uniform(least_s, most_s))

    async def time_passes(self, hours: float) -> None:
        """Move the platform's clock forward."""
        clocks = await self.operator.clocks()
        latest = max(each.now.ToDatetime(tzinfo=UTC) for each in clocks.values())
        to = latest + timedelta(hours=hours)
        await self.operator.set_clocks(to)
        self.work.told(to)


Inject = Callable[[Scene, int], Awaitable[list[Fault]]]
"""Breaks up to so many things, proves and lifts each; what is recovered is waited for outside."""


@dataclass(frozen=True, slots=True)
class FaultClass:
    """A class of faults. `at_once` is how many of its faults recover together."""

    kind: str
    what: str
    inject: Inject
    at_once: int = 1
    weight: int = 1
    """Cheap classes are injected more often, to fill a campaign."""


async def becomes(
    condition: Callable[[], Awaitable[Any]], patience_s: float, poll_s: float = POLL_S
) -> Any:
    """Return what a condition answers as soon as that is true; its last answer after the patience.

    A condition that cannot be asked yet does not hold.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience_s
    while True:
        try:
            found = await condition()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            found = None
        if found or loop.time() > until:
            return found
        await asyncio.sleep(poll_s)
