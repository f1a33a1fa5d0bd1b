"""A command over gRPC beside a bare echo of the same bytes, and the way to another service."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import grpc

from chassis.roles import Role
from stack.ports import answers, choose
from throughline.casework.v1 import casework_pb2, casework_pb2_grpc
from throughline.common.v1 import common_pb2
from throughline.referrals.v1 import referrals_pb2, referrals_pb2_grpc
from throughline_cli.people import Staff
from throughline_cli.reaching import Platform
from throughline_cli.running import Embedded

CLIENTS = 16
CALLS = 1_000
REPEATS = 5
ARRIVALS = 200
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Latencies:
    """Calls a second, and the latency of one call in milliseconds."""

    rate: float
    p50: float
    p99: float


async def measure() -> dict[str, Any]:
    """Return echo and command in turn, and the way to another service's read model."""
    platform = Platform.load(Embedded.here().platform_file)
    async with AsyncExitStack() as opened:
        staff = Staff.of(platform, opened)
        host = platform.directory.authorities["westmarch"].id
        manager = await staff.line(Role.TEAM_MANAGER, host)
        duty = await staff.line(Role.DUTY_WORKER, host)
        casework = casework_pb2_grpc.CaseworkServiceStub(manager["casework"])
        port = choose(())
        echo = await opened.enter_async_context(_echo(port))
        runs: dict[str, list[Latencies]] = {"echo": [], "command": []}
        for _ in range(REPEATS):
            runs["echo"].append(await _hammer(lambda: echo(bytes(400))))
            runs["command"].append(await _hammer(lambda: _command(casework, host)))
        through = [await _arrive(duty, casework, host, number) for number in range(ARRIVALS)]
    through.sort()
    return {
        "echo": _middle(runs["echo"]),
        "command": _middle(runs["command"]),
        "arrival_ms": {
            "p50": through[len(through) // 2] * 1e3,
            "p99": through[int(len(through) * 0.99)] * 1e3,
        },
    }


async def _command(stub: Any, authority: UUID) -> None:
    """Register a worker: token, policy, fold, seal, leaf, append, one event."""
    worker = str(uuid4())
    await stub.RegisterWorker(
        casework_pb2.RegisterWorkerRequest(
            context=common_pb2.CommandContext(command_id=str(uuid4()), authority=str(authority)),
            worker_id=worker,
            kind="support-worker",
            display_name="Robin Example",
        )
    )


async def _hammer(call: Callable[[], Awaitable[object]]) -> Latencies:
    """Make calls by some clients at once; each waits for its answer before the next."""
    numbers, taken = count(), []

    async def client() -> None:
        while next(numbers) < CALLS:
            began = perf_counter()
            await call()
            taken.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    rate = len(taken) / (perf_counter() - began)
    taken.sort()
    return Latencies(rate, taken[len(taken) // 2] * 1e3, taken[int(len(taken) * 0.99)] * 1e3)


def _middle(runs: list[Latencies]) -> dict[str, float]:
    middle = sorted(runs, key=lambda each: each.rate)[len(runs) // 2]
    return {
        "rate": middle.rate,
        "p50_ms": middle.p50,
        "p99_ms": middle.p99,
        "lowest_rate": min(each.rate for each in runs),
        "highest_rate": max(each.rate for each in runs),
    }


async def _arrive(duty: Any, casework: Any, authority: UUID, number: int) -> float:
    """Return the seconds from an acknowledged acceptance to the case in casework's read model."""
    referrals: Any = referrals_pb2_grpc.ReferralsServiceStub(duty["referrals"])

    def context() -> common_pb2.CommandContext:
        return common_pb2.CommandContext(command_id=str(uuid4()), authority=str(authority))

    received = await referrals.SubmitReferral(
        referrals_pb2.SubmitReferralRequest(context=context(), submission=_submission(number))
    )
    child = received.children[0]
    await referrals.ScreenReferral(
        referrals_pb2.ScreenReferralRequest(
            context=context(),
            referral_id=child.referral_id,
            safeguarding="none",
            urgency="routine",
            eligibility="eligible",
        )
    )
    await referrals.AcceptReferral(
        referrals_pb2.AcceptReferralRequest(context=context(), referral_id=child.referral_id)
    )
    began = perf_counter()
    asked = casework_pb2.GetCaseRequest(
        context=common_pb2.ReadContext(authority=str(authority)), case_id=child.case_id
    )
    while perf_counter() - began < PATIENCE_S:
        try:
            await casework.GetCase(asked)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.NOT_FOUND:
                raise
        else:
            return perf_counter() - began
    raise TimeoutError("the case did not arrive")


def _submission(number: int) -> bytes:
    year = Embedded.here().root / "demo" / "intake-2025.jsonl"
    with year.open("rb") as lines:
        found = next(
            each
            for each in map(json.loads, lines)
            if each["received_by"] == "westmarch" and len(each["family"]["children"]) == 1
        )
    found["submission_id"] = str(uuid4())
    # Where a platform's simulated time begins.
    found["received_at"] = "2025-01-01T00:00:00+00:00"
    found["family"]["lives_in"] = "westmarch"
    child = found["family"]["children"][0]
    child["given_name"] = f"Bench{number}{uuid4().hex[:8]}"
    child |= {
        "legal_status": "order-granted",
        "placing_authority": "westmarch",
        "date_of_birth": "2015-03-01",
        "adoption_order_date": "2018-06-05",
    }
    return json.dumps(found).encode()


@asynccontextmanager
async def _echo(port: int) -> AsyncIterator[Callable[[bytes], Awaitable[bytes]]]:
    """Give a bare grpc.aio echo that runs in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, Path(__file__).parent / "echo.py", str(port)
    )
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
