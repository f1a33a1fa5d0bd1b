"""Commands on one stream at the same time are decided one on the other, and never on what falls."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from chassis.failures import Conflicted
from ledger.commands import Answer, AppendCommand, StoredEvent
from ledger.memory import MemoryStore
from packages.chassis.tests.counters import (
    COUNTER,
    Count,
    CountEach,
    Open,
    Overdrawn,
    Running,
)
from packages.chassis.tests.in_memory import InMemory

if TYPE_CHECKING:
    from chassis.acting import Done


class Slow(MemoryStore):
    """A store that commits when it is let, and remembers its batches."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()
        self.batches: list[int] = []
        # What somebody else does just before the next commit.
        self.quicker: Callable[[], Awaitable[object]] | None = None

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append when the store is open."""
        self.batches.append(len(batch))
        await self.open.wait()
        quicker, self.quicker = self.quicker, None
        if quicker is not None:
            await quicker()
        return await super().append(batch)


async def total(one: InMemory, counter: UUID) -> int:
    """Return what a counter stands at."""
    state = await one.shell.state(one.tenant, COUNTER, counter)
    assert isinstance(state, Running)
    return state.total


async def in_mid_commit(store: Slow) -> None:
    """Wait until a batch is on its way, and everybody has come as far as he can."""
    for _ in range(200):
        await asyncio.sleep(0)
    assert store.batches


async def held(store: Slow, one: InMemory, *commands: object) -> "list[asyncio.Task[Done]]":
    """Hold the store in mid-commit of a first command, then give the others, in their order."""
    store.batches.clear()
    store.open.clear()
    tasks: list[asyncio.Task[Done]] = []
    for each in commands:
        tasks.append(asyncio.create_task(one.do(each)))
        await in_mid_commit(store)
    return tasks


async def test_a_crowd_on_one_stream_goes_in_two_commits() -> None:
    one = InMemory(store=(store := Slow()))
    counter = await one.opened()
    tasks = await held(store, one, *[Count(counter, 1)] * 40)
    store.open.set()
    done = await asyncio.gather(*tasks)
    assert [each.versions for each in done] == [{counter: n} for n in range(2, 42)]
    assert store.batches == [1, 39]
    assert await total(one, counter) == 40


async def test_the_leaves_of_a_chain_are_one_chain() -> None:
    one = InMemory(store=(store := Slow()))
    counter = await one.opened()
    tasks = await held(store, one, *[Count(counter, 1)] * 5)
    store.open.set()
    await asyncio.gather(*tasks)
    events: list[StoredEvent] = await store.read(one.tenant, counter)
    assert [each.version for each in events] == [1, 2, 3, 4, 5, 6]
    assert await one.shell.state(one.tenant, COUNTER, counter) == Running(5)


async def test_what_was_built_on_a_command_that_falls_is_decided_again() -> None:
    one = InMemory(store=(store := Slow()))
    counter = await one.opened(counted=2)
    tasks = await held(store, one, *[Count(counter, 1)] * 3)
    another_process = InMemory(tenant=one.tenant, store=store)
    store.quicker = lambda: another_process.do(Count(counter, 10))
    store.open.set()
    done = await asyncio.gather(*tasks)
    assert sorted(each.versions[counter] for each in done) == [4, 5, 6]
    assert await total(one, counter) == 15


async def test_who_was_refused_for_what_fell_is_not_refused() -> None:
    one = InMemory(store=(store := Slow()))
    counter = await one.opened(counted=2)
    tasks = await held(store, one, Count(counter, -2), Count(counter, -2))
    another_process = InMemory(tenant=one.tenant, store=store)
    store.quicker = lambda: another_process.do(Count(counter, 5))
    store.open.set()
    await asyncio.gather(*tasks)
    assert await total(one, counter) == 3


async def test_a_refusal_never_rests_on_what_may_not_come_to_be() -> None:
    one = InMemory(store=(store := Slow()))
    counter = await one.opened(counted=2)
    taking, refused = await held(store, one, Count(counter, -2), Count(counter, -2))
    assert not refused.done(), "the first may fall"
    store.open.set()
    await taking
    with pytest.raises(Overdrawn):
        await refused
    assert await total(one, counter) == 0


async def test_nothing_decided_is_answered_only_once_that_holds_on_which_it_rests() -> None:
    one = InMemory(store=(store := Slow()))
    counter = await one.opened()
    counting, idle = await held(store, one, Count(counter, 3), Count(counter, 0))
    assert not idle.done()
    store.open.set()
    await counting
    found = await idle
    assert (found.versions, found.events) == ({counter: 2}, ())


async def test_an_expected_version_is_held_against_what_is_there() -> None:
    one = InMemory(store=(store := Slow()))
    counter = await one.opened()
    store.open.clear()
    store.batches.clear()
    first = asyncio.create_task(one.do(Count(counter, 1)))
    await in_mid_commit(store)
    second = asyncio.create_task(one.do(Count(counter, 1), expected_version=1))
    await in_mid_commit(store)
    assert not second.done()
    store.open.set()
    await first
    with pytest.raises(Conflicted):
        await second


async def test_a_command_over_several_streams_builds_on_what_is_on_its_way() -> None:
    one = InMemory(store=(store := Slow()))
    counters = [await one.opened() for _ in range(2)]
    tasks = await held(
        store,
        one,
        Count(counters[0], 1),
        Count(counters[1], 2),
        CountEach(tuple(Count(each, 5) for each in counters)),
    )
    store.open.set()
    await asyncio.gather(*tasks)
    assert [await total(one, each) for each in counters] == [6, 7]


async def test_a_new_stream_can_be_gone_on_with_before_it_is_there() -> None:
    one = InMemory(store=(store := Slow()))
    counter = uuid4()
    await one.opened()
    tasks = await held(store, one, Open(counter, uuid4(), "Robin", "tails"), Count(counter, 4))
    store.open.set()
    await asyncio.gather(*tasks)
    assert await total(one, counter) == 4


async def test_nothing_is_remembered_of_what_is_done() -> None:
    one = InMemory()
    counter = await one.opened()
    await asyncio.gather(*(one.do(Count(counter, 1)) for _ in range(10)))
    assert not one.shell.tails._of
