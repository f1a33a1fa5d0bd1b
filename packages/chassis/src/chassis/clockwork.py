"""Deadlines: set and ended by recorded facts, kept in the store, each fired once when it is due."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chassis import crash, logs
from chassis.acting import Act, Due
from chassis.following import follow, leading
from chassis.own_events import OWN_CATEGORIES
from chassis.roles import Role
from ledger import deadlines
from ledger.commands import StoredEvent
from ledger.connect import Connection
from ledger.decider import Refusal
from ledger.envelope import Actor, Occurred
from ledger.ids import caused_id, stream_of

if TYPE_CHECKING:
    from chassis.runtime import Runtime

SETTER = "deadlines"
"""The follower of the log that keeps the table of deadlines."""

EVERY_S = 0.05
AT_ONCE = 100

_log = logs.logger(__name__)


async def keep_deadlines(runtime: "Runtime") -> None:
    """Follow the log and keep the table of deadlines."""

    async def apply(connection: Connection, events: Sequence[StoredEvent]) -> None:
        changes: list[deadlines.Change] = []
        for stored in events:
            if runtime.service.registry.category(stored.type) in OWN_CATEGORIES:
                continue
            recorded = runtime.service.registry.decode(stored)
            for each in runtime.service.deadlines(recorded):
                due_at = each.due_at if isinstance(each, Due) else None
                changes.append(
                    deadlines.Change(
                        stored.tenant, each.kind, each.stream_id, due_at, stored.event_id
                    )
                )
        await deadlines.apply(connection, changes)

    await follow(runtime, runtime.follower_pool, SETTER, apply)


async def fire_deadlines(runtime: "Runtime") -> None:
    """Fire what falls due by the service's clock, until the process is asked to end."""
    async with leading(runtime.settings.database_worker, "clock"):
        while not runtime.stopping.is_set():
            async with runtime.worker_pool.acquire(timeout=5) as connection:
                due = await deadlines.due(connection, AT_ONCE)
            for each in due:
                await _fire(runtime, each)
            if not due:
                await asyncio.sleep(EVERY_S)


async def _fire(runtime: "Runtime", due: deadlines.Deadline) -> None:
    """Carry out what a deadline asks for, then mark it fired: a crash between repeats the same."""
    do = runtime.service.fall_due(due.kind, due.stream_id, due.due_at)
    cause = stream_of(runtime.service.name, f"deadline {due.kind}", f"{due.stream_id}:{due.due_at}")
    tenant = do.tenant or due.tenant
    try:
        await runtime.shell.execute(
            Act(
                command_id=caused_id("clock", cause, type(do.command).__name__, do.target),
                tenant=tenant,
                scope=frozenset([tenant]),
                actor=Actor(f"service:{runtime.service.name}", Role.SERVICE.value),
                command=do.command,
                occurred=Occurred(due.due_at),
                causation_id=due.set_by,
            )
        )
    except Refusal as refusal:
        # The state has moved on: what fell due no longer matters, and that is an outcome.
        _log.info("deadline refused", kind=due.kind, refusal=refusal.code)
    crash.point("clock.before-fired")
    async with runtime.worker_pool.acquire(timeout=5) as connection:
        await deadlines.fired(connection, due)
