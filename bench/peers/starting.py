"""The peers made ready to be measured: a database each, a process where one is needed."""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bench.fetching import Fetched
from bench.figures import Run
from bench.lines import Measurer, measurer
from bench.peers import message_db
from bench.peers.event import DATA, METADATA
from bench.pgbench import pgbench
from bench.servers import Site, counted
from stack.places import checkout

EVENTSOURCING_CONNECTIONS = 4
"""What a trial of 1 to 64 found best: its inserts take turns anyway."""

EMMETT_CONNECTIONS = 20
"""What a trial of 5 to 90 found best on two cores."""

WARM_S = 1.0


@dataclass(slots=True)
class Peer:
    """One peer: how it is measured, and how its rows are counted."""

    name: str
    measure: Callable[[int, float], Awaitable[Run]]
    rows: Callable[[], Awaitable[int]]
    acknowledged: int = 0

    async def run(self, writers: int, seconds: float) -> Run:
        """Measure, and add up what it said it had written."""
        run = await self.measure(writers, seconds)
        self.acknowledged += run.done
        return run

    async def check(self) -> dict[str, int]:
        """Return the rows found; raises where they are not as many as were acknowledged."""
        return checked(self.name, self.acknowledged, await self.rows())


class Miscounted(AssertionError):  # noqa: N818 # named for what happened
    """A store holds more or fewer rows than it acknowledged: its figures are worth nothing."""


def checked(name: str, acknowledged: int, rows: int) -> dict[str, int]:
    """Return the count, or raise Miscounted."""
    if acknowledged != rows:
        raise Miscounted(f"{name} acknowledged {acknowledged} and holds {rows}")
    return {"acknowledged": acknowledged, "rows": rows}


@asynccontextmanager
async def peers(site: Site, found: Fetched) -> AsyncIterator[list[Peer]]:
    """Give the peers that this machine can run, warmed up."""
    async with AsyncExitStack() as opened:
        made = [await _eventsourcing(site, found, opened)]
        if found.modules is not None:
            made += [await _message_db(site, found), await _emmett(site, found, opened)]
        for each in made:
            await each.run(16, WARM_S)
        yield made


async def _eventsourcing(site: Site, found: Fetched, opened: AsyncExitStack) -> Peer:
    name = "peer_eventsourcing"
    url = await site.plain_database(name)
    at = urlsplit(url)
    told = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": name,
        "POSTGRES_HOST": at.hostname or "",
        "POSTGRES_PORT": str(at.port),
        "POSTGRES_USER": at.username or "",
        "POSTGRES_PASSWORD": unquote(at.password or ""),
        "POSTGRES_POOL_SIZE": str(EVENTSOURCING_CONNECTIONS),
        "POSTGRES_MAX_OVERFLOW": "0",
        "PYTHONPATH": str(checkout()),
    }
    command = (found.python, "-m", "bench.peers.eventsourcing_store")
    process = await opened.enter_async_context(
        measurer("eventsourcing", command, os.environ | told)
    )
    rows = "select count(*) from application_events"
    return Peer("eventsourcing", _asking(process), lambda: counted(url, rows))


async def _message_db(site: Site, found: Fetched) -> Peer:
    url = await site.plain_database(message_db.NAME)
    assert found.modules is not None
    await message_db.install(url, found.modules)
    return Peer(
        "message-db",
        lambda writers, seconds: pgbench(url, message_db.WRITE, writers, seconds),
        lambda: counted(url, message_db.ROWS),
    )


async def _emmett(site: Site, found: Fetched, opened: AsyncExitStack) -> Peer:
    url = await site.plain_database("peer_emmett")
    told = {
        "MODULES": str(found.modules),
        "DATABASE": url,
        "CONNECTIONS": str(EMMETT_CONNECTIONS),
        "EVENT": json.dumps({"type": "Happened", "data": DATA, "metadata": METADATA}),
    }
    assert found.node is not None
    command = (found.node, checkout() / "bench" / "peers" / "emmett.mjs")
    process = await opened.enter_async_context(measurer("emmett", command, os.environ | told))
    rows = "select count(*) from emt_messages"
    return Peer("emmett", _asking(process), lambda: counted(url, rows))


def _asking(process: Measurer) -> Callable[[int, float], Awaitable[Run]]:
    async def ask(writers: int, seconds: float) -> Run:
        return await process.ask(writers=writers, seconds=seconds)

    return ask
