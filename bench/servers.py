"""A throwaway PostgreSQL with the settings that the demo has, for measuring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from ledger.migrate import ENGINE, migrate
from stack.databases import Databases, DatabaseUrls, Passwords
from stack.postgres import EmbeddedPostgres
from stack.server_user import install_folder
from stack.settings import Provider, Purpose
from stack.testing import discard, throwaway_settings

PGBENCH_PATIENCE_S = 120.0


@asynccontextmanager
async def database(name: str) -> AsyncIterator[DatabaseUrls]:
    """Give a service's database with the ledger's tables, on a server of its own."""
    settings = replace(throwaway_settings(Provider.EMBEDDED), purpose=Purpose.DEMO)
    server = EmbeddedPostgres(settings)
    try:
        await server.start()
        databases = Databases(server.superuser_url(), Passwords(settings.places.passwords))
        urls = await databases.make(name)
        await migrate(urls.owner, [ENGINE])
        yield urls
    finally:
        await server.stop()
        await discard(settings.places.folder)


async def pgbench(url: str, script: Path, clients: int, seconds: int) -> float:
    """Return pgbench's transactions a second for a script, statements prepared."""
    process = await asyncio.create_subprocess_exec(
        install_folder() / "bin" / "pgbench",
        "--no-vacuum",
        "--protocol=prepared",
        f"--client={clients}",
        f"--jobs={min(clients, 2)}",
        f"--time={seconds}",
        f"--file={script}",
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PGBENCH_PATIENCE_S):
        out, error = await process.communicate()
    for line in out.decode().splitlines():
        if line.startswith("tps = "):
            return float(line.split()[2])
    raise RuntimeError(error.decode()[-500:])
