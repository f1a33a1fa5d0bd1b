"""All stories of a run, told at the same time on one platform: its clock moves when all wait."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from throughline_cli.operating import Clock

Story: TypeAlias = Callable[[], Awaitable[None]]
Disturbance: TypeAlias = Callable[[], Awaitable[None]]
"""Something that happens to the platform while every story waits: nothing, or a message delivered
twice, or a role killed. No story may come out otherwise for it."""


async def peace() -> None:
    """Disturb nothing."""


class Passed(Exception):  # noqa: N818 # named for what was found
    """A story asks for an instant that is over; the words name both."""


@dataclass(slots=True)
class Telling:
    """Moves the clock from one instant that a story waits for to the next, once all stories wait.

    Before and after each move all has settled. A story that fails is told so by `outcome`; the
    others go on without it.
    """

    clock: Clock
    disturb: Disturbance = peace
    _told: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _waiting: list[tuple[datetime, "asyncio.Future[None]"]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _moving: "asyncio.Task[None] | None" = None

    def begin(self, stories: Mapping[str, Story]) -> None:
        """Begin to tell stories, once, all of the run."""
        if self._moving is not None:
            return
        for name, story in stories.items():
            self._told[name] = asyncio.create_task(_run(story), name=name)
            self._told[name].add_done_callback(lambda _: self._changed.set())
        self._moving = asyncio.create_task(self._move())

    async def outcome(self, name: str) -> None:
        """Return when a story is over. Raises what it raised."""
        await self._told[name]

    async def end(self) -> None:
        """Leave what is not over."""
        tasks = [*self._told.values(), *([self._moving] if self._moving else [])]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def until(self, instant: datetime) -> None:
        """Wait until the clock stands at an instant. Raises Passed."""
        if instant < self.clock.now:
            raise Passed(f"{instant:%Y-%m-%d %H:%M} is over: it is {self.clock.now:%Y-%m-%d %H:%M}")
        if instant == self.clock.now:
            return
        reached = asyncio.get_running_loop().create_future()
        self._waiting.append((instant, reached))
        self._changed.set()
        await reached

    async def _move(self) -> None:
        while going_on := sum(not each.done() for each in self._told.values()):
            if len(self._waiting) < going_on:
                self._changed.clear()
                await self._changed.wait()
                continue
            earliest = min(instant for instant, _ in self._waiting)
            failure = await self._reach(earliest)
            due = [each for each in self._waiting if failure or each[0] <= earliest]
            self._waiting = [each for each in self._waiting if each not in due]
            for _, reached in due:
                if failure is not None:
                    reached.set_exception(failure)
                else:
                    reached.set_result(None)
            # Those that were waked are no longer waiting before they have run.
            await asyncio.sleep(0)

    async def _reach(self, instant: datetime) -> Exception | None:
        try:
            await self.clock.operator.settle()
            await self.disturb()
            await self.clock.reach(instant)
            await self.clock.operator.settle()
        except Exception as error:  # noqa: BLE001 # whatever it is, the stories that wait are told
            return error
        return None


async def _run(story: Story) -> None:
    await story()
