"""What an operator asks of all services at once: their lags, clocks, whether all is settled."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from throughline.operations.v1 import operations_pb2, operations_pb2_grpc
from throughline_cli.calling import again
from throughline_cli.reaching import Line

FIRST_PAUSE_S = 0.03
LONGEST_PAUSE_S = 0.3
PAUSES_GROW_BY = 1.5
"""To ask is work too: what takes longer to settle is asked less often."""
SETTLE_PATIENCE_S = 120.0


class NotSettled(Exception):  # noqa: N818 # named for what was found
    """Something is still behind after all patience; the words say what."""


Statuses = Mapping[str, operations_pb2.GetStatusResponse]


@dataclass(frozen=True, slots=True)
class Operator:
    """Speaks to the Operations service of every service."""

    line: Line

    async def statuses(self, *, counts: bool = False) -> Statuses:
        """Return each service's status, with counts of what there is if they are asked for."""
        request = operations_pb2.GetStatusRequest(counts=counts)
        answers = await asyncio.gather(
            *(again(partial(_call, stub.GetStatus, request)) for stub in self._stubs().values())
        )
        return dict(zip(self._stubs(), answers, strict=True))

    async def settle(self, patience_s: float = SETTLE_PATIENCE_S) -> Statuses:
        """Return when all has caught up: no lag, nothing pending, the same in two sweeps.

        What is parked counts as settled: it waits for a person. Raises NotSettled.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + patience_s
        before: object = None
        pause_s = FIRST_PAUSE_S
        while loop.time() < until:
            statuses = await self.statuses()
            behind = _behind(statuses)
            counted = {name: each.safe_position for name, each in statuses.items()}
            if not behind and counted == before:
                return statuses
            before = counted
            pause_s = min(PAUSES_GROW_BY * pause_s, LONGEST_PAUSE_S) if behind else FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
        raise NotSettled(", ".join(behind) or "events kept coming")

    async def clocks(self) -> Mapping[str, operations_pb2.GetClockResponse]:
        """Return each service's clock."""
        answers = await asyncio.gather(
            *(
                again(partial(_call, stub.GetClock, operations_pb2.GetClockRequest()))
                for stub in self._stubs().values()
            )
        )
        return dict(zip(self._stubs(), answers, strict=True))

    async def set_clocks(self, to: datetime) -> None:
        """Move every clock forward to an instant."""
        stamp = Timestamp()
        stamp.FromDatetime(to)
        await asyncio.gather(
            *(
                again(partial(_call, stub.MoveClock, operations_pb2.MoveClockRequest(to=stamp)))
                for stub in self._stubs().values()
            )
        )

    def _stubs(self) -> "Mapping[str, operations_pb2_grpc.OperationsServiceAsyncStub]":
        return {
            name: operations_pb2_grpc.OperationsServiceStub(channel)
            for name, channel in self.line.channels.items()
        }


async def _call(rpc: Callable[[Any], Any], request: Any) -> Any:
    return await rpc(request)


def _behind(statuses: Statuses) -> list[str]:
    return [
        f"{name} {lag.role} {lag.name} by {lag.behind}"
        for name, status in statuses.items()
        for lag in status.lags
        if lag.behind
    ] + [
        f"{name} has {status.pending} to do" for name, status in statuses.items() if status.pending
    ]


@dataclass(slots=True)
class Clock:
    """The platform's clock. A simulated one moves forward only, from one deadline to the next."""

    operator: Operator
    simulated: bool
    now: datetime

    @classmethod
    async def of(cls, operator: Operator) -> "Clock":
        """Read the clock of a running platform: the latest of its services'."""
        clocks = await operator.clocks()
        return cls(
            operator,
            all(each.mode == "simulated" for each in clocks.values()),
            max(each.now.ToDatetime(tzinfo=UTC) for each in clocks.values()),
        )

    async def reach(self, instant: datetime) -> int:
        """Move a simulated clock to an instant if it is ahead; answer how many deadlines fired.

        On the way it stops at each instant at which something falls due, and settles there. A
        system clock is left alone.
        """
        if not self.simulated or instant <= self.now:
            return 0
        fired = 0
        while (due := await self._next_due()) is not None and due <= instant:
            await self.operator.set_clocks(max(due, self.now))
            self.now = max(due, self.now)
            await self.operator.settle()
            fired += 1
        await self.operator.set_clocks(instant)
        self.now = instant
        return fired

    async def _next_due(self) -> datetime | None:
        clocks = await self.operator.clocks()
        due = [
            each.next_due.ToDatetime(tzinfo=UTC)
            for each in clocks.values()
            if each.HasField("next_due")
        ]
        return min(due, default=None)
