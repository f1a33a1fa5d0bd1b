"""Rebuilds of read models, run as an operator runs them, and what stands in their tables."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faults.installation import Installation
from stack.environment import PREFIX

if TYPE_CHECKING:
    import asyncpg

REBUILT_WITHIN_S = 60.0

_KEY = """
select a.attname from pg_index i
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
 where i.indrelid = $1::text::regclass and i.indisprimary order by a.attname
"""


@dataclass(slots=True)
class Rebuild:
    """A rebuild in a process of its own."""

    process: asyncio.subprocess.Process

    @classmethod
    async def begin(cls, parts: Installation, service: str, projection: str) -> "Rebuild":
        """Begin, or go on with one that was cut off."""
        name = parts.working(service, "serve")
        told = parts.fleet.programs[name].environment
        kept = {each: os.environ[each] for each in ("PATH", "HOME") if each in os.environ}
        owner = {f"{PREFIX}DATABASE_OWNER": parts.owner(service)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", service, "rebuild", projection, "--shards", "1"),
            env={**kept, **told, **owner, "TZ": "UTC"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=parts.folder,
        )
        return cls(process)

    async def says(self) -> dict[str, Any] | None:
        """Return the next thing that it says of its progress; None at its end."""
        if self.process.stdout is None:
            return None
        async with asyncio.timeout(REBUILT_WITHIN_S):
            line = await self.process.stdout.readline()
        said: dict[str, Any] | None = json.loads(line) if line.strip() else None
        return said

    async def kill(self) -> int:
        """Kill it; return its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        return await self.process.wait()

    async def done(self) -> dict[str, Any]:
        """Wait for its end; return the last thing that it said, and its exit status."""
        last: dict[str, Any] = {}
        while (said := await self.says()) is not None:
            last = said
        return {**last, "exit_status": await self.process.wait()}


async def key_of(store: "asyncpg.Connection[asyncpg.Record]", table: str) -> list[str]:
    """Return the columns of a table's primary key."""
    return [row["attname"] for row in await store.fetch(_KEY, table)]


async def dumped(store: "asyncpg.Connection[asyncpg.Record]", table: str) -> bytes:
    """Return all that stands in a table, in the order of its key, as text."""
    key = ", ".join(await key_of(store, table))
    rows = await store.fetch(f"select t::text as row from {table} t order by {key}")
    return "".join(f"{row['row']}\n" for row in rows).encode()
