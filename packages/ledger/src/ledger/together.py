"""Several projections of one log as one follower: a page, one transaction, a checkpoint each.

What costs in following is the exchange with the server, not the rows. As long as all stand at the
same place they go together; one that is behind, or halted, goes alone until it has caught up.
"""

from collections.abc import Sequence

from ledger.checkpoints import advance_all
from ledger.connect import ACQUIRE_S, Pool
from ledger.feed import Feed, Page
from ledger.projecting import PAGE, ProjectionHalted, ProjectionRunner
from ledger.registry import Registry
from ledger.writes import Write
from ledger.writing import send


class Together:
    """Steps projections at once where they can go at once. Each leads, or falls, for itself."""

    def __init__(
        self,
        feed: Feed,
        pool: Pool,
        registry: Registry,
        runners: Sequence[ProjectionRunner],
        *,
        page: int = PAGE,
    ) -> None:
        self._feed = feed
        self._pool = pool
        self._registry = registry
        self._runners = tuple(runners)
        self._page = page

    @property
    def seen_to(self) -> int:
        """The position up to which all have nothing more to do."""
        return min(each.seen_to for each in self._runners)

    @property
    def halted(self) -> list[ProjectionHalted]:
        """Those that stand still, and why."""
        return [each.halted for each in self._runners if each.halted is not None]

    async def step(self) -> int:
        """Project one page; how many events the busiest had, 0 where all have caught up.

        One that halts says so in `halted`, and the others go on. Raises what a runner's step
        raises, but for ProjectionHalted.
        """
        going = [each for each in self._runners if each.halted is None]
        if len(going) == len(self._runners):
            handled = await self._at_once()
            if handled is not None:
                return handled
        handled = 0
        for each in self._runners:
            try:
                handled = max(handled, await each.step())
            except ProjectionHalted:
                # It is remembered by its runner, and tried again at every step.
                continue
        return handled

    async def _at_once(self) -> int | None:
        """Project one page for all; None where they do not stand together, or the page fails."""
        places = {await each.place() for each in self._runners}
        if len(places) > 1:
            return None
        since = places.pop()
        page = await self._feed.page(since, self._page)
        if not page.events and page.seen_to <= self.seen_to:
            return 0
        try:
            writes = self._writes(page)
            async with (
                self._pool.acquire(timeout=ACQUIRE_S) as connection,
                connection.transaction(),
            ):
                # First: whoever switches a rebuilt table in holds the checkpoint, wants the table.
                leases = [each.lease for each in self._runners]
                await advance_all(connection, leases, since, page.end(since), page.seen_to)
                await send(connection, writes)
        except Exception:  # noqa: BLE001 # whose fault it is shows when each goes alone
            for each in self._runners:
                each.forget()
            return None
        for each in self._runners:
            each.moved(since, page)
        return len(page.events)

    def _writes(self, page: Page) -> list[Write]:
        writes: list[Write] = []
        for stored in page.events:
            mine = [each for each in self._runners if each.takes(stored)]
            if mine:
                recorded = self._registry.decode(stored)
                for each in mine:
                    writes.extend(each.projection.project(recorded))
        return writes
