"""Whether every read model is what its facts come to: made anew, and held against what stood."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from throughline_cli.reaching import SERVICES
from throughline_cli.rebuilding import ReadModel, RebuildFailed
from throughline_cli.running import Embedded

EVERY = "all"
PATIENCE_S = 120.0

Rows = Counter[tuple[str, str]]
"""Of each table, the fingerprints of its rows."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A read model by its full name: its rows, those that only stood and those only made now."""

    model: str
    rows: int
    stood_only: int
    made_only: int

    @property
    def same(self) -> bool:
        """Whether what stood is what the facts come to."""
        return not self.stood_only and not self.made_only


async def compare(console: Console, here: Embedded, which: str = EVERY) -> list[Compared]:
    """Make a read model of a checkout's platform anew, or every one; nobody may write meanwhile."""
    services = SERVICES if which == EVERY else (ReadModel.named(which).service,)
    named = EVERY if which == EVERY else ReadModel.named(which).projection
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
    ) as progress:
        task = progress.add_task("services whose read models are made anew", total=len(services))

        async def of_service(service: str) -> list[Compared]:
            found = await _compared(here, service, named)
            progress.advance(task)
            return found

        compared = await asyncio.gather(*(of_service(each) for each in services))
    return [each for found in compared for each in found]


async def read_models(here: Embedded, service: str) -> dict[str, list[str]]:
    """Return a service's read models with their tables, as its own process says."""
    said = await _run(here, service, "--list")
    found: dict[str, list[str]] = said["read_models"]
    return found


async def _compared(here: Embedded, service: str, named: str) -> list[Compared]:
    """Compare what stood before all of a service's rebuilds with what stands after them."""
    models = await read_models(here, service)
    if named != EVERY:
        models = {name: tables for name, tables in models.items() if name == named}
    tables = [table for each in models.values() for table in each]
    stood = await _rows(here, service, tables)
    said = await _run(here, service, named, "--shards=1", "--restart")
    if said.get("phase") != "done":
        raise RebuildFailed(f"{service}.{named}: {said.get('error', 'cut off')}")
    made = await _rows(here, service, tables)
    return [
        _difference(f"{service}.{name}", _of(stood, tables), _of(made, tables))
        for name, tables in models.items()
    ]


def _of(rows: Rows, tables: Sequence[str]) -> Rows:
    return Counter({row: count for row, count in rows.items() if row[0] in tables})


def _difference(model: str, stood: Rows, made: Rows) -> Compared:
    return Compared(model, made.total(), (stood - made).total(), (made - stood).total())


async def _run(here: Embedded, service: str, *arguments: str) -> dict[str, Any]:
    """Run a rebuild in a process of its own; return the last thing that it says."""
    program = here.service(service, ("rebuild", *arguments))
    process = await asyncio.create_subprocess_exec(
        *program.command,
        env={**os.environ, **program.environment},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = said.splitlines()
    last: dict[str, Any] = json.loads(lines[-1]) if lines else {"error": "it says nothing"}
    return last


async def _rows(here: Embedded, service: str, tables: Sequence[str]) -> Rows:
    # Whoever compares must see the rows of all authorities, and so stands before every wall.
    url = here.stack.urls().databases.urls(service).superuser
    connection = await asyncpg.connect(url, timeout=PATIENCE_S)
    try:
        found: Rows = Counter()
        for table in tables:
            statement = f"select md5(t::text) as row from {table} t"  # its own name
            found.update((table, each["row"]) for each in await connection.fetch(statement))
        return found
    finally:
        await connection.close()
