"""The role `notarise`: leaves into the log as they are stored, a signature each second."""

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from chassis import crash
from chassis.followers.following import follow
from chassis.followers.notarise import LEAVES_A_CHECKPOINT, SECONDS_A_CHECKPOINT, Logs, Notary
from chassis.running.keeping import all_kept_up
from chassis.running.lags import NOTARISE
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection

if TYPE_CHECKING:
    from chassis.runtime import Runtime

SIGN = "sign"
"""The leadership of who signs: one, so that no older note comes to lie over a newer one."""

REST_S = 0.1
"""Between two pages: a leaf waits for the next signature anyway."""


async def notarise(runtime: "Runtime") -> None:
    """Keep the logs and sign them, until the process is asked to end."""
    book = _Book()
    await all_kept_up(runtime, "notarise", [book.write, book.sign])


class _Book:
    """The two halves of the work: each goes on while the other fails."""

    def __init__(self) -> None:
        self._unsigned = 0
        self._enough = asyncio.Event()

    async def write(self, runtime: "Runtime") -> None:
        """Add what is stored to the logs."""
        try:
            add = partial(self._add, Logs())
            await follow(runtime, runtime.worker_pool, NOTARISE, add, REST_S)
        finally:
            # Whatever ended it: the last leaves are signed now, and nobody waits a second more.
            self._enough.set()

    async def sign(self, runtime: "Runtime") -> None:
        """Sign what the logs have come to, a second after the last time or when enough is new."""
        settings = runtime.settings
        notary = Notary(runtime.service.name, settings.checkpoint_key_file, settings.checkpoint_dir)
        async with runtime.leadership(SIGN):
            while True:
                self._enough.clear()
                async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
                    await notary.sign(connection)
                if runtime.stopping.is_set():
                    return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SECONDS_A_CHECKPOINT):
                        await self._enough.wait()

    async def _add(self, logs: Logs, connection: Connection, events: Sequence[StoredEvent]) -> None:
        await logs.add(connection, events)
        crash.point("notarise.before-commit")
        self._unsigned += len(events)
        if self._unsigned >= LEAVES_A_CHECKPOINT:
            self._unsigned = 0
            self._enough.set()
