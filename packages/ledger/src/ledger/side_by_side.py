"""Several things at once, as one thing that ends when all have, or with the first that fails."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do things at once; the first that fails ends the others, and what it failed with is raised.

    The group has a task of its own. Before CPython 3.13 the task in which a group fails stays
    counted as cancelled, and with 3.11.2, as Debian 12 has it, the next `asyncio.timeout` that runs
    out in it cancels it: whoever goes on after a failure would be gone without a word.
    """
    await asyncio.create_task(_group(work))


async def _group(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    try:
        async with asyncio.TaskGroup() as tasks:  # noqa: TID251 # the one that others go through
            for each in work:
                tasks.create_task(each)
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
