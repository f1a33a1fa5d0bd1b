"""The hot paths, each profiled while it is as busy as can be; apart from what is measured."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from bench import calling, consuming, rebuilding, sample
from bench.appending import ours
from bench.fetching import Fetched
from bench.filling import append_more
from bench.plan import Plan
from bench.platform import Office
from bench.processes import running, until
from bench.profiling import NotProfiled, server, spied
from bench.relaying import SENT
from bench.servers import Site, counting
from chassis.roles import Role

WRITERS = (16, 256)
CLIENTS = 16
AHEAD = 3
"""How many times what is measured lies ready, so that nobody runs out of work while sampled."""

Say = Callable[[str], None]
Sampling = Callable[[], Awaitable[dict[str, Any]]]


async def _told(name: str, sampling: Sampling, say: Say) -> dict[str, Any]:
    say(name)
    try:
        return await sampling()
    except NotProfiled as reason:
        return {"not_taken": str(reason)}


async def of_site(site: Site, found: Fetched, plan: Plan, say: Say) -> dict[str, Any]:
    """Profile appends, and the server under them; the relay; a consumer."""
    py_spy = found.program("py-spy")
    profiles: dict[str, Any] = {}
    urls = await site.database("bench_profile")
    async with ours(urls) as process:
        for writers in WRITERS:
            asked = {"what": "append", "writers": writers, "seconds": plan.profile_seconds + 2}
            busy = asyncio.create_task(process.ask(**asked))

            async def sampling(pid: int = process.pid) -> dict[str, Any]:
                return await spied(py_spy, pid, plan.profile_seconds)

            profiles[f"append {writers}"] = await _told(f"append {writers}", sampling, say)
            await busy
        busy = asyncio.create_task(
            process.ask(what="append", writers=WRITERS[0], seconds=plan.profile_seconds + 2)
        )
        postmaster = site.stack.postgres.status().pid or 0
        profiles["server"] = await _told(
            "server", lambda: server(postmaster, plan.profile_seconds), say
        )
        await busy
    profiles["relay"] = await _told("relay", lambda: _relay(site, found, plan), say)
    profiles["consumer"] = await _told("consumer", lambda: _consumer(site, found, plan), say)
    profiles["rebuild"] = await _told("rebuild", lambda: _rebuild(site, found, plan), say)
    return profiles


async def of_office(office: Office, found: Fetched, plan: Plan, say: Say) -> dict[str, Any]:
    """Profile a service that is called."""
    stub = await office.casework(Role.TEAM_MANAGER)

    async def sampling() -> dict[str, Any]:
        calls = calling.hammer(
            lambda: calling.answered(stub.RegisterWorker(calling.request(office)), Counter()),
            CLIENTS,
            plan.profile_seconds + 1,
        )
        busy = asyncio.create_task(calls)
        try:
            pid = office.pid("casework")
            return await spied(found.program("py-spy"), pid, plan.profile_seconds)
        finally:
            await busy

    return {"command": await _told("command", sampling, say)}


async def _relay(site: Site, found: Fetched, plan: Plan) -> dict[str, Any]:
    urls = site.databases.urls(sample.NAME)
    async with (
        counting(urls.superuser, SENT) as seen,
        running(("bench.run_sample", "relay"), sample.environment(site, urls)) as process,
    ):
        start = await seen()
        await until(process, seen, start, await append_more(urls, 1))
        await append_more(urls, AHEAD * plan.relayed)
        return await spied(found.program("py-spy"), process.pid, plan.profile_seconds)


async def _consumer(site: Site, found: Fetched, plan: Plan) -> dict[str, Any]:
    urls = site.databases.urls(sample.NAME)
    await consuming.ring(site.kafka, consuming.KINDS["commands"], AHEAD * plan.heard)
    async with (
        counting(urls.superuser, consuming.HEARD) as count,
        running(("bench.run_sample", "react"), sample.environment(site, urls)) as process,
    ):
        start = await count()
        await until(process, count, start, start + 1)
        return await spied(found.program("py-spy"), process.pid, plan.profile_seconds)


async def _rebuild(site: Site, found: Fetched, plan: Plan) -> dict[str, Any]:
    urls = site.databases.urls(rebuilding.NAME)
    async with rebuilding.process(urls) as process:
        await rebuilding.filling(process)
        # Its processes are begun by now, and import before they fill.
        await asyncio.sleep(rebuilding.STARTING_S)
        return await spied(found.program("py-spy"), process.pid, plan.profile_seconds)
