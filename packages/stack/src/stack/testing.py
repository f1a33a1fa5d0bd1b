"""The servers as tests see them: real ones on free ports, with data that is thrown away."""

import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.migrate import migrate
from stack.databases import SERVICES, Databases, DatabaseUrls
from stack.places import FOLDER, Places, checkout
from stack.processes import Process, alive, end, of_this_process
from stack.remembered import recall, remember
from stack.settings import Provider, Purpose, Settings
from vault.postgres import MIGRATIONS

OWNER = "owner.json"
STOP_SECONDS = 5.0
ROOM_BYTES = 500_000_000

Migrate = Callable[[str, Sequence[tuple[str, Path]]], Awaitable[None]]
"""Applies further sources of migrations, after the ledger's own, with an owner's URL."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """The session's PostgreSQL server."""

    databases: Databases
    migrate: Migrate

    def dsn(self, database: str, role: str) -> str:
        """Return the URL of a database for a role, named in full (`casework_owner`)."""
        return self.databases.url(database, role)

    async def create_database(
        self, name: str, sources: Sequence[tuple[str, Path]] = ()
    ) -> DatabaseUrls:
        """Make a service's database anew: three roles, the ledger's tables, further migrations.

        One of that name that is there goes, with whoever is connected to it.
        """
        await self.databases.drop(name)
        urls = await self.databases.make(name)
        await self.migrate(urls.owner, sources)
        return urls

    async def create_keyring(self, services: Sequence[str], name: str = "keyring") -> str:
        """Make a keyring's database anew and return its owner's URL.

        The vault of each service logs in with `dsn(name, "<service>_vault")`.
        """
        await self.databases.drop(name)
        await self.databases.make_keyring(services, name)
        return self.databases.url(name, f"{name}_owner")

    async def create_vault(self, name: str = "keyring") -> str:
        """Make the keyring of the four services anew, with its tables; return its owner's URL."""
        owner = await self.create_keyring(SERVICES, name)
        await migrate(owner, [MIGRATIONS])
        return owner


@dataclass(frozen=True, slots=True)
class Kafka:
    """The session's Kafka broker, with the declared topics."""

    bootstrap: str


def throwaway_settings(provider: Provider) -> Settings:
    """Return settings for servers of this test session alone."""
    root = checkout()
    tests = root / FOLDER / "tests"
    tests.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=tests))
    remember(folder / OWNER, of_this_process().record())
    return Settings(
        Places(folder, root / FOLDER / "cache"),
        root / "deploy" / "topics.json",
        provider,
        Purpose.TEST,
        room_bytes=ROOM_BYTES,
    )


async def sweep() -> None:
    """End the servers, and remove the data, of test sessions that were killed."""
    for folder in sorted((checkout() / FOLDER / "tests").glob("*")):
        owner = Process.recorded(recall(folder / OWNER))
        if owner is not None and not alive(owner):
            await discard(folder)


async def discard(folder: Path) -> None:
    """End the servers of a folder and remove it."""
    for entry in recall(Places(folder, folder).processes).values():
        process = Process.recorded(entry)
        if process is not None:
            await end(process, STOP_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)
