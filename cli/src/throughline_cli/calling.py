"""Calls that are made again while the other side is away, and what a refusal says."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import grpc
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped] # no types published
    BadRequest,
)
from grpc_status.rpc_status import from_call

from chassis.edge.statuses import AWAY

T = TypeVar("T")

PATIENCE_S = 120.0
"""How long a call is made again while a service is away."""

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 2.0

AGAIN = AWAY | {grpc.StatusCode.ABORTED}


@dataclass(frozen=True, slots=True)
class Absent:
    """There is nothing of what was asked for, or nothing that the caller may know of."""

    refusal: grpc.aio.AioRpcError


async def again(call: Callable[[], Awaitable[T]], patience_s: float = PATIENCE_S) -> T:
    """Make a call, again after growing pauses while the other side is away, for a bounded time.

    Safe for readings, and for commands, whose id makes a repeat change nothing.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience_s
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await call()
        except grpc.aio.AioRpcError as error:
            if error.code() not in AGAIN or loop.time() > until:
                raise
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


async def if_there(call: Callable[[], Awaitable[T]], patience_s: float = PATIENCE_S) -> T | Absent:
    """Make a call as `again` does; that there is nothing of what was asked for is an answer."""
    try:
        return await again(call, patience_s)
    except grpc.aio.AioRpcError as error:
        if error.code() is not grpc.StatusCode.NOT_FOUND:
            raise
        return Absent(error)


def first_violation(error: grpc.aio.AioRpcError) -> "BadRequest.FieldViolation | None":
    """Return the first field violation that a refusal names, if it names any."""
    status = from_call(error)  # type: ignore[arg-type] # it has what a Call is asked for here
    for detail in status.details if status else ():
        found = BadRequest()
        if detail.Unpack(found) and found.field_violations:
            return found.field_violations[0]
    return None
