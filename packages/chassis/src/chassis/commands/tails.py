"""What was decided in this process and is not committed yet, for the next decision to build on.

Commands on one stream that come at the same time would else all be decided on the same version, and
all but one in vain. With this they form a chain: each is decided on the outcome of the one before,
and the writer sends them together. The append judges a chain as one; whoever built on what fell is
decided again.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from ledger.commands import AppendCommand, Head, Loaded, StoredEvent, StreamAppend, as_stored

NOT_PLACED = 0
"""The position of an event that has none yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One stream's part of a command on its way: where it begins, and where it will have led."""

    base: int
    base_leaf: bytes
    head: Head
    events: tuple[StoredEvent, ...]
    # Set when it is known whether it holds.
    settled: asyncio.Event = field(default_factory=asyncio.Event)


class Tails:
    """The parts of streams that are on their way to the store, in the order of their decisions."""

    def __init__(self) -> None:
        self._of: defaultdict[tuple[UUID, UUID], deque[Link]] = defaultdict(deque)

    def extend(self, tenant: UUID, stream_id: UUID, loaded: Loaded) -> tuple[Loaded, list[Link]]:
        """Return a stream as it will be once all that is on its way holds, and what that is."""
        ahead: list[Link] = []
        for link in self._of.get((tenant, stream_id), ()):
            if link.base < loaded.head.version:
                # The store has it already; whoever sent it was not told yet.
                continue
            if (link.base, link.base_leaf) != (loaded.head.version, loaded.head.leaf_hash):
                break
            loaded = replace(loaded, head=link.head, events=loaded.events + link.events)
            ahead.append(link)
        return loaded, ahead

    @contextmanager
    def on_their_way(self, command: AppendCommand) -> Iterator[None]:
        """Let others build on what a command writes, until it is known what became of it."""
        links = {
            (command.tenant, part.stream_id): _link(command, part)
            for part in command.streams
            if part.events
        }
        for key, link in links.items():
            self._of[key].append(link)
        try:
            yield
        finally:
            for key, link in links.items():
                self._of[key].remove(link)
                if not self._of[key]:
                    del self._of[key]
                link.settled.set()


async def settled(links: Sequence[Link]) -> None:
    """Return when it is known of all of them whether they hold."""
    for link in links:
        await link.settled.wait()


def _link(command: AppendCommand, part: StreamAppend) -> Link:
    last = part.events[-1]
    events = tuple(
        as_stored(command, part, version, event, NOT_PLACED)
        for version, event in enumerate(part.events, start=part.base + 1)
    )
    head = Head(part.base + len(events), last.recorded_at, last.leaf_hash, part.case_id)
    return Link(part.base, part.base_leaf, head, events)
