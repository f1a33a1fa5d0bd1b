"""`python -m <service> rebuild <projection>`: a read model made anew, in processes of its own.

It needs the owner of the tables, whom no serving process knows, so it is run by an operator. On
standard output it says how far it is, a JSON object a line; the last says `switched`, or `error`.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import asyncpg
import uvloop
from pydantic import Field
from pydantic_settings import BaseSettings

from chassis.commands.own_events import OWN
from chassis.followers.project import of_the_domain
from chassis.running.settings import A_DSN, Dsn, Settings, settings_or_exit
from chassis.service import Service
from ledger.connect import Pool, follower_pool
from ledger.feed import PostgresFeed
from ledger.filling import Overtaken
from ledger.projecting import Projection, ProjectionHalted
from ledger.rebuild import Progress, RebuildRefused, discard, fill_shard, rebuild
from ledger.release import release_of
from ledger.threads import PROJECTION as THREADS

REBUILD = "rebuild"
LIST = "--list"
EVERY = "all"
MOST_PROCESSES = 4
"""How many processes fill at once, unless told: the server works beside them."""

COLLECT_AFTER = 200_000
"""Objects that may be made before the collector looks through them; some pages' worth."""

_FAILURES = (
    RebuildRefused,
    ProjectionHalted,
    Overtaken,
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
)


class RebuildSettings(BaseSettings):
    """What it takes to rebuild a read model."""

    model_config = Settings.model_config

    database_owner: Dsn = Field(repr=False, description=A_DSN)
    database_worker: Dsn = Field(repr=False, description=A_DSN)


class FillFailed(RebuildRefused):
    """A process that filled a shard ended before it was done; the words are its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for. `fill`: only this shard of a rebuild that was begun."""

    projection: str
    shards: int
    restart: bool
    fill: int | None


def rebuilds(service: Service) -> dict[str, Projection]:
    """Return what can be rebuilt, by name: what facts alone have made.

    Deadlines are not among it: that they fired is written beside what facts set.
    """
    own = [of_the_domain(each) for each in service.projections]
    return {each.name: each for each in (THREADS, *own) if each.tables}


def rebuild_command(service: Service, arguments: Sequence[str]) -> int:
    """Carry out the command line after `rebuild`; the exit status.

    `--list` alone says what can be rebuilt, with the tables of each; `all` rebuilds each in turn.
    """
    if list(arguments) == [LIST]:
        _say({"read_models": {name: each.tables for name, each in rebuilds(service).items()}})
        return 0
    asked = _parsed(service, arguments)
    known = rebuilds(service)
    if asked.projection not in (EVERY, *known):
        names = ", ".join(sorted(known))
        _say({"error": f"{service.name} has no projection {asked.projection}; it has: {names}"})
        return 1
    settings = settings_or_exit(RebuildSettings)
    try:
        for name in known if asked.projection == EVERY else (asked.projection,):
            uvloop.run(_Work(service, known[name], settings, asked).run())
    except _FAILURES as error:
        _say({"error": _words(error), "kind": type(error).__name__})
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parsed(service: Service, arguments: Sequence[str]) -> Asked:
    parser = argparse.ArgumentParser(prog=f"{service.name} {REBUILD}")
    parser.add_argument("projection", help=", ".join(sorted(rebuilds(service))))
    parser.add_argument("--shards", type=int, default=min(MOST_PROCESSES, os.cpu_count() or 1))
    parser.add_argument("--restart", action="store_true", help="not on from where one was cut off")
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    return Asked(given.projection, given.shards, given.restart, given.fill)


class _Work:
    def __init__(
        self, service: Service, projection: Projection, settings: RebuildSettings, asked: Asked
    ) -> None:
        self._service = service
        self._projection = projection
        self._settings = settings
        self._asked = asked
        self._registry = service.registry.joined(OWN)
        # Whatever a projection can call is in one of these.
        own = service.compose.__module__.partition(".")[0]
        self._code = release_of(own, "ledger", "chassis")

    async def run(self) -> None:
        # A page is let go of as a whole: to look for cycles on the way doubles what reading costs.
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER, 20, 20)
        async with _pool(self._settings.database_worker) as pool:
            if self._asked.fill is None:
                await self._rebuild(pool)
            else:
                await _while_wanted(self._fill(pool, self._asked.fill))

    async def _rebuild(self, pool: Pool) -> None:
        if self._asked.restart:
            await discard(self._settings.database_owner, self._projection)
        alone = self._projection.by is None or self._asked.shards == 1
        made = await rebuild(
            self._settings.database_owner,
            pool,
            PostgresFeed(pool),
            self._registry,
            self._projection,
            code=self._code,
            shards=self._asked.shards,
            fill=None if alone else self._fill_apart,
            report=_report,
        )
        _say({"phase": "done", "events": made.events, "position": made.position})

    async def _fill(self, pool: Pool, shard: int) -> None:
        feed = PostgresFeed(pool)
        await fill_shard(pool, feed, self._registry, self._projection, self._code, shard)

    async def _fill_apart(self, shard: int) -> None:
        """Fill a shard in a process of its own, which ends when this one does."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._service.name, REBUILD, self._projection.name),
            f"--fill={shard}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            # Not communicate(): that would close its standard input, by which it knows of us.
            said = await process.stdout.read() if process.stdout else b""
            if await process.wait():
                raise _failure(said)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


@asynccontextmanager
async def _pool(dsn: str) -> AsyncIterator[Pool]:
    pool = await follower_pool(dsn, size=4)
    try:
        yield pool
    finally:
        pool.terminate()


async def _while_wanted(work: Coroutine[Any, Any, None]) -> None:
    """Do a work until whoever began it goes away: its end of standard input closes with it."""
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work)
    loop.add_reader(sys.stdin.fileno(), partial(_end_of_input, task))
    try:
        await task
    except asyncio.CancelledError:
        raise RebuildRefused("whoever began it has gone") from None
    finally:
        loop.remove_reader(sys.stdin.fileno())


def _end_of_input(task: "asyncio.Task[None]") -> None:
    if not os.read(sys.stdin.fileno(), 1):
        task.cancel()


def _report(progress: Progress) -> None:
    _say(asdict(progress))


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _words(error: BaseException) -> str:
    """Return words without what was sent: those of our own errors; of others the class."""
    own = isinstance(error, RebuildRefused | ProjectionHalted | Overtaken)
    return str(error) if own else type(error).__name__


def _failure(said: bytes) -> Exception:
    """Return how a filling process failed, by its last line."""
    lines = said.decode(errors="replace").strip().splitlines()
    with suppress(ValueError, KeyError, IndexError):
        last = json.loads(lines[-1])
        return FillFailed(last["error"])
    return FillFailed("a process that filled a shard was ended")
