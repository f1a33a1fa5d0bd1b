"""Errands: what a read model says is still to be done, each to its end; one that fails rests."""

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar
from uuid import UUID

from chassis.failures import PASSING
from chassis.followers.following import lead, pause
from chassis.running import logs
from ledger.checkpoints import Lease
from ledger.connect import ACQUIRE_S, Connection

if TYPE_CHECKING:
    from chassis.runtime import Runtime

AT_ONCE = 20
LOOK_EVERY_S = 0.5
AT_LEAST_S = 0.1
"""Between two looks however much is appended: hardly anything of it is an errand."""

REST_S = 15.0
STORE_PAUSE_S = 1.0

_log = logs.logger(__name__)

E = TypeVar("E")

Due: TypeAlias = Callable[[Connection, Collection[UUID], int], Awaitable[Sequence[E]]]
"""Reads what is due but for those of some ids, at most so many."""


@dataclass(slots=True)
class Errands(Generic[E]):
    """Runs errands one by one, as `run`, which does nothing where it was run before.

    `id_of`: what an errand is known by, and rests under; `stream_of`: the stream of such an id.
    """

    runtime: "Runtime"
    name: str
    due: "Due[E]"
    id_of: Callable[[E], UUID]
    stream_of: Callable[[UUID], UUID]
    run: Callable[[E], Awaitable[None]]
    # Until when (monotonic seconds) one is left alone.
    _resting: dict[UUID, float] = field(default_factory=dict)

    async def go_on(self) -> None:
        """Run them as the one leader, whenever it is this process's turn, until it is to end."""
        await lead(self.runtime, self.name, self._lead)

    async def round(self) -> None:
        """Run what is due now."""
        now = time.monotonic()
        self._resting = {each: until for each, until in self._resting.items() if until > now}
        async with self.runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            found = await self.due(connection, self._resting, AT_ONCE)
        for each in found:
            await self._one(each)

    async def _lead(self, _lease: Lease) -> None:
        stopping, pulse = self.runtime.stopping, self.runtime.pulse
        while not stopping.is_set():
            beat = pulse.beats
            try:
                await self.round()
            except PASSING as error:
                _log.warning("errands not read", name=self.name, error=type(error).__name__)
                await pause(stopping, STORE_PAUSE_S)
            await pulse.grown(beat, patience_s=LOOK_EVERY_S)
            await pause(stopping, AT_LEAST_S)

    async def _one(self, errand: E) -> None:
        # The read model follows the log by a moment: what was done may still look due.
        id_, rest_s = self.id_of(errand), STORE_PAUSE_S
        stream = self.stream_of(id_)
        try:
            await self.run(errand)
        except PASSING as error:
            _log.warning(
                "errand waits", name=self.name, stream_id=stream, error=type(error).__name__
            )
        except Exception as error:  # noqa: BLE001 # one of them must not stop the others
            rest_s = REST_S
            _log.error("errand not done", name=self.name, stream_id=stream, **logs.described(error))
        self._resting[id_] = time.monotonic() + rest_s
