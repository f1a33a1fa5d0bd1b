"""Deadlines: set and ended by recorded facts, kept in the store, each fired once when it is due."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chassis import crash
from chassis.acting import Act, Due
from chassis.failures import TRANSIENT
from chassis.roles import Role
from chassis.running import logs
from chassis.service import Service
from ledger import deadlines
from ledger.connect import ACQUIRE_S
from ledger.decider import NotYet, Refusal
from ledger.envelope import Actor, Occurred, Recorded
from ledger.ids import caused_id, stream_of
from ledger.projecting import Projection
from ledger.writes import Write

if TYPE_CHECKING:
    from chassis.runtime import Runtime

SETTER = "deadlines"
"""The projection that keeps the table of deadlines."""

AT_ONCE = 100
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 300.0

_log = logs.logger(__name__)


def deadlines_of(service: Service) -> Projection:
    """Return the projection that keeps a service's table of deadlines."""

    def project(recorded: Recorded[Any]) -> Sequence[Write]:
        envelope = recorded.envelope
        return [
            deadlines.write(
                deadlines.Change(
                    envelope.tenant,
                    each.kind,
                    each.stream_id,
                    each.due_at if isinstance(each, Due) else None,
                    envelope.event_id,
                )
            )
            for each in service.deadlines(recorded)
        ]

    return Projection(SETTER, project, ("es.deadlines",))


async def fire_deadlines(runtime: "Runtime") -> None:
    """Fire what falls due by the service's clock, until the process is asked to end."""
    async with runtime.leadership("clock"):
        resting: dict[deadlines.Deadline, _Rest] = {}
        while not runtime.stopping.is_set():
            beat = runtime.pulse.beats
            if runtime.pulse.due is None:
                await runtime.pulse.grown(beat)
                continue
            due = await _due(runtime, AT_ONCE + len(resting))
            resting = {each: resting[each] for each in due if each in resting}
            now = time.monotonic()
            to_fire = [each for each in due if each not in resting or resting[each].until <= now]
            for each in to_fire:
                if not runtime.stopping.is_set() and not await _fired(runtime, each):
                    resting[each] = _Rest.after(resting.get(each))
            if not to_fire:
                await runtime.pulse.grown(beat)


async def _due(runtime: "Runtime", limit: int) -> list[deadlines.Deadline]:
    """Return what is due, once whatever is committed by now has moved or met what it does."""
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        if not await deadlines.due(connection, 1):
            return []
    await runtime.rows.seen((SETTER,), await runtime.feed.last_position())
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        return await deadlines.due(connection, limit)


@dataclass(frozen=True, slots=True)
class _Rest:
    """Until when (monotonic seconds) a deadline that could not fire is left alone."""

    until: float
    pause_s: float

    @staticmethod
    def after(last: "_Rest | None") -> "_Rest":
        pause_s = min(2 * last.pause_s, LONGEST_PAUSE_S) if last else FIRST_PAUSE_S
        return _Rest(time.monotonic() + pause_s, pause_s)


async def _fired(runtime: "Runtime", due: deadlines.Deadline) -> bool:
    """Fire a deadline; one that cannot be fired now does not keep the others waiting."""
    try:
        await _fire(runtime, due)
    except NotYet as refusal:
        _log.info("deadline waits", kind=due.kind, refusal=refusal.code)
    except TRANSIENT as error:
        _log.warning("deadline waits", kind=due.kind, **logs.described(error))
    except Exception as error:  # noqa: BLE001 # a service's own code: whatever it raises is told
        _log.error("deadline cannot fire", kind=due.kind, **logs.described(error))
    else:
        return True
    return False


async def _fire(runtime: "Runtime", due: deadlines.Deadline) -> None:
    """Carry out what a deadline asks for, then mark it fired: a crash between repeats the same."""
    do = runtime.service.fall_due(due.kind, due.stream_id, due.due_at)
    name = runtime.service.name
    crash.point("clock.before-command")
    cause = stream_of(name, f"deadline {due.kind}", f"{due.stream_id}:{due.due_at}:{due.set_by}")
    tenant = do.tenant or due.tenant
    try:
        await runtime.shell.execute(
            Act(
                command_id=caused_id("clock", cause, type(do.command).__name__, do.target),
                tenant=tenant,
                scope=frozenset([tenant]),
                actor=Actor(f"service:{name}", Role.SERVICE.value),
                command=do.command,
                occurred=Occurred(due.due_at),
                causation_id=due.set_by,
            )
        )
    except NotYet:
        raise
    except Refusal as refusal:
        # The state has moved on: what fell due no longer matters, and that is an outcome.
        _log.info("deadline refused", kind=due.kind, refusal=refusal.code)
    crash.point("clock.before-fired")
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        await deadlines.fired(connection, due)
    crash.point("clock.after-fired")
