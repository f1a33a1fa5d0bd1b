"""Into how many shards each read model is cut, as the settings say; cut anew where they changed."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.running import logs
from ledger import cutting
from ledger.connect import ACQUIRE_S
from ledger.projecting import Projection, ProjectionHalted, ProjectionRunner

if TYPE_CHECKING:
    from chassis.runtime import Runtime

_log = logs.logger(__name__)


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard of some read models, which are followed together."""

    number: int
    of: int
    projections: tuple[Projection, ...]


async def shards_of(runtime: "Runtime", projections: Sequence[Projection]) -> list[Shard]:
    """Return the shards to follow: `PROJECT_SHARDS` of each read model that may be sharded.

    One that is cut otherwise is brought level by the leader of all its shards and cut anew. Where
    it is halted, and so never level, it goes on as it was cut until the role begins again.
    """
    cut: defaultdict[int, list[Projection]] = defaultdict(list)
    for each in projections:
        cut[await _cut(runtime, each)].append(each)
    return [
        Shard(number, of, tuple(together)) for of, together in cut.items() for number in range(of)
    ]


async def runners_of(
    runtime: "Runtime", shard: Shard, led: AsyncExitStack
) -> list[ProjectionRunner]:
    """Lead a shard of its read models, each for itself, and return what runs them."""
    return [
        ProjectionRunner(
            runtime.feed,
            runtime.follower_pool,
            each,
            runtime.service.registry,
            await led.enter_async_context(runtime.leadership(each.name, shard.number, shard.of)),
            shards=shard.of,
        )
        for each in shard.projections
    ]


async def _cut(runtime: "Runtime", projection: Projection) -> int:
    wanted = runtime.settings.project_shards if projection.by else 1
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        found = await cutting.cut(connection, projection.name, wanted)
    if found == wanted:
        return wanted
    async with AsyncExitStack() as led:
        runners = [
            runner
            for number in range(found)
            for runner in await runners_of(runtime, Shard(number, found, (projection,)), led)
        ]
        try:
            await cutting.level(runners)
        except ProjectionHalted:
            return found
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            await cutting.cut_anew(connection, [each.lease for each in runners], wanted)
    _log.info("read model is cut anew", projection=projection.name, count=wanted)
    return wanted
