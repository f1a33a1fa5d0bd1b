"""The writer: commands that arrive while a commit is in flight go together in the next one."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.batches import footprint
from ledger.commands import Answer, AppendCommand
from ledger.store import Store, StoreUnavailable

QUEUE = 4_096
"""Commands that may wait; the next one is refused."""

BATCH = 256
"""Commands in one commit."""

LANES = 2
"""Batches in flight: while one waits for the disk, the other keeps the server at work."""

COMPANY = 24
"""Commands in a batch below which it does better to wait than to go beside another one."""


class QueueFull(Exception):  # noqa: N818 # named for the state that the caller finds
    """Too many commands wait already: try again later."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    command: AppendCommand
    footprint: frozenset[object]
    answer: "asyncio.Future[Answer]"

    def answered(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)

    def failed(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class Writer:
    """Collects commands for a store and sends them in batches, two at a time where there are many.

    A lone command never waits for company. Commands that were decided one on the outcome of the
    other go together as a chain; else, commands that share a stream, a claim or a command id are
    never in flight together: the later one waits, and nothing overtakes it on a stream. One that
    turns custody goes alone. One that breaks its batch fails alone.
    """

    def __init__(self, store: Store, *, queue: int = QUEUE, batch: int = BATCH) -> None:
        self._store = store
        self._queue = queue
        self._batch = batch
        self._waiting: deque[_Waiting] = deque()
        self._in_flight: set[object] = set()
        self._lanes: set[asyncio.Task[None]] = set()
        self._closed = False

    async def append(self, command: AppendCommand) -> Answer:
        """Append one command. Raises QueueFull, StoreUnavailable.

        A caller that is cancelled does not take its command back: it is appended all the same.
        """
        if self._closed or len(self._waiting) >= self._queue:
            raise QueueFull
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(command, frozenset(footprint(command)), answer))
        if not self._lanes or (len(self._waiting) >= COMPANY and len(self._lanes) < LANES):
            self._lanes.add(asyncio.create_task(self._send_all(), name="ledger writer"))
        return await answer

    async def close(self) -> None:
        """Wait until nothing is in flight; what comes later is refused with QueueFull."""
        self._closed = True
        while self._lanes:
            await asyncio.wait(self._lanes)

    async def _send_all(self) -> None:
        while batch := self._next_batch():
            footprints = [each.footprint for each in batch]
            self._in_flight.update(*footprints)
            try:
                await self._send(batch)
            finally:
                self._in_flight.difference_update(*footprints)
            # One turn of the loop: those just answered may come along with their next command.
            await asyncio.sleep(0)
        # At once, not by a callback: who appends next must not count on a lane that has ended.
        self._lanes -= {asyncio.current_task()}

    def _next_batch(self) -> list[_Waiting]:
        """Take the first commands that may go together; the others keep their order."""
        waiting = len(self._waiting)
        # Of many, half are left for the other lane.
        most = min(self._batch, waiting if waiting < LANES * COMPANY else -(-waiting // LANES))
        batch: list[_Waiting] = []
        passed_over: list[_Waiting] = []
        seen: set[object] = set()
        chains: dict[object, tuple[int, bytes]] = {}
        while self._waiting and len(batch) < most:
            each = self._waiting.popleft()
            alone = each.command.turn is not None
            taken = not (alone and batch) and (
                self._in_flight.isdisjoint(each.footprint)
                and (seen.isdisjoint(each.footprint) or _goes_on(each, chains, seen))
            )
            (batch if taken else passed_over).append(each)
            seen |= each.footprint
            if taken and alone:
                break
            if taken:
                chains.update(_end(each.command))
            else:
                # Nothing may join a chain past one that has to wait.
                for key in each.footprint:
                    chains.pop(key, None)
        self._waiting.extendleft(reversed(passed_over))
        return batch

    async def _send(self, batch: Sequence[_Waiting]) -> None:
        try:
            answers = await self._store.append([each.command for each in batch])
        except StoreUnavailable as error:
            for each in batch:
                each.failed(error)
        except Exception as error:  # noqa: BLE001 # whatever it is, its caller is told
            if len(batch) == 1:
                batch[0].failed(error)
                return
            for each in batch:
                await self._send([each])
        else:
            for each, answer in zip(batch, answers, strict=True):
                each.answered(answer)


def _goes_on(each: _Waiting, chains: Mapping[object, tuple[int, bytes]], seen: set[object]) -> bool:
    """Tell whether a command shares its stream alone, and was decided on what the batch leaves."""
    if len(each.command.streams) != 1:
        return False
    [part] = each.command.streams
    key = (each.command.tenant, part.stream_id)
    shared = seen & each.footprint
    return shared == {key} and chains.get(key) == (part.base, part.base_leaf)


def _end(command: AppendCommand) -> Iterator[tuple[object, tuple[int, bytes]]]:
    """Yield where a command leaves its stream, if others may go on from there in the same batch."""
    if len(command.streams) == 1 and command.streams[0].events:
        [part] = command.streams
        yield (
            (command.tenant, part.stream_id),
            (part.base + len(part.events), part.events[-1].leaf_hash),
        )
