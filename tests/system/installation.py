"""A whole platform that is thrown away, as tests use it: servers, services, issuer, mails."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from stack import processes
from stack.databases import KEYRING
from stack.mailcatcher import maildir
from stack.places import FOLDER, checkout
from stack.settings import Provider
from stack.stack import stack_of
from stack.supervisor import Supervisor
from stack.testing import discard, throwaway_settings
from throughline_cli.reaching import SERVICES, Platform
from throughline_cli.running import Embedded

COMMAND = Path(sys.executable).with_name("throughline")
COMMAND_S = 240.0
GONE_S = 5.0
DATABASES = (*SERVICES, KEYRING)
PARTITIONS = range(6)
TOPICS = tuple(f"throughline.{name}.v1" for name in SERVICES)


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Installation:
    """A platform in a folder of its own. `home` is what its commands take for their checkout."""

    embedded: Embedded
    home: Path
    platform: Platform

    @property
    def folder(self) -> Path:
        """Where everything of it lies."""
        return self.embedded.places.folder

    async def throughline(self, *words: str | Path) -> Finished:
        """Run the command as a person would, in a wide window."""
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            *words,
            env={"PATH": "/usr/bin:/bin", "THROUGHLINE_HOME": str(self.home), "COLUMNS": "250"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(COMMAND_S):
                out, err = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        return Finished(process.returncode or 0, out.decode(), err.decode())

    async def kill(self, name: str) -> int:
        """Kill a program, start it again, and return its exit status once it serves again."""
        supervisor = Supervisor(self.embedded.places)
        [status] = [each for each in supervisor.status() if each.name == name]
        assert status.pid is not None
        os.kill(status.pid, signal.SIGKILL)
        # It is a child of this process, so its exit status is there to be read.
        child = processes._children[status.pid]
        ended = await asyncio.to_thread(child.wait, GONE_S)
        [program] = [each for each in self.embedded.programs() if each.name == name]
        await supervisor.up([program])
        [now] = [each for each in supervisor.status() if each.name == name]
        assert now.running
        assert now.pid != status.pid
        return ended

    @asynccontextmanager
    async def superuser(self, database: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
        """Give a connection that no wall stops."""
        urls = self.embedded.stack.urls().databases.urls(database)
        connection = await asyncpg.connect(urls.superuser, timeout=10)
        try:
            yield connection
        finally:
            await connection.close()

    async def counted(self, statement: str) -> dict[str, int]:
        """Return what a counting statement answers in each service's database."""
        found = {}
        for name in SERVICES:
            async with self.superuser(name) as connection:
                found[name] = await connection.fetchval(statement)
        return found

    async def events(self) -> dict[str, int]:
        """Count the events of every store."""
        return await self.counted("select count(*) from es.events")

    def mails(self) -> list[Message]:
        """Return every mail that was caught."""
        return list(maildir(self.embedded.places.mail))

    async def records(self, *topics: str) -> "list[ConsumerRecord[bytes, bytes]]":
        """Return what is in topics, from their beginnings, in the order of each partition."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.platform.kafka, enable_auto_commit=False)
        await consumer.start()
        try:
            partitions = [TopicPartition(each, n) for each in topics or TOPICS for n in PARTITIONS]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends = await consumer.end_offsets(partitions)
            return [record async for record in _until(consumer, ends)]
        finally:
            await consumer.stop()


async def _until(
    consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]
) -> "AsyncIterator[ConsumerRecord[bytes, bytes]]":
    left = {partition for partition, end in ends.items() if end > 0}
    while left:
        for records in (await consumer.getmany(*left, timeout_ms=500)).values():
            for record in records:
                yield record
        for partition in list(left):
            if await consumer.position(partition) >= ends[partition]:
                left.discard(partition)


@asynccontextmanager
async def installed(
    provider: Provider = Provider.EMBEDDED, split: Sequence[str] = ()
) -> AsyncIterator[Installation]:
    """Give a running platform; it ends, process by process, and goes, when the body ends."""
    settings = throwaway_settings(provider)
    folder = settings.places.folder
    embedded = Embedded(checkout(), stack_of(settings), split=frozenset(split))
    try:
        await embedded.up(lambda _step: None)
        yield Installation(embedded, _home(folder), Platform.load(embedded.platform_file))
    finally:
        await embedded.down(lambda _step: None)
        await discard(folder)


def _home(folder: Path) -> Path:
    """Make a folder that the command takes for a checkout whose platform this is."""
    home = folder / "home"
    home.mkdir()
    for name in ("demo", "deploy"):
        (home / name).symlink_to(checkout() / name)
    (home / FOLDER).symlink_to(folder)
    return home
