"""What many commands of a batch read goes together, and each is told what it alone would be."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.inward.gathering import Gathering
from ledger.commands import Duplicate, Loaded
from ledger.memory import MemoryStore
from ledger.store import HEAD_ONLY, Begun, StoreUnavailable
from packages.chassis.tests.in_memory import InMemory

NOTHING_LOOKED_UP: frozenset[tuple[UUID, UUID]] = frozenset()


class Slow(MemoryStore):
    """A store of which a reading takes until it is let go; the first may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.readings: list[tuple[list[UUID], UUID | None]] = []
        self.go = asyncio.Event()
        self.fails = False

    async def load(
        self, tenant: UUID, scope: Any, stream_ids: Any, *more: Any, **named: Any
    ) -> Any:
        """Wait, then read."""
        self.readings.append((list(stream_ids), more[0] if more else named.get("command_id")))
        await self.go.wait()
        if self.fails:
            self.fails = False
            raise StoreUnavailable("for the moment")
        return await super().load(tenant, scope, stream_ids, *more, **named)


async def filled() -> tuple[InMemory, Slow, list[UUID]]:
    """Give a slow store with some counters, of two events each."""
    store = Slow()
    store.go.set()
    one = InMemory(store=store)
    counters = [await one.opened(counted=1) for _ in range(5)]
    store.readings.clear()
    store.go.clear()
    return one, store, counters


async def asked_at_once(
    one: InMemory, store: Gathering, ids: list[UUID]
) -> list[asyncio.Task[Any]]:
    """Ask for streams, each for itself, and wait until all have asked."""
    scope = frozenset([one.tenant])
    tasks = [asyncio.create_task(store.load(one.tenant, scope, [each])) for each in ids]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_what_is_asked_for_during_a_reading_is_read_in_one_go() -> None:
    one, slow, counters = await filled()
    gathering = Gathering(slow, {}, NOTHING_LOOKED_UP)
    first = await asked_at_once(one, gathering, counters[:1])
    others = await asked_at_once(one, gathering, counters[1:])
    slow.go.set()
    found: list[dict[UUID, Loaded]] = await asyncio.gather(*first, *others)
    assert [set(streams) for streams, _ in slow.readings] == [{counters[0]}, set(counters[1:])]
    assert [[*each] for each in found] == [[each] for each in counters]
    assert [len(each[stream].events) for each, stream in zip(found, counters, strict=True)] == [
        2
    ] * 5


async def test_of_a_stream_that_two_ask_for_each_gets_the_part_that_he_asked_for() -> None:
    one, slow, [first, counter, *_] = await filled()
    gathering = Gathering(slow, {}, NOTHING_LOOKED_UP)
    scope = frozenset([one.tenant])
    [before] = await asked_at_once(one, gathering, [first])
    parts = [
        asyncio.create_task(gathering.load(one.tenant, scope, [counter], after={counter: version}))
        for version in (HEAD_ONLY, 1, 0)
    ]
    await asyncio.sleep(0)
    slow.go.set()
    await before
    loaded = [(await each)[counter] for each in parts]
    assert [[event.version for event in each.events] for each in loaded] == [[], [2], [1, 2]]
    assert {each.head.version for each in loaded} == {2}
    assert len(slow.readings) == 2


async def test_a_command_that_was_accepted_before_is_told_so_without_another_look() -> None:
    one, slow, [counter, *_] = await filled()
    slow.go.set()
    again, new = uuid4(), uuid4()
    was = Duplicate("as before", {counter: 2}, 7)
    looked_up = frozenset({(one.tenant, again), (one.tenant, new)})
    gathering = Gathering(slow, {(one.tenant, again): was}, looked_up)
    scope = frozenset([one.tenant])
    for command_id, expected in ((again, was), (new, None)):
        loaded = await gathering.load(one.tenant, scope, [counter], command_id)
        assert loaded[counter].duplicate == expected
        assert (await gathering.begin(one.tenant, scope, command_id)).duplicate == expected
    assert [command_id for _, command_id in slow.readings] == [None, None]


async def test_a_command_that_was_not_looked_up_asks_the_store() -> None:
    one, slow, [counter, *_] = await filled()
    slow.go.set()
    asking = uuid4()
    gathering = Gathering(slow, {}, NOTHING_LOOKED_UP)
    await gathering.load(one.tenant, frozenset([one.tenant]), [counter], asking)
    assert [command_id for _, command_id in slow.readings] == [asking]


async def test_a_reading_that_fails_is_told_to_all_who_asked_and_the_next_goes_well() -> None:
    one, slow, counters = await filled()
    gathering = Gathering(slow, {}, NOTHING_LOOKED_UP)
    [first] = await asked_at_once(one, gathering, counters[:1])
    others = await asked_at_once(one, gathering, counters[1:])
    slow.fails = True
    slow.go.set()
    with pytest.raises(StoreUnavailable):
        await first
    assert len(await asyncio.gather(*others)) == 4
    slow.fails = True
    tasks = await asked_at_once(one, gathering, counters[:2])
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in told] == [StoreUnavailable] * 2


async def test_the_clock_is_read_once_for_all_who_ask_for_it_together() -> None:
    one, slow, _ = await filled()
    begun: list[UUID | None] = []
    usual = slow.begin

    async def begin(tenant: UUID, scope: frozenset[UUID], command_id: UUID | None) -> Begun:
        begun.append(command_id)
        await slow.go.wait()
        return await usual(tenant, scope, command_id)

    slow.begin = begin  # type: ignore[method-assign] # counts what is asked of the store
    ids = [uuid4() for _ in range(5)]
    first = Duplicate("the first time", {}, 0)
    known = {(one.tenant, ids[0]): first}
    gathering = Gathering(slow, known, frozenset((one.tenant, each) for each in ids))
    scope = frozenset([one.tenant])
    asking = [asyncio.create_task(gathering.begin(one.tenant, scope, each)) for each in ids]
    for _ in range(3):
        await asyncio.sleep(0)
    slow.go.set()
    answers = await asyncio.gather(*asking)
    assert begun == [None]
    assert [each.duplicate for each in answers] == [first, None, None, None, None]
    await gathering.begin(one.tenant, scope, ids[1])
    assert begun == [None, None]


async def test_a_clock_that_could_not_be_read_is_told_to_all_and_read_anew_by_the_next() -> None:
    one, slow, _ = await filled()
    slow.go.set()
    usual, fails = slow.begin, [StoreUnavailable("for the moment")]

    async def begin(tenant: UUID, scope: frozenset[UUID], command_id: UUID | None) -> Begun:
        if fails:
            raise fails.pop()
        return await usual(tenant, scope, command_id)

    slow.begin = begin  # type: ignore[method-assign] # fails once
    ids = [uuid4() for _ in range(2)]
    gathering = Gathering(slow, {}, frozenset((one.tenant, each) for each in ids))
    scope = frozenset([one.tenant])
    asking = [gathering.begin(one.tenant, scope, each) for each in ids]
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(each) for each in found] == [StoreUnavailable] * 2
    assert (await gathering.begin(one.tenant, scope, ids[0])).duplicate is None
