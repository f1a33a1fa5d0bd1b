"""F05: PostgreSQL is killed whole. F06: a backend ends while it commits."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import psutil

from faults.installation import POSTGRES
from faults.links import Hindrance, How, Way
from faults.scene import Fault, FaultClass, Scene, becomes
from stack.errors import StackError

if TYPE_CHECKING:
    import asyncpg

Store: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

MARK = "not properly shut down"
SERVING = ("referrals", "casework")
WAITS_S = 6.0
STARTS = 4

_APPENDING = """
select pid from pg_stat_activity
 where datname = current_database() and query like '%es.append%' and usename <> current_user
   and state = 'active' and wait_event_type = 'Lock'
"""
_APPENDED = """
select pid from pg_stat_activity where pid = any($1::integer[]) and state = 'idle'
"""
_END = "select pid, pg_terminate_backend(pid) as ended from unnest($1::integer[]) pid"


async def killed(scene: Scene, _number: int) -> list[Fault]:
    """Kill the server and all its processes at once, and start it again."""
    stack = scene.installation.stack
    log = stack.settings.places.logs / "postgres.log"
    since = log.stat().st_size
    pid = stack.postgres.status().pid
    fault = Fault("F05", POSTGRES, {"pid": pid})
    if pid is None:
        return [fault.prove(holds=False, why="no server")]
    server = psutil.Process(pid)
    parts = [server, *server.children(recursive=True)]
    for each in parts:
        _kill(each)
    await asyncio.to_thread(psutil.wait_procs, parts, 5)
    await scene.rest(0.0, 1.0)
    for _ in range(STARTS):
        try:
            await stack.postgres.start()
        except StackError as error:
            fault.proof["not_started"] = str(error)[:200]
            await scene.rest(0.2, 1.0)
        else:
            break
    with log.open(encoding="utf-8", errors="replace") as said:
        said.seek(since)
        recovered = MARK in said.read()
    return [fault.prove(holds=recovered, processes=len(parts), log=MARK)]


def _kill(process: psutil.Process) -> None:
    try:
        os.kill(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


async def ended(scene: Scene, number: int) -> list[Fault]:
    """End backends, each while it appends, or when it has committed and nobody knows."""
    faults = []
    for _ in range(number):
        service = scene.rng.choice(SERVING)
        way = scene.rng.choice((_before_commit, _after_commit))
        faults.append(await way(scene, service))
        await scene.work.flows(calls=2)
    return faults


async def _before_commit(scene: Scene, service: str) -> Fault:
    """Let appends wait in their middle, and end them there."""
    fault = Fault("F06", f"{service}: before it commits")
    async with scene.store(service) as store, _appends_wait(scene, service) as waiting:
        in_doubt = scene.work.gate.under_way
        rows = await store.fetch(_END, await waiting(store))
    count = sum(row["ended"] for row in rows)
    return fault.prove(holds=count > 0 and in_doubt > 0, backends=count, in_doubt=in_doubt)


async def _after_commit(scene: Scene, service: str) -> Fault:
    """Let appends wait, keep the server's answers back, let them commit, and end them then."""
    fault = Fault("F06", f"{service}: its answer never comes")
    link = scene.installation.links[f"{service} → {POSTGRES}"]
    async with scene.store(service) as store:
        try:
            async with _appends_wait(scene, service) as waiting:
                pids = await waiting(store)
                met = link.hinder(Hindrance(How.HOLD, frozenset([Way.BACK])))
            found: Any = await becomes(lambda: store.fetch(_APPENDED, pids), WAITS_S)
            in_doubt = scene.work.gate.under_way
            rows = await store.fetch(_END, [row["pid"] for row in found or ()])
            # Held answers go with their connections.
            link.hinder(Hindrance(How.CUT))
        finally:
            link.lift()
    count, held = sum(row["ended"] for row in rows), met["bytes_held"]
    holds = count > 0 and in_doubt > 0 and held > 0
    return fault.prove(holds=holds, backends=count, in_doubt=in_doubt, bytes_held=held)


@asynccontextmanager
async def _appends_wait(
    scene: Scene, service: str
) -> AsyncIterator[Callable[[Store], Awaitable[list[int]]]]:
    """Hold every append of a service in its middle; give what names those that wait."""

    async def waiting(store: Store) -> list[int]:
        found: Any = await becomes(lambda: store.fetch(_APPENDING), WAITS_S)
        return [row["pid"] for row in found or ()]

    async with scene.store(service) as holder, holder.transaction():
        await holder.execute("lock table es.commands in share mode")
        yield waiting


F05 = FaultClass("F05", "PostgreSQL killed whole", killed)
F06 = FaultClass("F06", "a backend ended in mid-commit", ended, at_once=4)
