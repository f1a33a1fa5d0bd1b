"""The role `project`: the service's read models, its threads and its table of deadlines."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chassis import logs
from chassis.clockwork import keep_deadlines
from chassis.following import leading, wait_for_news
from chassis.own_events import OWN_CATEGORIES
from chassis.service import Service
from ledger.envelope import Recorded
from ledger.projecting import Projection, ProjectionHalted, ProjectionRunner
from ledger.threads import PROJECTION as THREADS
from ledger.writes import Write

if TYPE_CHECKING:
    from chassis.runtime import Runtime

HALTED_S = 5.0
"""How long a halted projection waits before it looks whether it can go on."""

_log = logs.logger(__name__)


def follower_names(service: Service) -> tuple[str, ...]:
    """Name the checkpoints that a reading with a position token waits for."""
    return tuple(each.name for each in _projections(service))


async def project(runtime: "Runtime") -> None:
    """Fill all read models until the process is asked to end."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keep_deadlines(runtime))
        for each in _projections(runtime.service):
            tasks.create_task(_run(runtime, each))


def _projections(service: Service) -> list[Projection]:
    return [THREADS, *(_of_the_domain(each) for each in service.projections)]


def _of_the_domain(projection: Projection) -> Projection:
    """Spare a service's projection the facts that the shell records for itself."""
    inner = projection.project

    def only_domain(recorded: Recorded[Any]) -> Sequence[Write]:
        return () if recorded.envelope.category in OWN_CATEGORIES else inner(recorded)

    return replace(projection, project=only_domain)


async def _run(runtime: "Runtime", projection: Projection) -> None:
    async with leading(runtime.settings.database_worker, projection.name) as lease:
        runner = ProjectionRunner(
            runtime.feed, runtime.follower_pool, projection, runtime.service.registry, lease
        )
        while not runtime.stopping.is_set():
            beat = runtime.pulse.beats
            try:
                handled = await runner.step()
            except ProjectionHalted as halted:
                _log.error(
                    "projection halted",
                    projection=halted.projection,
                    position=halted.position,
                    event_type=halted.event_type,
                    error=halted.reason,
                )
                await asyncio.sleep(HALTED_S)
                continue
            if handled == 0:
                await wait_for_news(runtime.pulse, beat, runner.seen_to)
