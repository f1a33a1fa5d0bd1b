"""The other end of `lines`: a process that measures what it is asked. Standard library only."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bench.figures import Run

Answer = Callable[[Mapping[str, Any]], Awaitable[Run]]


def say(answer: object) -> None:
    """Write one line to whoever asked."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def answer_all(answer: Answer) -> None:
    """Answer each line of input with the run it asks for, until there are no more."""
    say({"ready": True})
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        say((await answer(json.loads(line))).told())
