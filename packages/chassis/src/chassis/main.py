"""A service's process: which roles it has, how it starts, and how it ends."""

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from chassis.directory import BadDirectory
from chassis.followers.clockwork import fire_deadlines
from chassis.followers.notarising import notarise
from chassis.followers.project import project
from chassis.inward.parking import retry_parked
from chassis.inward.react import react
from chassis.outward.relay import relay
from chassis.running import logs
from chassis.running.assembly import runtime
from chassis.running.keeping import Part, all_kept_up, kept_up
from chassis.running.observing import observe
from chassis.running.rebuilding import REBUILD, rebuild_command
from chassis.running.serving import serve
from chassis.running.settings import (
    WRONG_SETTINGS_STATUS,
    MigrationSettings,
    Settings,
    settings_or_exit,
)
from chassis.running.store_clock import WrongClock
from chassis.running.telemetry_setup import telemetry_from
from chassis.runtime import Runtime
from chassis.service import Service
from ledger.migrate import ENGINE, migrate

EVIDENCE = ("evidence", Path(__file__).parent / "migrations")
MIGRATE = "migrate"
GRACE_S = 10.0
"""How long roles may finish what they have in hand after SIGTERM."""

_log = logs.logger(__name__)


async def _react(parts: Runtime) -> None:
    await all_kept_up(parts, "react", [react, retry_parked, *parts.service.reactors])


ROLES: dict[str, Part] = {
    "serve": serve,
    "relay": relay,
    "project": project,
    "react": _react,
    "clock": fire_deadlines,
    "notarise": notarise,
}


def main(service: Service, arguments: Sequence[str] | None = None) -> None:
    """Run a service: all roles, or those named. `migrate` comes first, and may stand alone.

    `rebuild` is a command of its own: a read model made anew.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [REBUILD]:
        sys.exit(rebuild_command(service, given[1:]))
    parser = argparse.ArgumentParser(prog=service.name)
    parser.add_argument(
        "roles",
        nargs="*",
        metavar="role",
        help=f"{', '.join(ROLES)} (none named: all of them); before them, or alone, {MIGRATE};"
        f" {REBUILD} is a command of its own",
    )
    named: list[str] = parser.parse_args(given).roles
    for name in named:
        if name not in {*ROLES, MIGRATE}:
            parser.error(f"{name} is no role: {', '.join(ROLES)}, {MIGRATE}")
    roles = [name for name in ROLES if name in named]
    if MIGRATE in named:
        owner = settings_or_exit(MigrationSettings).database_owner
        asyncio.run(migrate(owner, [ENGINE, EVIDENCE, (service.name, service.migrations)]))
        if not roles:
            return
    try:
        # Most of what a process does is to wait for small answers: libuv's loop costs a third less.
        status = uvloop.run(run(service, settings_or_exit(service.settings), roles or [*ROLES]))
    except (WrongClock, BadDirectory) as wrong:
        sys.stderr.write(f"{wrong}\n")
        status = WRONG_SETTINGS_STATUS
    sys.exit(status)


async def run(service: Service, settings: Settings, roles: Sequence[str]) -> int:
    """Run roles until SIGTERM or SIGINT; 0 when all of them ended in time."""
    logs.use(settings, service.name)
    with telemetry_from(settings, service.name):
        async with runtime(service, settings) as parts:
            loop = asyncio.get_running_loop()
            for each in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(each, parts.stopping.set)
            tasks = [
                asyncio.create_task(kept_up(parts, name, ROLES[name]), name=name) for name in roles
            ]
            if settings.otlp_endpoint:
                tasks.append(asyncio.create_task(kept_up(parts, "observe", observe)))
            _log.info("started")
            # What was imported stays: the collector need not look through it again and again.
            gc.collect()
            gc.freeze()
            # A page of the log is some ten thousand objects, none of them in a circle: to look for
            # circles every 700, as Python does unasked, cost the relay a ninth of its time.
            gc.set_threshold(20_000, 10, 10)
            await parts.stopping.wait()
            parts.pulse.wake()
            _, late = await asyncio.wait(tasks, timeout=GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            _log.info("stopped" if not late else "stopped, some roles cut off")
            return 1 if late else 0
