"""Offsets behind what is done: committed a little later, many at once. A crash only repeats."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from chassis import crash
from chassis.running import logs

EVERY_S = 0.1
"""Between two commits while records flow. Whoever waits until all is settled waits for them too."""

PAUSE_S = 0.5

PATIENCE_S = 5.0
"""How long the broker may take; aiokafka by itself asks for ever while it is away."""

Commit: TypeAlias = Callable[[dict[TopicPartition, int]], Awaitable[None]]

_log = logs.logger(__name__)


class Offsets:
    """Commits what is done. `turn` changes when the partitions may have gone to another member."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._done: dict[TopicPartition, int] = {}
        self._some = asyncio.Event()
        self._committing = asyncio.Lock()
        self.turn = 0

    def done(self, offsets: Mapping[TopicPartition, int], turn: int) -> None:
        """Have offsets committed soon, unless the partitions went to others since that turn."""
        if turn == self.turn:
            self._done |= offsets
            self._some.set()

    def forget(self) -> None:
        """Commit nothing more of what was done so far: the partitions are others'."""
        self.turn += 1
        self._done.clear()
        self._some.clear()

    async def run(self) -> None:
        """Commit every now and then, until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(EVERY_S)
            if not await self.flush():
                await asyncio.sleep(PAUSE_S)

    async def flush(self) -> bool:
        """Commit what is done; False where the broker did not take it. It never raises."""
        async with self._committing:
            offsets, turn, self._done = self._done, self.turn, {}
            self._some.clear()
            if not offsets:
                return True
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._commit(offsets)
            except (CommitFailedError, IllegalStateError) as error:
                # The partitions are others': they repeat what they find uncommitted.
                _log.warning("offsets not committed", error=type(error).__name__)
            except (KafkaError, TimeoutError) as error:
                _log.warning("offsets wait", error=type(error).__name__)
                self._again(offsets, turn)
                return False
            except asyncio.CancelledError:
                # Broken off in the middle: whoever flushes last commits it once more.
                self._again(offsets, turn)
                raise
            crash.point("react.after-offsets")
            return True

    def _again(self, offsets: dict[TopicPartition, int], turn: int) -> None:
        if turn == self.turn:
            self._done = offsets | self._done
            self._some.set()
