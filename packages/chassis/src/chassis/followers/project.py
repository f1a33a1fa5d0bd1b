"""The role `project`: the service's read models, its threads and its table of deadlines."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chassis import crash
from chassis.commands.own_events import OWN_CATEGORIES
from chassis.followers.clockwork import deadlines_of
from chassis.followers.following import wait_for_news
from chassis.followers.sharded import Shard, runners_of, shards_of
from chassis.running import logs
from chassis.service import Service
from ledger.envelope import Recorded
from ledger.projecting import PAGE, Projection, ProjectionHalted
from ledger.side_by_side import side_by_side
from ledger.threads import PROJECTION as THREADS
from ledger.together import Together
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
    """Fill all read models until the process is asked to end, together while they go together.

    With several shards each goes for itself, at the same time.
    """
    shards = await shards_of(runtime, _projections(runtime.service))
    if len(shards) == 1:
        await _follow(runtime, shards[0])
        return
    await side_by_side(_follow(runtime, each) for each in shards)


async def _follow(runtime: "Runtime", shard: Shard) -> None:
    async with AsyncExitStack() as led:
        runners = await runners_of(runtime, shard, led)
        together = Together(runtime.feed, runtime.follower_pool, runtime.service.registry, runners)
        told: set[str] = set()
        while not runtime.stopping.is_set():
            beat = runtime.pulse.beats
            crash.point("project.before-page")
            handled = await together.step()
            if handled:
                crash.point("project.after-page")
            told = _tell(together.halted, told)
            if handled < PAGE:
                # A halted one is looked at again, in case its cause is mended, not in a hurry.
                patience_s = HALTED_S if told else None
                await _wait(runtime, beat, together.seen_to, patience_s)


def _projections(service: Service) -> list[Projection]:
    own = (deadlines_of(service), *service.projections)
    return [THREADS, *(of_the_domain(each) for each in own)]


def of_the_domain(projection: Projection) -> Projection:
    """Spare a service's projection the facts that the shell records for itself."""
    inner = projection.project

    def only_domain(recorded: Recorded[Any]) -> Sequence[Write]:
        return () if recorded.envelope.category in OWN_CATEGORIES else inner(recorded)

    return replace(projection, project=only_domain)


def _tell(halted: Sequence[ProjectionHalted], told: set[str]) -> set[str]:
    """Say of each halted projection, once, that it is; return the names of those that are."""
    for each in halted:
        if each.projection not in told:
            _log.error(
                "projection halted",
                projection=each.projection,
                position=each.position,
                event_type=each.event_type,
                error=each.reason,
            )
    return {each.projection for each in halted}


async def _wait(runtime: "Runtime", beat: int, seen_to: int, patience_s: float | None) -> None:
    if patience_s is None:
        await wait_for_news(runtime.pulse, beat, seen_to)
    else:
        await runtime.pulse.grown(beat, patience_s=patience_s)
