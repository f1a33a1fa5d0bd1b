"""A throwaway PostgreSQL and Kafka with the settings that the demo has, for measuring."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg

from ledger.migrate import ENGINE, migrate
from stack.databases import Databases, DatabaseUrls, Passwords
from stack.places import Places
from stack.settings import Provider, Purpose
from stack.stack import Stack, stack_of
from stack.testing import discard, sweep, throwaway_settings


@dataclass(frozen=True, slots=True)
class Site:
    """The servers of one run, and where everything of it lies."""

    stack: Stack

    @property
    def places(self) -> Places:
        """Where everything lies; it goes at the end."""
        return self.stack.settings.places

    @property
    def kafka(self) -> str:
        """Where the broker is."""
        return self.stack.kafka.bootstrap

    @property
    def databases(self) -> Databases:
        """What makes databases."""
        return Databases(self.superuser(), Passwords(self.places.passwords))

    def superuser(self, database: str = "postgres") -> str:
        """Return the URL with which everything may be done."""
        return self.stack.postgres.superuser_url(database)

    async def database(self, name: str, sources: Sequence[tuple[str, Path]] = ()) -> DatabaseUrls:
        """Make a service's database with the ledger's tables and further ones."""
        urls = await self.databases.make(name)
        await migrate(urls.owner, [ENGINE, *sources])
        return urls

    async def plain_database(self, name: str) -> str:
        """Make a database without any tables of ours, for a peer; return its superuser's URL."""
        connection = await asyncpg.connect(self.superuser())
        try:
            await connection.execute(f'create database "{name}"')
        finally:
            await connection.close()
        return self.superuser(name)


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    """Give servers with PostgreSQL running; Kafka is started by whoever needs it."""
    await sweep()
    settings = replace(throwaway_settings(Provider.EMBEDDED), purpose=Purpose.DEMO)
    made = Site(stack_of(settings))
    try:
        await made.stack.postgres.start()
        yield made
    finally:
        await made.stack.stop()
        await discard(settings.places.folder)


@asynccontextmanager
async def counting(url: str, statement: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Give a way to ask for one number over and over."""
    connection = await asyncpg.connect(url)

    async def count() -> int:
        return int(await connection.fetchval(statement))

    try:
        yield count
    finally:
        await connection.close()


async def counted(url: str, statement: str) -> int:
    """Return the one number that a statement answers."""
    async with counting(url, statement) as count:
        return await count()


async def told(url: str, *statements: str) -> None:
    """Carry out statements, one after the other."""
    connection = await asyncpg.connect(url)
    try:
        for each in statements:
            await connection.execute(each)
    finally:
        await connection.close()
