"""Waits for a condition, with a bound."""

import asyncio
import time
from collections.abc import Callable

POLL_SECONDS = 0.02


async def holds_within(seconds: float, condition: Callable[[], object]) -> bool:
    """Return True as soon as the condition holds, False if it does not after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True
