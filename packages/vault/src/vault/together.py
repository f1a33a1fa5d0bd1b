"""Asks once for what many ask at the same time: a round trip to the keyring costs a commit."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from itertools import islice
from typing import Final, Generic, TypeVar

from vault.access import KeyringUnavailable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

BATCH: Final = 500
WAITING: Final = 20_000


class Together(Generic[K, V]):
    """Collects the names asked for while a question is under way, and asks for them in the next.

    A lone question waits for nobody. A question under way is never joined: its answer may be older
    than a shred that the asker has seen. `ask` answers every name it is given.
    """

    def __init__(self, ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._ask = ask
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, names: Sequence[K]) -> dict[K, V]:
        """Return the answers; raises what `ask` raised, or KeyringUnavailable past the bound."""
        if len(self._waiting) + len(names) > WAITING:
            raise KeyringUnavailable("too many keys are waited for")
        loop = asyncio.get_running_loop()
        futures = {
            name: self._waiting.get(name) or self._waiting.setdefault(name, loop.create_future())
            for name in names
        }
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run())
        # Not gather: a caller that is cancelled must not cancel what others wait for.
        await asyncio.wait(futures.values())
        return {name: future.result() for name, future in futures.items()}

    async def _run(self) -> None:
        while self._waiting:
            names = list(islice(self._waiting, BATCH))
            asked = {name: self._waiting.pop(name) for name in names}
            try:
                answers = await self._ask(names)
            except asyncio.CancelledError:
                for future in (*asked.values(), *self._waiting.values()):
                    future.cancel()
                self._waiting.clear()
                raise
            except Exception as error:  # noqa: BLE001 # handed to each who waits
                for future in asked.values():
                    future.set_exception(error)
                    # Its asker may be gone; that is no error of this process.
                    future.exception()
            else:
                for name, future in asked.items():
                    future.set_result(answers[name])
