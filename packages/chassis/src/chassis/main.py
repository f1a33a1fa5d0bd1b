"""A service's process: which roles it has, how it starts, and how it ends."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from chassis import logs
from chassis.assembly import runtime
from chassis.clockwork import fire_deadlines
from chassis.notarising import notarise
from chassis.observing import observe
from chassis.parking import retry_parked
from chassis.project import project
from chassis.react import react
from chassis.relay import relay
from chassis.runtime import Runtime
from chassis.service import Service
from chassis.serving import serve
from chassis.settings import MigrationSettings, Settings, settings_or_exit
from chassis.telemetry_setup import telemetry_from
from ledger.migrate import ENGINE, migrate

Role = Callable[[Runtime], Coroutine[Any, Any, None]]

EVIDENCE = ("evidence", Path(__file__).parent / "migrations")
MIGRATE = "migrate"
GRACE_S = 10.0
"""How long roles may finish what they have in hand after SIGTERM."""
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0

_log = logs.logger(__name__)


async def _react(parts: Runtime) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(react(parts))
        tasks.create_task(retry_parked(parts))
        for reactor in parts.service.reactors:
            tasks.create_task(reactor(parts))


ROLES: dict[str, Role] = {
    "serve": serve,
    "relay": relay,
    "project": project,
    "react": _react,
    "clock": fire_deadlines,
    "notarise": notarise,
}


def main(service: Service, arguments: Sequence[str] | None = None) -> None:
    """Run a service: all roles, or those named. `migrate` comes first, and may stand alone."""
    parser = argparse.ArgumentParser(prog=service.name)
    parser.add_argument(
        "roles",
        nargs="*",
        metavar="role",
        help=f"{', '.join(ROLES)} (none named: all of them); before them, or alone, {MIGRATE}",
    )
    roles: list[str] = parser.parse_args(arguments).roles
    for name in roles:
        if name not in {*ROLES, MIGRATE}:
            parser.error(f"{name} is no role: {', '.join(ROLES)}, {MIGRATE}")
    if MIGRATE in roles:
        owner = settings_or_exit(MigrationSettings).database_owner
        asyncio.run(migrate(owner, [ENGINE, EVIDENCE, (service.name, service.migrations)]))
        roles.remove(MIGRATE)
        if not roles:
            return
    sys.exit(asyncio.run(run(service, settings_or_exit(service.settings), roles or [*ROLES])))


async def run(service: Service, settings: Settings, roles: Sequence[str]) -> int:
    """Run roles until SIGTERM or SIGINT; 0 when all of them ended in time."""
    logs.use(settings, service.name)
    with telemetry_from(settings, service.name):
        async with runtime(service, settings) as parts:
            loop = asyncio.get_running_loop()
            for each in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(each, parts.stopping.set)
            tasks = [
                asyncio.create_task(_kept_up(parts, name, ROLES[name]), name=name) for name in roles
            ]
            if settings.otlp_endpoint:
                tasks.append(asyncio.create_task(_kept_up(parts, "observe", observe)))
            _log.info("started")
            await parts.stopping.wait()
            parts.pulse.wake()
            _, late = await asyncio.wait(tasks, timeout=GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            _log.info("stopped" if not late else "stopped, some roles cut off")
            return 1 if late else 0


async def _kept_up(parts: Runtime, name: str, role: Role) -> None:
    """Run a role; one that fails is begun again, after pauses that grow, as a part comes back."""
    pause_s = FIRST_PAUSE_S
    loop = asyncio.get_running_loop()
    while not parts.stopping.is_set():
        began = loop.time()
        try:
            await role(parts)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 # a role outlives whatever its parts do
            _log.error("role failed", role=name, **logs.described(error))
        if loop.time() - began > LONGEST_PAUSE_S:
            pause_s = FIRST_PAUSE_S
        if not parts.stopping.is_set():
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
