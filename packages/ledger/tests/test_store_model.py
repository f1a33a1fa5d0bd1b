"""The two stores agree on batches nobody thought of: the memory store is the model of the other."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.batches import BadBatch
from ledger.commands import AppendCommand, Appended, Claim, ClockOff, Duplicate, Head
from ledger.connect import Pool
from ledger.looking import Wanted, load
from ledger.memory import MemoryStore
from ledger.postgres import PostgresStore
from ledger.samples import command, head_after, part
from ledger.store import Store

CLAIMS = [Claim("kind", value) for value in "ab"]
SECONDS = st.sampled_from([0, 0, 0, 0, -3, 3, 60])


@dataclass(frozen=True)
class Piece:
    """A part of a command to come: how far its base is off the head, and the rest."""

    stream: int
    off: int
    count: int
    seconds: int
    take: tuple[Claim, ...]
    release: tuple[Claim, ...]


claims = st.lists(st.sampled_from(CLAIMS), max_size=1).map(tuple)
pieces = st.builds(
    Piece,
    stream=st.integers(0, 3),
    off=st.sampled_from([0, 0, 0, 0, 1, -1]),
    count=st.integers(0, 2),
    seconds=SECONDS,
    take=claims,
    release=claims,
)
# The number is the command's id: small, so that some come again.
plans = st.lists(
    st.lists(
        st.tuples(
            st.integers(0, 12), st.lists(pieces, max_size=3, unique_by=lambda each: each.stream)
        ),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=6,
)


class World:
    """One authority, its streams and what they are believed to stand at."""

    def __init__(self) -> None:
        self.tenant = uuid4()
        self.streams = [uuid4() for _ in range(4)]
        self.ids = [uuid4() for _ in range(13)]
        self.start = datetime.now(UTC)

    def batch(
        self, plan: list[tuple[int, list[Piece]]], heads: dict[UUID, Head]
    ) -> Iterator[AppendCommand]:
        """Make the commands of a plan, each on what the ones before it would lead to."""
        believed = dict(heads)
        for number, planned in plan:
            parts = []
            for piece in planned:
                stream = self.streams[piece.stream]
                head = believed[stream]
                base = replace(head, version=max(0, head.version + piece.off))
                # A few milliseconds a step keep the order of a chain where nothing is off.
                at = self.start + timedelta(seconds=piece.seconds, milliseconds=head.version)
                made = part(
                    stream,
                    base,
                    piece.count,
                    at=at,
                    take=piece.take if piece.count else (),
                    release=piece.release if piece.count else (),
                )
                if made.events:
                    believed[stream] = head_after(made)
                parts.append(made)
            yield command(self.tenant, *parts, command_id=self.ids[number], outcome=str(number))


async def answers_of(store: Store, batch: list[AppendCommand]) -> list[Any]:
    """Answer what a store says, without what two stores cannot have in common."""
    try:
        answers = await store.append(batch)
    except BadBatch as bad:
        return [str(bad)]
    return [
        replace(each, position=int(each.position > 0))
        if isinstance(each, Appended | Duplicate)
        else (ClockOff if isinstance(each, ClockOff) else each)
        for each in answers
    ]


async def run(plan: list[list[tuple[int, list[Piece]]]], pool: Pool) -> None:
    world = World()
    model, real = MemoryStore(), PostgresStore(pool)
    for planned in plan:
        loaded = await load(model, world.tenant, world.streams)
        heads = {stream: each.head for stream, each in loaded.items()}
        batch = list(world.batch(planned, heads))
        assert await answers_of(real, batch) == await answers_of(model, batch)
    one = await load(model, world.tenant, world.streams)
    two = await load(real, world.tenant, world.streams)
    for stream in world.streams:
        assert two[stream].head == one[stream].head
        assert [replace(each, position=0) for each in two[stream].events] == [
            replace(each, position=0) for each in one[stream].events
        ]
    wanted = Wanted(claims=CLAIMS, commands=[each.command_id for each in batch])
    scope = frozenset([world.tenant])
    shown, modelled = [await each.look(world.tenant, scope, wanted) for each in (real, model)]
    assert shown.holders == modelled.holders
    assert shown.accepted.keys() == modelled.accepted.keys()


# Hypothesis takes what another thread draws by chance meanwhile for the strategy's.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
async def test_both_stores_answer_alike(handlers: Pool) -> None:
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    @given(plans)
    def alike(plan: list[list[tuple[int, list[Piece]]]]) -> None:
        asyncio.run_coroutine_threadsafe(run(plan, handlers), loop).result(30)

    # Hypothesis is synchronous: it runs in a thread, and the stores in this loop.
    await asyncio.to_thread(alike)
