"""Projections: pure functions from facts to writes, run by page with their checkpoint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ledger.checkpoints import Lease
from ledger.connect import Pool
from ledger.envelope import Recorded
from ledger.feed import Feed
from ledger.registry import Registry
from ledger.writes import Write

PAGE = 1_000
"""Events in one transaction of a projection."""

Project: TypeAlias = Callable[[Recorded[Any]], Sequence[Write]]


@dataclass(frozen=True, slots=True)
class Projection:
    """A read model: its name, the pure function that fills it, and the tables that it fills.

    `tables` (schema and name) are those that a rebuild makes anew beside the live ones.
    """

    name: str
    project: Project
    tables: tuple[str, ...] = ()


class ProjectionHalted(Exception):  # noqa: N818 # named for the state the projection is in
    """An event could not be projected. Nothing is skipped: a read model with holes tells lies."""

    def __init__(self, projection: str, position: int, event_type: str, reason: str) -> None:
        super().__init__(f"{projection} halted at position {position}: {event_type}: {reason}")
        self.projection = projection
        self.position = position
        self.event_type = event_type
        self.reason = reason


class ProjectionRunner:
    """Follows the feed with one projection, from its checkpoint, as the leader of one shard."""

    def __init__(
        self,
        feed: Feed,
        pool: Pool,
        projection: Projection,
        registry: Registry,
        lease: Lease,
        *,
        shards: int = 1,
        page: int = PAGE,
    ) -> None:
        self._feed = feed
        self._pool = pool
        self._projection = projection
        self._registry = registry
        self._lease = lease
        self._shards = shards
        self._page = page
        self.halted: ProjectionHalted | None = None

    async def step(self) -> int:
        """Project one page with its checkpoint in the same transaction; how many events it had.

        0: it has caught up. Raises ProjectionHalted, checkpoints.Superseded and HistoryChanged.
        """
        raise NotImplementedError
