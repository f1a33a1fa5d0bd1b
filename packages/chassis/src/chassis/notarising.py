"""The role `notarise`: leaves into the log as they are stored, a signature each second."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chassis import crash
from chassis.following import follow
from chassis.lags import NOTARISE
from chassis.notarise import LEAVES_A_CHECKPOINT, SECONDS_A_CHECKPOINT, Notary, add_leaves
from ledger.commands import StoredEvent
from ledger.connect import Connection

if TYPE_CHECKING:
    from chassis.runtime import Runtime


async def notarise(runtime: "Runtime") -> None:
    """Keep the logs and sign them, until the process is asked to end."""
    notary = Notary(
        runtime.service.name,
        runtime.settings.checkpoint_key_file,
        runtime.settings.checkpoint_dir,
    )
    enough = asyncio.Event()
    unsigned = 0

    async def apply(connection: Connection, events: Sequence[StoredEvent]) -> None:
        nonlocal unsigned
        await add_leaves(connection, events)
        crash.point("notarise.before-commit")
        unsigned += len(events)
        if unsigned >= LEAVES_A_CHECKPOINT:
            unsigned = 0
            enough.set()

    async def sign() -> None:
        while not runtime.stopping.is_set():
            async with (
                runtime.worker_pool.acquire(timeout=5) as connection,
                connection.transaction(),
            ):
                await notary.sign(connection)
            try:
                async with asyncio.timeout(SECONDS_A_CHECKPOINT):
                    await enough.wait()
                enough.clear()
            except TimeoutError:
                continue

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(follow(runtime, runtime.worker_pool, NOTARISE, apply))
        tasks.create_task(sign())
