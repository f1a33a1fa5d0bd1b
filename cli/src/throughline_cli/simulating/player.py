"""Plays made-up lives on a running platform: many families at once, day by day.

The clock is moved once for each day on which somebody writes something down, without waiting until
all has settled: a deadline fires only after everything that was committed before has met or moved
what it does, so nothing falls due that was done in time. All is settled once, at the end.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import grpc

from throughline_cli.operating import Clock
from throughline_cli.people import Staff
from throughline_cli.simulating import (
    agreeing,
    allocating,
    assessing,
    casework,
    deciding,
    front_door,
    grouping,
    owing,
)
from throughline_cli.simulating.steps import Life, Step, Verb
from throughline_cli.simulating.teller import Teller

AT_ONCE = 96
"""Families whose workers write at the same time, at most."""

EVENING = time(17)
"""When a day's work is written down."""

VERBS: Mapping[Verb, Callable[[Teller, Step], Awaitable[None]]] = {
    **front_door.VERBS,
    **casework.VERBS,
    **agreeing.VERBS,
    **allocating.VERBS,
    **assessing.VERBS,
    **deciding.VERBS,
    **owing.VERBS,
    **grouping.VERBS,
}


@dataclass(slots=True)
class Played:
    """What was done, by verb, and what was refused, by verb and reason."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Player:
    """Plays lives. `on_day` is told of each day that is over."""

    seed: int
    staff: Staff
    clock: Clock
    on_day: Callable[[date], None] = lambda _: None
    _played: Played = field(default_factory=Played)
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def play(self, lives: Sequence[Life]) -> Played:
        """Play all lives to their ends."""
        tellers = [Teller(self.seed, each.family, self.staff) for each in lives]
        for day, of_families in sorted(_by_day(lives).items()):
            await self._reach(day)
            async with asyncio.TaskGroup() as tasks:
                for index, steps in of_families.items():
                    tasks.create_task(self._of_family(tellers[index], steps))
            self.on_day(day)
        return self._played

    async def _reach(self, day: date) -> None:
        instant = datetime.combine(day, EVENING, UTC)
        if instant > self.clock.now:
            await self.clock.operator.set_clocks(instant)
            self.clock.now = instant

    async def _of_family(self, teller: Teller, steps: Iterable[Step]) -> None:
        async with self._at_once:
            for step in steps:
                try:
                    await VERBS[step.verb](teller, step)
                except grpc.aio.AioRpcError as error:
                    why = f"{step.verb}: {error.code().name} {error.details()}"
                    self._played.refused[why] += 1
                except KeyError:
                    self._played.refused[f"{step.verb}: rests on what was refused"] += 1
                else:
                    self._played.done[step.verb] += 1


def _by_day(lives: Sequence[Life]) -> Mapping[date, Mapping[int, list[Step]]]:
    found: dict[date, dict[int, list[Step]]] = defaultdict(lambda: defaultdict(list))
    for index, life in enumerate(lives):
        for step in life.steps:
            found[step.told][index].append(step)
    return found
