"""From an acknowledged command to another service's read model, at so many commands a second."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import grpc

from bench.figures import Run
from bench.peers.starting import checked
from bench.plan import Plan
from bench.platform import Office
from chassis.roles import Role
from throughline_cli.operating import Operator

LOOK_EVERY_S = 0.002
"""Between two looks into the other service's read model, beside what a look takes."""

PREPARING = 16
PATIENCE_S = 60.0
SETTLING_S = 300.0
WARM = 50
_THERE = "select case_id from read.cases where tenant = $1 and case_id = any($2::uuid[])"


async def measure(office: Office, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the latencies for each rate, and the rate that was really reached."""
    figures: dict[str, Any] = {}
    await _arrive(office, await _prepared(office, WARM), WARM)
    for rate in plan.arrival_rates:
        say(f"{rate} a second: preparing")
        children = await _prepared(office, round(rate * plan.arrival_seconds))
        say(f"{rate} a second: measuring")
        run, seen, answered = await _arrive(office, children, rate)
        figures[str(rate)] = run.told() | {
            "answered_a_second": round(answered, 1),
            "unanswered": dict(seen.unanswered),
            "rows": checked("arrivals", len(seen.answered), run.done),
        }
    return figures


async def _prepared(office: Office, count: int) -> list[Any]:
    """Bring in and screen so many referrals, and wait until all that follows of it is done.

    Each leads to a letter, for one, and sending those takes longer than bringing referrals in.
    """
    made: list[Any] = []

    async def prepare() -> None:
        while len(made) + busy[0] < count:
            busy[0] += 1
            try:
                child = await office.screened()
            finally:
                busy[0] -= 1
            made.append(child)

    busy = [0]
    await asyncio.gather(*(prepare() for _ in range(PREPARING)))
    await Operator(await office.staff.line(Role.OPERATOR)).settle(SETTLING_S)
    return made


@dataclass(slots=True)
class _Seen:
    """When each case was answered and when it arrived; how many were not answered, by status."""

    answered: dict[UUID, float] = field(default_factory=dict)
    arrived: dict[UUID, float] = field(default_factory=dict)
    unanswered: Counter[str] = field(default_factory=Counter)
    all_sent: bool = False

    def waiting(self) -> list[UUID]:
        """Return the cases that were answered and have not arrived."""
        return [each for each in self.answered if each not in self.arrived]


async def _arrive(office: Office, children: Sequence[Any], rate: float) -> tuple[Run, _Seen, float]:
    """Accept them one after the other on time, whatever the answers; see when each arrives.

    Returns the latencies from answer to arrival, and how many a second were answered.
    """
    seen = _Seen()
    watching = asyncio.create_task(_watch(office, seen))
    began = perf_counter()
    try:
        async with asyncio.TaskGroup() as tasks:
            for number, child in enumerate(children):
                await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
                tasks.create_task(_accept(office, child, seen))
        took = perf_counter() - began
        seen.all_sent = True
        async with asyncio.timeout(PATIENCE_S):
            await watching
    finally:
        watching.cancel()
    taken = [max(0.0, at - seen.answered[case]) for case, at in seen.arrived.items()]
    run = Run.of(taken, max(seen.arrived.values(), default=began) - began)
    return run, seen, len(seen.answered) / took


async def _accept(office: Office, child: Any, seen: _Seen) -> None:
    try:
        await office.accept(child)
    except grpc.aio.AioRpcError as error:
        seen.unanswered[error.code().name] += 1
    else:
        seen.answered[UUID(child.case_id)] = perf_counter()


async def _watch(office: Office, seen: _Seen) -> None:
    """Look for the cases that were answered and have not arrived, until all have."""
    connection = await asyncpg.connect(office.site.superuser("casework"))
    try:
        while not seen.all_sent or seen.waiting():
            found = await connection.fetch(_THERE, office.authority, seen.waiting())
            at = perf_counter()
            seen.arrived.update((row["case_id"], at) for row in found)
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await connection.close()
