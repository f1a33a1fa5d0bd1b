"""Locks between processes, which end with the process that holds them, however it ends."""

import contextlib
import fcntl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from stack.errors import StackError
from stack.waiting import holds_within


@contextlib.asynccontextmanager
async def alone(file: Path, patience_seconds: float) -> AsyncIterator[None]:
    """Hold a lock file that no other process holds then."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as held:
        if not await holds_within(patience_seconds, lambda: _taken(held)):
            raise StackError(
                f"Another command works on the stack in {file.parent} for more than"
                f" {patience_seconds:g} seconds. Wait until it is done and try again."
            )
        yield


def _taken(held: IO[str]) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
