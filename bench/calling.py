"""A command over gRPC to its acknowledgement, beside a bare echo of the same bytes.

The service that answers is alone with its store and the keyring; then once more with all services
at work on what the commands lead to.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import grpc

from bench.figures import Run
from bench.peers.starting import checked
from bench.plan import Plan
from bench.platform import Office
from bench.rounds import Measure, interleaved, table
from bench.servers import counted
from chassis.roles import Role
from stack.ports import answers, choose
from throughline.casework.v1.casework_pb2 import RegisterWorkerRequest

PATIENCE_S = 10.0
WARM_S = 1.0
ECHO = Path(__file__).parent / "echo.py"
REGISTERED = "select count(*) from es.events where type = 'WorkerRegistered'"

TOO_BUSY = frozenset(
    {
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.UNAVAILABLE,
    }
)

Call = Callable[[], Awaitable[bool]]


def request(office: Office) -> RegisterWorkerRequest:
    """Return a command that makes one event with a sealed name, on a fresh stream."""
    return RegisterWorkerRequest(
        context=office.commanded(),
        worker_id=str(uuid4()),
        kind="support-worker",
        display_name="Robin Example",
    )


async def measure(office: Office, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return echo and command in turn, by clients."""
    stub = await office.casework(Role.TEAM_MANAGER)
    size = len(request(office).SerializeToString())
    database = office.site.superuser("casework")
    before = await counted(database, REGISTERED)
    unanswered: Counter[str] = Counter()

    async def command() -> bool:
        return await answered(stub.RegisterWorker(request(office)), unanswered)

    async with _echo(choose(())) as echoed:
        calls: dict[str, Call] = {"echo": partial(_echoed, echoed, bytes(size)), "command": command}
        warm = {name: await hammer(call, 16, WARM_S) for name, call in calls.items()}
        cells: dict[str, Measure] = {
            f"{name}/{clients}": partial(hammer, call, clients, plan.seconds)
            for clients in plan.writers
            for name, call in calls.items()
        }
        runs = await interleaved(cells, plan.repeats, say)
    done = warm["command"].done + sum(
        each.done for name, of in runs.items() if name.startswith("command") for each in of
    )
    found = await counted(database, REGISTERED) - before
    # One that was not answered in time may have been carried out.
    in_doubt = min(max(0, found - done), unanswered.total())
    return {
        "bytes": size,
        "by": table(runs),
        "unanswered": dict(unanswered),
        "rows": checked("commands", done + in_doubt, found),
    }


async def measure_whole(office: Office, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the same command while all services work at what it leads to."""
    stub = await office.casework(Role.TEAM_MANAGER)
    unanswered: Counter[str] = Counter()

    async def command() -> bool:
        return await answered(stub.RegisterWorker(request(office)), unanswered)

    cell = {"whole/16": partial(hammer, command, 16, plan.seconds)}
    runs = await interleaved(cell, plan.repeats, say)
    return {"whole": table(runs)["whole"]["16"], "unanswered_whole": dict(unanswered)}


async def answered(call: Awaitable[object], unanswered: Counter[str]) -> bool:
    """Wait for an answer; False where there was none in time, or the service was too busy."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        if error.code() not in TOO_BUSY:
            raise
        unanswered[error.code().name] += 1
        return False
    return True


async def _echoed(echo: Callable[[bytes], Awaitable[bytes]], payload: bytes) -> bool:
    return await echo(payload) == payload


async def hammer(call: Call, clients: int, seconds: float) -> Run:
    """Make calls by some clients at once; each waits for its answer before the next.

    One that is not answered took its time, and is not counted.
    """
    taken: list[float] = []
    done = 0

    async def client(until: float) -> None:
        nonlocal done
        while (began := perf_counter()) < until:
            if await call():
                done += 1
            taken.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(client(began + seconds) for _ in range(clients)))
    return Run.of(taken, perf_counter() - began, done)


@asynccontextmanager
async def _echo(port: int) -> AsyncIterator[Callable[[bytes], Awaitable[bytes]]]:
    """Give a bare grpc.aio echo that runs in a process of its own."""
    process = await asyncio.create_subprocess_exec(sys.executable, ECHO, str(port))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not answers(port):  # noqa: ASYNC110 # another process
                await asyncio.sleep(0.05)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            call: Any = channel.unary_unary("/echo/Echo")

            async def echo(payload: bytes) -> bytes:
                answer: bytes = await call(payload)
                return answer

            yield echo
    finally:
        process.terminate()
        await process.wait()
