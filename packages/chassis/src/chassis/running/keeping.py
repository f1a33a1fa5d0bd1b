"""Keeping the parts of a role going until the process is to end."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from chassis.followers.following import NotLed, pause
from chassis.running import logs
from ledger.checkpoints import HistoryChanged
from ledger.side_by_side import side_by_side

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Part: TypeAlias = "Callable[[Runtime], Coroutine[Any, Any, None]]"

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0

_log = logs.logger(__name__)


async def kept_up(runtime: "Runtime", name: str, part: Part) -> None:
    """Run a part; one that fails is begun again, after pauses that grow.

    One whose history has changed stands still: to go on by itself would hide what was lost.
    """
    pause_s = FIRST_PAUSE_S
    loop = asyncio.get_running_loop()
    while not runtime.stopping.is_set():
        began = loop.time()
        try:
            with contextlib.suppress(NotLed):
                await part(runtime)
        except HistoryChanged as changed:
            _log.critical("history changed, a person decides", role=name, **logs.described(changed))
            await runtime.stopping.wait()
        except Exception as error:  # noqa: BLE001 # a role outlives whatever its parts do
            _log.error("part failed", role=name, **logs.described(error))
        if loop.time() - began > LONGEST_PAUSE_S:
            pause_s = FIRST_PAUSE_S
        await pause(runtime.stopping, pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


async def all_kept_up(runtime: "Runtime", name: str, parts: Iterable[Part]) -> None:
    """Run the parts of a role side by side: what befalls one does not end the others."""
    await side_by_side(kept_up(runtime, name, part) for part in parts)
