"""A read model made anew: the service's own process does it, here it is shown how far it is."""

import asyncio
import json
import os
from collections.abc import AsyncIterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from stack.errors import StackError
from throughline_cli.reaching import SERVICES
from throughline_cli.running import Embedded

_LINE_BYTES = 1 << 16

_PHASES = {
    "begun": "filling the tables beside",
    "resumed": "going on where it was cut off",
    "filling": "filling the tables beside",
    "following": "catching up",
    "switching": "switching",
    "switched": "switched",
}


class RebuildFailed(StackError):  # noqa: N818 # named for what happened
    """The rebuild ended before it was done; the live tables are as they were."""


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A read model by its full name, as `casework.chronology`."""

    service: str
    projection: str

    @classmethod
    def named(cls, text: str) -> "ReadModel":
        """Read a full name. Raises RebuildFailed with what is allowed."""
        service, dot, projection = text.partition(".")
        if service not in SERVICES or not dot or not projection:
            raise RebuildFailed(
                f"{text} is no read model; it is named SERVICE.PROJECTION, as casework.chronology;"
                f" the services are {', '.join(SERVICES)}"
            )
        return cls(service, projection)


async def rebuild(console: Console, here: Embedded, model: ReadModel, told: list[str]) -> None:
    """Rebuild a read model of this checkout's platform, with `told` passed on to the service."""
    program = here.service(model.service, ("rebuild", model.projection, *told))
    process = await asyncio.create_subprocess_exec(
        *program.command,
        env={**os.environ, **program.environment},
        stdout=asyncio.subprocess.PIPE,
        limit=_LINE_BYTES,
    )
    try:
        if process.stdout is None:
            raise RebuildFailed("the service's process says nothing")
        with _progress(console) as progress:
            last = await _show(process.stdout, progress, f"{model.service}.{model.projection}")
        await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
    if "error" in last:
        raise RebuildFailed(last["error"])
    if process.returncode or last.get("phase") != "done":
        raise RebuildFailed("the rebuild was cut off; run it again to go on where it stands")
    console.print(
        f"{model.service}.{model.projection} is made anew from {last['events']:,} events,"
        f" complete to position {last['position']:,}",
        highlight=False,
    )


async def _show(lines: AsyncIterable[bytes], progress: Progress, name: str) -> Mapping[str, Any]:
    """Show each line that the service says; return the last."""
    last: dict[str, Any] = {}
    task: TaskID | None = None
    async for line in lines:
        with suppress(ValueError):
            last = json.loads(line)
        phase = _PHASES.get(last.get("phase", ""))
        if phase is None:
            continue
        position, until = last["position"], max(last["until"], 1)
        if task is None:
            # The rate is of what is done now, not of what was found done.
            task = progress.add_task(name, total=until, completed=position, phase=phase)
        done = max(progress.tasks[task].completed, min(position, until))
        progress.update(task, completed=done, phase=phase)
    return last


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[phase]}", style="dim"),
        console=console,
    )


class _Rate(ProgressColumn):
    """Events a second."""

    def render(self, task: Task) -> Text:
        """Return the rate of late."""
        return Text(f"{task.finished_speed or task.speed or 0:,.0f} events/s")
