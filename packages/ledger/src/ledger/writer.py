"""The writer: commands that arrive while a commit is in flight go together in the next one."""

from ledger.commands import Answer, AppendCommand
from ledger.store import Store

QUEUE = 4_096
"""Commands that may wait; the next one is refused."""

BATCH = 256
"""Commands in one commit."""


class QueueFull(Exception):  # noqa: N818 # named for the state that the caller finds
    """Too many commands wait already: try again later."""


class Writer:
    """Collects commands for a store. A lone command never waits for company."""

    def __init__(self, store: Store, *, queue: int = QUEUE, batch: int = BATCH) -> None:
        self._store = store
        self._queue = queue
        self._batch = batch

    async def append(self, command: AppendCommand) -> Answer:
        """Append one command. Raises QueueFull, StoreUnavailable.

        A caller that is cancelled does not take its command back: it is appended all the same.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Wait until nothing is in flight; what comes later is refused with QueueFull."""
        raise NotImplementedError
