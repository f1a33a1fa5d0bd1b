"""Processes of ours while something is measured: started, watched for memory, asked to end."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter

import psutil

from stack.places import checkout

END_S = 20.0
PATIENCE_S = 240.0
LOOK_EVERY_S = 0.02
MEMORY_EVERY_S = 0.1
MIB = 2**20


@dataclass(slots=True)
class Watched:
    """A process, with the most memory it was seen to have."""

    process: asyncio.subprocess.Process
    peak_mib: float = 0.0
    seen_mib: list[float] = field(default_factory=list)

    @property
    def middle_mib(self) -> float:
        """The memory that it had half way between its last `forget` and now."""
        return self.seen_mib[len(self.seen_mib) // 2]

    def forget(self) -> None:
        """Begin to watch anew."""
        self.seen_mib.clear()
        self.peak_mib = 0.0

    @property
    def pid(self) -> int:
        """Its id, for profiles."""
        return self.process.pid

    def look(self) -> float:
        """Return the memory that it and its children have now, in MiB."""
        whole = psutil.Process(self.pid)
        now = 0.0
        for each in (whole, *whole.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                now += each.memory_info().rss / MIB
        self.peak_mib = max(self.peak_mib, now)
        self.seen_mib.append(now)
        return now


@asynccontextmanager
async def running(words: tuple[str, ...], environment: Mapping[str, str]) -> AsyncIterator[Watched]:
    """Run a Python module while the body runs; it must not end before, nor fail at its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *words), env=dict(environment), cwd=checkout()
    )
    watched = Watched(process)
    watching = asyncio.create_task(_watch(watched))
    try:
        yield watched
    finally:
        watching.cancel()
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(END_S):
            await process.wait()


async def _watch(watched: Watched) -> None:
    while watched.process.returncode is None:
        with suppress(psutil.NoSuchProcess):
            watched.look()
        await asyncio.sleep(MEMORY_EVERY_S)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a count grew: when it first moved, and when it was complete."""

    first: int
    first_at: float
    last: int
    last_at: float

    @property
    def rate(self) -> float:
        """How many a second, from the first that were seen to the last."""
        took = self.last_at - self.first_at
        return (self.last - self.first) / took if took else 0.0


async def until(
    process: Watched, count: Callable[[], Awaitable[int]], start: int, target: int
) -> Progress:
    """Watch a count grow from `start` to `target`.

    Raises RuntimeError where the process that is to make it grow ends, TimeoutError where it takes
    too long.
    """
    first: tuple[int, float] | None = None
    end = perf_counter() + PATIENCE_S
    now = start
    while perf_counter() < end:
        now, at = await count(), perf_counter()
        if now > start and first is None:
            first = (now, at)
        if first is not None and now >= target:
            return Progress(*first, now, at)
        if process.process.returncode is not None:
            raise RuntimeError(f"a process ended with {process.process.returncode}: see its log")
        await asyncio.sleep(LOOK_EVERY_S)
    raise TimeoutError(f"{now - start} of {target - start} in {PATIENCE_S:g} s")
