"""A process that measures what it is asked, a line of JSON each way; kept alive between runs."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Run
from stack.places import checkout

START_S = 60.0
MOST_S = 120.0
END_S = 10.0


class Failed(RuntimeError):  # noqa: N818 # named for what happened
    """A process that measures has ended, or answered what is no figure."""


@dataclass(slots=True)
class Measurer:
    """One such process. `acknowledged` counts all that it said it had done."""

    name: str
    process: asyncio.subprocess.Process
    acknowledged: int = 0

    @property
    def pid(self) -> int:
        """Its process, for profiles and memory."""
        return self.process.pid

    async def ask(self, **what: Any) -> Run:
        """Have it measure; adds what it did to `acknowledged`."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what).encode() + b"\n")
        run = Run(**await self.line(MOST_S))
        self.acknowledged += run.done
        return run

    async def line(self, patience_s: float) -> dict[str, Any]:
        """Return its next line. Raises Failed where none comes."""
        assert self.process.stdout is not None
        async with asyncio.timeout(patience_s):
            line = await self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} ended; its words are above")
        answer: dict[str, Any] = json.loads(line)
        return answer


@asynccontextmanager
async def measurer(
    name: str, command: Sequence[str | Path], environment: Mapping[str, str]
) -> AsyncIterator[Measurer]:
    """Give a process that has said it is ready; it ends with the body."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(environment),
        cwd=checkout(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        made = Measurer(name, process)
        await made.line(START_S)
        yield made
    finally:
        await ended(process)


async def ended(process: asyncio.subprocess.Process) -> None:
    """End a process: by the end of its input, else by force."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(END_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
